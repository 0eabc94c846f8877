"""The data of the course: loading it, and saying which data it was.

``load_mnist()`` returns the full MNIST set once that was prepared by
``python -m mlphys.datasets prepare mnist --from tfds``, and else a sample that ships with mlphys.
Importing this package needs NumPy alone.
"""

from mlphys.datasets.errors import DataError
from mlphys.datasets.mnist import Mnist, load_mnist

__all__ = ["DataError", "Mnist", "load_mnist"]
