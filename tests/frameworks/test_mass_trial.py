"""The trial of the three models: what no model may see, and the effects that the chapter states."""

import numpy as np
import pytest

from mlphys.frameworks.chart_of_nuclides import Nuclides, load_nuclides
from mlphys.frameworks.holdout import beside
from mlphys.frameworks.liquid_drop import drop_energy, fit_drop
from mlphys.frameworks.mass_trial import (
    DROP_GRID,
    RAW_GRID,
    held_out,
    mean_bar,
    predict_beside,
    predict_drop,
    predict_raw,
    predict_rest,
    rms,
)

NUCLIDES = load_nuclides()
SEEDS = range(5)


def errors_of(model, grid, split):
    return np.array(
        [
            rms(held_out(NUCLIDES, model, grid, split=split, rng=np.random.default_rng(seed))[0])
            for seed in SEEDS
        ]
    )


@pytest.mark.parametrize("split", ["single", "tiles", "margin"])
def test_no_model_sees_what_it_predicts(split):
    seen = []

    def spy(train, setting):
        seen.append((train, setting))
        return predict_drop(train, setting)

    errors, chosen = held_out(NUCLIDES, spy, [(1, 1.0)], split=split, rng=np.random.default_rng(0))
    assert len(chosen) == len(seen) == 5
    assert np.isfinite(errors).all()
    everyone = np.zeros(len(errors), int)
    for train, _ in seen:
        known = set(zip(train.z.tolist(), train.n.tolist(), strict=True))
        inside = np.array(
            [pair in known for pair in zip(NUCLIDES.z.tolist(), NUCLIDES.n.tolist(), strict=True)]
        )
        predicted = NUCLIDES.binding - predict_drop(train)[NUCLIDES.z, NUCLIDES.n]
        held = np.isclose(errors, predicted, rtol=0, atol=1e-6) & ~inside
        everyone += held
        if split == "margin":
            assert not (beside(NUCLIDES.z, NUCLIDES.n, held, margin=1) & inside).any()
    assert (everyone == 1).all()


def test_drop_prediction_is_the_formula():
    filled = predict_drop(NUCLIDES)
    by_formula = drop_energy(
        NUCLIDES.z, NUCLIDES.n, fit_drop(NUCLIDES.z, NUCLIDES.n, NUCLIDES.binding)
    )
    assert filled[NUCLIDES.z, NUCLIDES.n] == pytest.approx(by_formula)


def test_stated_effects_hold_beyond_their_error_bars():
    """Factors of the rest beat the drop, raw factors lose to it, and a leaking split flatters."""
    drop = errors_of(predict_drop, [(0, 0.0)], "margin")
    rest = errors_of(predict_rest, DROP_GRID, "margin")
    raw = errors_of(predict_raw, RAW_GRID, "margin")
    leaking = errors_of(predict_rest, DROP_GRID, "single")
    for better, worse in ((rest, drop), (drop, raw), (leaking, rest)):
        lead = worse - better
        assert lead.mean() > 2 * lead.std(ddof=1) / np.sqrt(len(lead))
    assert leaking.mean() < 0.4 * rest.mean()


def test_lookup_is_a_mean_of_eight():
    filled, drop = predict_beside(NUCLIDES), predict_drop(NUCLIDES)
    for at in (0, 700, 2000):
        z, n = NUCLIDES.z[at], NUCLIDES.n[at]
        ring = (np.maximum(abs(NUCLIDES.z - z), abs(NUCLIDES.n - n)) == 1).nonzero()[0]
        rest = NUCLIDES.binding[ring] - drop[NUCLIDES.z[ring], NUCLIDES.n[ring]]
        assert filled[z, n] == pytest.approx(drop[z, n] + rest.mean())


def test_lookup_lives_on_the_leak_alone():
    drop, single = (
        errors_of(model, [(0, 0.0)], "single") for model in (predict_drop, predict_beside)
    )
    assert single.mean() < 0.5 * drop.mean()
    errors = [
        held_out(NUCLIDES, model, [(0, 0.0)], split="margin", rng=np.random.default_rng(0))[0]
        for model in (predict_drop, predict_beside)
    ]
    assert errors[0] == pytest.approx(errors[1], abs=1e-6)


def test_error_bar_shrinks_with_the_root_of_repeats():
    rng = np.random.default_rng(0)
    means = [rng.normal(size=25).mean() for _ in range(4000)]
    assert np.std(means) == pytest.approx(0.2, rel=0.05)
    bars = [mean_bar(rng.normal(size=25))[1] for _ in range(400)]
    assert np.mean(bars) == pytest.approx(0.2, rel=0.05)
    with pytest.raises(ValueError, match="at least 2"):
        mean_bar([1.0])


def test_shuffled_rest_has_nothing_to_learn():
    drop = predict_drop(NUCLIDES)[NUCLIDES.z, NUCLIDES.n]
    rest = np.random.default_rng(0).permutation(NUCLIDES.binding - drop)
    shuffled = Nuclides(NUCLIDES.z, NUCLIDES.n, drop + rest, NUCLIDES.uncertainty)
    rng = np.random.default_rng(1)
    errors = [
        rms(held_out(shuffled, model, grid, split="single", rng=rng)[0])
        for model, grid in ((predict_drop, [(0, 0.0)]), (predict_rest, DROP_GRID))
    ]
    assert errors[1] > errors[0]


def test_wrong_arguments():
    with pytest.raises(ValueError, match="'single', 'tiles' or 'margin'"):
        held_out(NUCLIDES, predict_drop, [(1, 1.0)], split="rows", rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="at least one setting"):
        held_out(NUCLIDES, predict_drop, [], split="single", rng=np.random.default_rng(0))
