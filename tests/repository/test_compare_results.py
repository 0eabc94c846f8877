"""Two builds compared: what may move, what may not, and what cannot be compared."""

import copy
import json
import math

import compare_results
import pytest

BUILD = {
    "scale": "full",
    "chapters": {
        "learning/deep_net": {
            "seconds": 40.0,
            "peak_bytes": 9e8,
            "values": {
                "deep_net_accuracy": 98.2,
                "deep_net_seconds_per_epoch": 1.5,
                "deep_net_gradient_error": 3e-9,
                "deep_net_parameters": 101770,
                "deep_net_source": "mnist",
                "deep_net_converged": True,
            },
        }
    },
}


def changed(**values) -> dict:
    """Return a second build in which some numbers of the chapter differ."""
    build = copy.deepcopy(BUILD)
    build["chapters"]["learning/deep_net"]["values"].update(values)
    return build


def moved(new: dict) -> list[str]:
    """Return the names of the numbers that moved too far."""
    return [difference.name for difference in compare_results.compare(BUILD, new)[0]]


def test_equal_builds_agree():
    assert compare_results.compare(BUILD, copy.deepcopy(BUILD)) == ([], [])


@pytest.mark.parametrize(
    ("name", "value", "far"),
    [
        ("deep_net_accuracy", 97.5, False),
        ("deep_net_accuracy", 96.5, True),
        ("deep_net_seconds_per_epoch", 2.9, False),
        ("deep_net_seconds_per_epoch", 3.1, True),
        ("deep_net_gradient_error", 2e-8, False),
        ("deep_net_gradient_error", 4e-8, True),
        ("deep_net_gradient_error", -3e-9, True),
        ("deep_net_parameters", 101771, False),
        ("deep_net_parameters", 90000, True),
        ("deep_net_source", "mnist-sample", True),
        ("deep_net_converged", False, True),
        ("deep_net_converged", 1, False),
        ("deep_net_accuracy", math.nan, True),
        ("deep_net_accuracy", math.inf, True),
        ("deep_net_accuracy", "98.2", True),
    ],
)
def test_each_kind_of_number_has_its_tolerance(name, value, far):
    assert moved(changed(**{name: value})) == ([name] if far else [])


def test_cost_of_a_chapter_is_compared():
    slow = copy.deepcopy(BUILD)
    slow["chapters"]["learning/deep_net"]["seconds"] = 100.0
    assert moved(slow) == ["seconds"]


def test_what_only_one_build_has_is_a_note():
    new = changed(deep_net_extra=1.0)
    new["chapters"]["physics/kerr"] = {"values": {}}
    assert compare_results.compare(BUILD, new) == (
        [],
        ["learning/deep_net: deep_net_extra: only in the new build",
         "physics/kerr: only in the new build"],
    )  # fmt: skip


def test_other_scale_cannot_be_compared():
    with pytest.raises(ValueError, match="one scale; got full and small"):
        compare_results.compare(BUILD, {**BUILD, "scale": "small"})


def test_exit_codes(tmp_path, capsys):
    old, same, other, broken = (tmp_path / f"{name}.json" for name in "abcd")
    old.write_text(json.dumps(BUILD), "utf-8")
    same.write_text(json.dumps(BUILD), "utf-8")
    other.write_text(json.dumps(changed(deep_net_accuracy=50.0)), "utf-8")
    broken.write_text("{}", "utf-8")
    assert compare_results.main([str(old), str(same)]) == 0
    assert compare_results.main([str(old), str(other)]) == 1
    assert "deep_net_accuracy: 98.2 -> 50.0 (allowed 1%)" in capsys.readouterr().out
    assert compare_results.main([str(old), str(broken)]) == 2
    assert "expected the keys 'scale' and 'chapters'" in capsys.readouterr().err
    assert compare_results.main([str(old), str(tmp_path / "none.json")]) == 2
