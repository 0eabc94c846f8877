"""The one error of this package: data that cannot be read, fetched or stored."""

from __future__ import annotations

__all__ = ["DataError"]


class DataError(RuntimeError):
    """A data set is missing, broken, or could not be prepared.

    The message names the file or folder, what was expected, what came, and what to do.

    Examples
    --------
    >>> raise DataError("train-images: expected 16 bytes; got 3. Fetch it again.")
    Traceback (most recent call last):
    mlphys.datasets.errors.DataError: train-images: expected 16 bytes; got 3. Fetch it again.
    """
