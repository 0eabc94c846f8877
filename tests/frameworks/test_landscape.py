"""Every effect that the chapter states has its sign, beyond its error bar, over the seeds."""

import numpy as np
import pytest

from mlphys.datasets import load_mnist
from mlphys.frameworks import landscape
from mlphys.frameworks.effects import paired_effect
from mlphys.frameworks.grid_world import make_world
from mlphys.frameworks.landscape import over_seeds

SEEDS = 5


@pytest.fixture(scope="module")
def digits():
    digits = load_mnist(source="sample")
    return landscape.pooled(digits.train_images), digits.train_labels.astype(int)


def sign(with_it, without):
    return paired_effect(with_it, without).sign


def test_pooling_is_a_mean_of_four_pixels(digits):
    images = np.arange(784, dtype=float).reshape(1, 28, 28)
    assert landscape.pooled(images)[0, 15] * 255 == pytest.approx(images[0, 2:4, 2:4].mean())
    assert digits[0].shape[1] == 196 and 0 <= digits[0].min() < digits[0].max() <= 1


def test_graph_alone_gains_nothing_from_one_label_each_and_equal_masses_do(digits):
    nearest, graph, masses = over_seeds(landscape.few_labels, 2 * SEEDS, *digits).T
    assert sign(masses, nearest) == 1
    assert sign(masses, graph) == 1
    assert abs((graph - nearest).mean()) < 0.05 < (masses - nearest).mean()


def test_graph_gains_with_three_labels_each(digits):
    runs = over_seeds(lambda x, y, rng: landscape.few_labels(x, y, rng=rng, each=3), SEEDS, *digits)
    assert sign(runs[:, 1], runs[:, 0]) == 1


def test_hidden_labels(digits):
    x, y, labels = landscape.hide_labels(*digits, rng=np.random.default_rng(0), size=300, each=2)
    assert len(x) == 300
    assert np.array_equal(np.bincount(labels[labels >= 0]), np.full(10, 2))
    assert np.array_equal(labels[labels >= 0], y[labels >= 0])


def test_spread_start_ends_lower():
    spread, plain = over_seeds(landscape.two_starts, 10).T
    assert sign(spread, plain) == -1
    assert spread.min() > 1.6  # never below what the right answer leaves


def test_curved_map_keeps_more_neighbors(digits):
    curved, flat = over_seeds(landscape.maps_of_digits, SEEDS, *digits).T
    assert sign(curved, flat) == 1


def test_widths_on_a_neighbor_map_mean_nothing():
    data, drawn = over_seeds(landscape.mapped_widths, SEEDS).T
    assert data == pytest.approx(np.full(SEEDS, 10), abs=2)
    assert sign(data, drawn) == 1
    assert paired_effect(drawn, np.ones(SEEDS)).mean == pytest.approx(0, abs=0.3)


def test_more_walks_fall_less_short():
    world = make_world("....\n.#.G\n...P")
    few, many = over_seeds(
        lambda rng: landscape.walked_shortfall(world, rng=rng, walks=(30, 3000)), 10
    ).T
    assert sign(few, many) == 1
    assert np.all(many >= -1e-12)  # no policy beats the best


def test_feature_that_explains_no_variance_and_many_nats():
    share, by_mean, by_both = over_seeds(landscape.what_a_feature_tells, SEEDS).T
    assert paired_effect(share, np.zeros(SEEDS)).sign <= 0
    assert sign(by_both, by_mean) == 1
    # The expected gain: log of the root mean square of e^x over [-1, 1], minus the mean of x.
    assert by_both.mean() == pytest.approx(np.log(np.sinh(2) / 2) / 2, abs=0.08)


def test_curved_border_between_fours_and_nines(digits):
    curved, straight = over_seeds(landscape.straight_and_curved, SEEDS, *digits).T
    assert sign(curved, straight) == 1


def test_bands():
    inside, beyond, stiff = over_seeds(landscape.bands_and_points, 10).T
    assert sign(inside, stiff) == 1 and sign(beyond, stiff) == 1
    assert inside.mean() > 0.85


def test_the_first_word_fades_in_this_order():
    plain, gated, head = np.log10(over_seeds(landscape.first_word, 10)).T
    assert sign(gated, plain) == 1 and sign(head, gated) == 1


def test_neighbors_help_to_guess_a_group_only_if_edges_prefer_it():
    rounds = over_seeds(landscape.group_guesses, SEEDS)
    assert all(sign(rounds[:, k + 1], rounds[:, k]) == 1 for k in range(2))
    blind = over_seeds(
        lambda rng: landscape.group_guesses(rng=rng, inside=0.06, across=0.06), SEEDS
    )
    assert sign(blind[:, 0], blind[:, 3]) == 1


def test_exact_score_of_the_data_repeats_the_data():
    repeats, new = over_seeds(landscape.memorized, SEEDS).T
    assert sign(new, repeats) == 1
    assert repeats.max() < 0.01 < 0.05 < new.min()
