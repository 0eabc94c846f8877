"""The signs of the chapter's effects: each fails when it flips beyond its error bar.

"Has the sign" means that the 95 % interval over the seeds leaves out 0; "no effect" that it is
narrow and holds 0.
"""

import numpy as np
import pytest

from mlphys.datasets import load_mnist
from mlphys.frameworks import architecture
from mlphys.frameworks.architecture import everyone, repeat_set
from mlphys.frameworks.effects import paired_effect
from mlphys.frameworks.plane_sets import clouds

SEEDS = range(5)


@pytest.fixture(scope="module")
def digits():
    mnist = load_mnist()
    x = architecture.small_digits(mnist.train_images[:6000])
    test = architecture.small_digits(mnist.test_images[:1000])
    return x, mnist.train_labels[:6000], everyone(test, mnist.test_labels[:1000], SEEDS)


def test_l2_helps_where_points_are_few_and_leaves_nothing_where_they_are_many():
    few = architecture.l2_on_clouds(60, [0.0, 0.1, 1.0], seeds=range(10))
    gain = paired_effect(few[0.1].percent, few[0.0].percent)
    assert gain.sign == 1 and gain.mean > 5
    assert paired_effect(few[1.0].percent, few[0.0].percent).sign == -1  # too much of it
    many = architecture.l2_on_clouds(2000, [0.0, 0.1], seeds=range(10))
    left = paired_effect(many[0.1].percent, many[0.0].percent)
    assert abs(left.mean) < 1 and abs(left.mean) < gain.mean / 5


def test_l2_ruins_the_spirals_of_a_wide_net():
    with_it, without = architecture.l2_on_spirals(0.01, seeds=SEEDS)
    loss = paired_effect(with_it, without)
    assert loss.sign == -1 and loss.mean < -15 and without.min() > 97


def test_depth_wins_at_a_common_rate_and_hardly_at_the_best_ones():
    deep = architecture.spiral_nets(architecture.DEEP, seeds=SEEDS).percent
    same, best = (
        architecture.spiral_nets(architecture.WIDE, seeds=SEEDS, learning_rate=r).percent
        for r in (3e-3, 3e-2)
    )
    assert paired_effect(deep, same).sign == 1 and paired_effect(deep, same).mean > 20
    assert paired_effect(best, same).sign == 1 and abs((deep - best).mean()) < 3


@pytest.mark.parametrize(("wrong", "hidden", "sign"), [(0.2, 128, 1), (0.0, 8, -1)])
def test_dropout_helps_a_wide_net_on_wrong_labels_and_hurts_a_narrow_one(
    digits, wrong, hidden, sign
):
    x, labels, test = digits
    data = architecture.digit_sets(x, labels, 1000, seeds=SEEDS, wrong=wrong)
    runs = architecture.dropout(data, test, hidden, seeds=SEEDS)
    assert paired_effect(runs[0.5].percent, runs[0.0].percent).sign == sign


def test_early_stopping_pays_on_wrong_labels_and_not_on_right_ones(digits):
    x, labels, test = digits
    gains = {}
    for wrong in (0.0, 0.2):
        points, named = architecture.digit_sets(x, labels, 1200, seeds=SEEDS, wrong=wrong)
        learn, watch = ((points[:, s], named[:, s]) for s in (slice(1000), slice(1000, None)))
        found = architecture.early_stop(learn, watch, test, seeds=SEEDS)
        gains[wrong] = paired_effect(found.stopped, found.end)
        assert (found.best >= np.maximum(found.stopped, found.end)).all()
    assert gains[0.2].sign == 1 and gains[0.2].mean > 2
    assert abs(gains[0.0].mean) < 2


def test_early_stopping_gives_up_on_the_plateau_of_the_spirals():
    found = architecture.early_stop_on_spirals(seeds=range(10), patience=3)
    loss = paired_effect(found.stopped, found.end)
    assert loss.sign == -1 and loss.mean < -10


def test_small_batches_win_at_equal_epochs_and_draw_at_equal_flow(digits):
    x, labels, test = digits
    data = architecture.digit_sets(x, labels, 1000, seeds=SEEDS)
    plain = architecture.batch_sizes(data, test, [4, 64], seeds=SEEDS)
    scaled = architecture.batch_sizes(data, test, [4, 64], seeds=SEEDS, scaled_to=16)
    gain = paired_effect(plain[4].percent, plain[64].percent)
    assert gain.sign == 1 and gain.mean > 2
    left = paired_effect(scaled[4].percent, scaled[64].percent)
    assert abs(left.mean) < 1.5 and abs(left.mean) < gain.mean / 2


def test_sets():
    x, _ = repeat_set(clouds, 50, seeds=SEEDS, wrong=0.1)
    assert x.shape == (5, 50, 2) and len({a.tobytes() for a in x}) == 5
    labels = np.arange(400) % 10
    rows = np.arange(400.0)[:, None]
    points, named = architecture.digit_sets(rows, labels, 100, seeds=SEEDS, wrong=0.2)
    assert ((points[..., 0] % 10 != named).sum(axis=1) == 20).all()
    assert all(len(np.unique(p)) == 100 for p in points)
    with pytest.raises(ValueError, match="at most 400 digits"):
        architecture.digit_sets(rows, labels, 401, seeds=SEEDS)
    with pytest.raises(ValueError, match=r"\(n, 28, 28\)"):
        architecture.small_digits(np.zeros((2, 14, 14)))
