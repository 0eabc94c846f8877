"""The two sizes of the course, decided in one place.

Every chapter exists at two sizes. ``small`` is the default: two processor cores, no network,
a chapter in a minute or so. ``full`` is what a machine with a GPU publishes. The environment
variable ``MLPHYS_SCALE`` chooses; nothing else in the project decides how large a run is.
"""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Literal, TypeVar

__all__ = ["SCALES", "choose", "scale", "sizes"]

Scale = Literal["small", "full"]
T = TypeVar("T")

SCALES: tuple[Scale, ...] = ("small", "full")

# One entry a chapter: name of the size -> (small, full).
SIZES: dict[str, dict[str, tuple]] = {
    # Numbers of gradient steps, repeats with other seeds, epochs. The trials ask what a given budget
    # buys, so that theirs is the same at both sizes; the last training is not.
    "deep_net": {
        "search_steps": (450, 450),
        "steps": (1500, 1500),
        "trial_steps": (2250, 2250),
        "final_steps": (5250, 45000),
        "order_epochs": (3, 3),
        "seeds": (3, 5),
    },
    "digit_detector": {  # training digits of all pixels, gradient steps of the net
        "digits": (4800, 48000),
        "net_steps": (3000, 15000),
    },
    "representation": {  # repeats with other seeds; minimizer steps; 5×5 matrices; digits, epochs
        "seeds": (5, 7),
        "five": ((125, 500), (125, 500)),
        "iterations": (200, 1000),
        "digits": (2000, 6000),
        "epochs": (10, 20),
    },
    "depth": {  # gradient steps of a trial, seeds, random nets that are averaged
        "steps": (300, 4500),
        "seeds": (5, 5),
        "nets": (16, 60),
    },
    "forward_mode": {  # most pendulums whose gradient is timed
        "timed": (1000, 3000),
    },
    "going_wrong": {  # digits to learn from and to judge by, seeds, epochs of the generator
        "digits": (6000, 20000),
        "judged": (1000, 10000),
        "seeds": (5, 5),
        "drawing_epochs": (20, 20),
    },
    "coding": {"train": (6000, 60000)},  # digits that the shared net learns from and is held to
    "neighbors": {  # digits asked in all; stored and asked for other metrics; random matrices
        "queries": (1000, 10_000),
        "stored": (3000, 10_000),
        "asked": (500, 1000),
        "seeds": (5, 5),
    },
    "judging": {  # digits to learn from and to judge by; worlds that test an interval
        "train": (6000, 60_000),
        "tests": (1000, 10_000),
        "worlds": (1000, 4000),
    },
    "architecture": {  # repeats with other seeds; digits and epochs of the Keras nets
        "seeds": (5, 5),
        "digits": (800, 6000),
        "epochs": (5, 8),
    },
    "black_hole": {"pixels": (320, 800), "zoom": (720, 1440)},  # side of a picture
    "landscape": {"seeds": (10, 20), "digits": (250, 400)},  # repeats; digits on a map
    "inverse": {  # side of the picture, of the map of misfits; noise seeds
        "pixels": (128, 128),
        "coarse": (32, 64),
        "seeds": (12, 200),
    },
    "thomson": {  # electrons and random starts to count minima; evaluations; electrons of one cloud
        "lucky": ((20, 40, 60, 80, 100, 132, 200), (20, 30, 40, 50, 60, 70, 80, 90, 100, 132, 200)),
        "starts": (24, 200),
        "searched": ((), (292, 400, 470)),
        "evaluations": (8_000, 200_000),
        "cloud": (10_000, 10_000),
    },
    "serving": {"requests": (480, 9600), "faults": (210, 2100)},  # right and wrong ones
    "kerr": {"pixels": (128, 320), "angles": (32, 64)},  # side of a picture; points of an edge
    "custom_layer": {  # pictures to learn from, hold out, judge by; epochs, seeds, net
        "learn": (1024, 45_000),
        "hold": (1000, 5000),
        "judge": (1000, 10_000),
        "epochs": (12, 25),
        "seeds": (5, 5),
        "filters": (8, 32),
        "units": (32, 64),
    },
    "factorization": {"seeds": (5, 10)},  # repeats of each split, planted table and start
    "keras_net": {  # training digits before they are split, epochs, rate of Adam, seeds
        "digits": (6000, 60_000),
        "epochs": (10, 10),
        "rate": (1e-3, 1e-4),
        "short_epochs": (3, 3),
        "seeds": (5, 5),
    },
    "disc": {  # pixels of a picture; stars of a made-up sky
        "view": ((320, 160), (1280, 640)),
        "stars": (60_000, 400_000),
    },
}


def scale() -> Scale:
    """Return the size that this process runs at.

    Returns
    -------
    str
        ``"small"`` or ``"full"``, from the environment variable ``MLPHYS_SCALE``; ``"small"``
        where it is not set or empty.

    Raises
    ------
    ValueError
        If the variable holds any other word.

    Examples
    --------
    >>> import os
    >>> os.environ["MLPHYS_SCALE"] = "small"
    >>> scale()
    'small'
    """
    word = os.environ.get("MLPHYS_SCALE", "") or "small"
    for known in SCALES:
        if word == known:
            return known
    raise ValueError(
        f"MLPHYS_SCALE: expected one of {', '.join(SCALES)}; got {word!r}. "
        "Set it to one of these, or unset it for 'small'."
    )


def choose(*, small: T, full: T) -> T:
    """Return the argument that belongs to the current scale.

    Examples
    --------
    >>> choose(small=10, full=1000)
    10
    """
    return small if scale() == "small" else full


def sizes(chapter: str) -> SimpleNamespace:
    """Return the sizes of one chapter at the current scale.

    Parameters
    ----------
    chapter : str
        Stem of the chapter's file, for example ``"deep_net"``.

    Returns
    -------
    types.SimpleNamespace
        One attribute for each size of the chapter.

    Raises
    ------
    ValueError
        If no sizes are listed for the chapter.

    Examples
    --------
    >>> SIZES["example"] = {"rays": (64, 1024)}
    >>> sizes("example").rays
    64
    >>> del SIZES["example"]
    """
    if chapter not in SIZES:
        raise ValueError(
            f"sizes: expected a chapter among {sorted(SIZES)}; got {chapter!r}. "
            "Add its sizes to SIZES in mlphys/scale.py."
        )
    column = SCALES.index(scale())
    return SimpleNamespace(**{name: values[column] for name, values in SIZES[chapter].items()})
