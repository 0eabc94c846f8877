"""The package's error is one that callers can catch by name."""

import mlphys.datasets
from mlphys.datasets.errors import DataError


def test_it_is_offered_by_the_package_and_is_no_operating_system_error():
    assert mlphys.datasets.DataError is DataError
    assert not issubclass(DataError, OSError | ValueError)
