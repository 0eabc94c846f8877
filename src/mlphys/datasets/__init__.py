"""The data of the course: loading it, and saying which data it was.

``load_mnist()`` returns the full MNIST set once that was prepared by
``python -m mlphys.datasets prepare mnist --from tfds``, and else a sample that ships with mlphys.
Importing this package needs NumPy alone.
"""

from mlphys.datasets.errors import DataError
from mlphys.datasets.folders import tfds_folder
from mlphys.datasets.images import Images, image_fingerprint, load_images
from mlphys.datasets.mnist import Mnist, load_mnist
from mlphys.datasets.state import fingerprint

__all__ = [
    "DataError",
    "Images",
    "Mnist",
    "fingerprint",
    "image_fingerprint",
    "load_images",
    "load_mnist",
    "tfds_folder",
]
