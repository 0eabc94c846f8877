"""Loading pictures that are harder than digits: CIFAR-10, else Fashion-MNIST, else the digits.

Conventions: images are ``uint8`` of shape ``(n, height, width, channels)``, labels ``uint8``, 0 to 9.
What comes back says which set it is, in ``name`` and ``source``: whoever shows a figure of one set
must say so, since the three are not comparable.

``load_images`` never uses the network. CIFAR-10 is taken from the data folder, where
``python -m mlphys.datasets prepare cifar10 --from tfds`` put it; Fashion-MNIST from its four IDX
files, checked to the last byte.

References
----------
Krizhevsky, *Learning multiple layers of features from tiny images*, 2009. Xiao, Rasul and Vollgraf,
"Fashion-MNIST", arXiv:1708.07747.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mlphys.datasets.catalog import Dataset, IdxFile
from mlphys.datasets.errors import DataError
from mlphys.datasets.folders import data_folder, tfds_folder
from mlphys.datasets.idx import find_idx_file, read_idx_folder
from mlphys.datasets.mnist import load_mnist
from mlphys.datasets.state import fingerprint

__all__ = [
    "CIFAR10_FOLDER",
    "FASHION_MNIST",
    "IMAGE_SOURCES",
    "Images",
    "fashion_folders",
    "image_fingerprint",
    "load_images",
    "prepare_cifar10",
]

IMAGE_SOURCES = ("auto", "cifar10", "fashion-mnist", "mnist")
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
CIFAR10_FOLDER = "cifar10/3.0.2"  # below the folder of tensorflow_datasets
CIFAR10_COUNTS = (5000, 1000)  # of each class, to learn from and to judge by
CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"  # where tfds gets it
PREPARE_CIFAR10 = "python -m mlphys.datasets prepare cifar10 --from tfds"
INSTALL_FASHION = "apt-get install dataset-fashion-mnist"
REPAIR_FASHION = f"Install the package again ({INSTALL_FASHION}), or put the four files there anew."

# Digests of Debian's files, uncompressed. Put back the name and the time that Debian strips from the
# gzip headers, and the MD5 sums are those that the authors publish.
FASHION_MNIST = Dataset(
    name="fashion-mnist",
    version="3.0.1",
    classes=10,
    files=(
        IdxFile(
            "train-images-idx3-ubyte",
            (60_000, 28, 28),
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        ),
        IdxFile(
            "train-labels-idx1-ubyte",
            (60_000,),
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        ),
        IdxFile(
            "t10k-images-idx3-ubyte",
            (10_000, 28, 28),
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        ),
        IdxFile(
            "t10k-labels-idx1-ubyte",
            (10_000,),
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    ),
    origin="Zalando SE; compiled by Han Xiao, Kashif Rasul and Roland Vollgraf",
    licence="MIT",
)

CLASSES = {
    "cifar10": "airplane automobile bird cat deer dog frog horse ship truck",
    "fashion-mnist": "T-shirt trousers pullover dress coat sandal shirt sneaker bag boot",
    "mnist": "0 1 2 3 4 5 6 7 8 9",
}
TITLES = {"cifar10": "CIFAR-10", "fashion-mnist": "Fashion-MNIST"}


class Images(NamedTuple):
    """Pictures of ten classes, and one sentence on which they are, for a page to print.

    ``name`` is ``"cifar10"``, ``"fashion-mnist"``, ``"mnist"`` or ``"mnist-sample"``; ``title`` is
    the same for a caption; ``classes`` are the names of the ten classes.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    classes: tuple[str, ...]
    name: str
    title: str
    source: str


def load_images(*, source: str = "auto", folder: Path | str | None = None) -> Images:
    """Return pictures of ten classes: the hardest set that this machine has.

    Parameters
    ----------
    source : str
        ``"auto"``: CIFAR-10 if it was prepared for ``tensorflow_datasets``, else Fashion-MNIST if
        its files are there, else the digits of :func:`~mlphys.datasets.mnist.load_mnist`. Or
        ``"cifar10"``, ``"fashion-mnist"``, ``"mnist"``: that set and no other.
    folder : path, optional
        Where the four IDX files of Fashion-MNIST are, plain or with ``.gz``. By default
        ``fashion-mnist`` in the data folder, else that of Debian's package
        ``dataset-fashion-mnist``.

    Returns
    -------
    Images

    Raises
    ------
    ValueError
        If ``source`` is another word.
    DataError
        If a set is there but broken: there is no silent way past it. Or if the set that was asked
        for by name, or by ``folder``, is not there.

    Examples
    --------
    >>> images = load_images(source="mnist")
    >>> images.train_images.shape[1:], images.classes[7], images.name[:5]
    ((28, 28, 1), '7', 'mnist')
    """
    if source not in IMAGE_SOURCES:
        raise ValueError(
            f"load_images: expected source to be one of {', '.join(IMAGE_SOURCES)}; got {source!r}."
        )
    has_cifar10 = _cifar10_folder().exists()
    if source == "cifar10" and not has_cifar10:
        raise DataError(
            f"load_images: expected CIFAR-10 in {_cifar10_folder()}; it was not prepared. "
            f"Run once: {PREPARE_CIFAR10}"
        )
    if source == "cifar10" or (source == "auto" and folder is None and has_cifar10):
        return _load_cifar10()
    found = None if source == "mnist" else _find_fashion(folder)
    if found is not None:
        return _load_fashion(found)
    if source == "fashion-mnist" or folder is not None:
        places = " or ".join(map(str, fashion_folders(folder)))
        raise DataError(
            f"load_images: expected the four files of Fashion-MNIST in {places}; they are not "
            f"there. On Debian run once: {INSTALL_FASHION}; elsewhere put the files there."
        )
    return _load_digits(named=source == "mnist")


def fashion_folders(folder: Path | str | None = None) -> tuple[Path, ...]:
    """Return the folders in which Fashion-MNIST is looked for, in this order.

    Examples
    --------
    >>> [place.name for place in fashion_folders()]
    ['fashion-mnist', 'fashion-mnist']
    """
    return (Path(folder),) if folder is not None else (data_folder() / "fashion-mnist", DEBIAN)


def image_fingerprint() -> str:
    """Return a word that changes whenever ``load_images()`` would return other arrays.

    For the key of a cache. Looks at folders and at the sizes of files; reads no array.

    Examples
    --------
    >>> image_fingerprint().partition(":")[0] in ("cifar10", "fashion-mnist", *("mnist", "mnist-sample"))
    True
    """
    info = _cifar10_folder() / "dataset_info.json"
    if info.parent.exists():
        return f"cifar10:{info.stat().st_size if info.is_file() else 'broken'}"
    found = _find_fashion(None)
    if found is None:
        return fingerprint()
    paths = [find_idx_file(found, file) for file in FASHION_MNIST.files]
    listing = ",".join("missing" if path is None else str(path.stat().st_size) for path in paths)
    return f"fashion-mnist:{FASHION_MNIST.sha256}:{listing}"


def prepare_cifar10(*, say: Callable[[str], None]) -> Path:
    """Fetch CIFAR-10 by ``tensorflow_datasets`` into the data folder, or find that it is there.

    The download (170 MB) is compared with the SHA-256 that tfds knows, and the set appears in one
    step, complete.

    Parameters
    ----------
    say : callable
        Takes one line of progress at a time.

    Returns
    -------
    pathlib.Path
        The folder of the set.

    Raises
    ------
    DataError
        If TensorFlow or tfds is missing, the download fails, or what is stored is not CIFAR-10.
    """
    # heavy: imports TensorFlow
    from mlphys.datasets.records import check_tfds, import_tfds

    check_tfds()
    if not _cifar10_folder().exists():
        _check_reach(CIFAR10_URL)
        say("fetching CIFAR-10, 170 MB, and storing it (some minutes)")
        tfds = import_tfds()
        try:
            tfds.load("cifar10", data_dir=tfds_folder(), download=True)
        except Exception as fault:  # tfds, requests and the disk each raise classes of their own
            raise DataError(
                f"download failed: expected {CIFAR10_URL} through tensorflow_datasets; got "
                f"{type(fault).__name__}: {fault}. No data set was stored. Try again."
            ) from fault
    say(_load_cifar10().source)
    return _cifar10_folder()


def _check_reach(url: str) -> None:
    """Raise within seconds if the host of a URL is out of reach (tfds itself retries for long)."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=20):
            pass
    except OSError as fault:  # a refusal of the host is one, too
        raise DataError(
            f"no download: expected an answer from {url}; got {getattr(fault, 'reason', fault)}. "
            "Nothing was stored. Try again when online."
        ) from fault


def _cifar10_folder() -> Path:
    return tfds_folder() / CIFAR10_FOLDER


def _find_fashion(folder: Path | str | None) -> Path | None:
    """Return the first folder that holds any of the four files; the reader refuses an incomplete one."""
    for place in fashion_folders(folder):
        if any(find_idx_file(place, file) for file in FASHION_MNIST.files):
            return place
    return None


def _load_fashion(folder: Path) -> Images:
    first, second, third, fourth = read_idx_folder(folder, FASHION_MNIST, REPAIR_FASHION)
    origin = (
        "Debian's package dataset-fashion-mnist" if folder == DEBIAN else "files that are checked"
    )
    return _name(
        (first[..., None], second, third[..., None], fourth),
        "fashion-mnist",
        f"Fashion-MNIST: {len(first):,} training and {len(third):,} test pictures, from {origin}.",
    )


def _load_cifar10() -> Images:
    # heavy: imports TensorFlow
    from mlphys.datasets.records import import_tfds

    tfds, folder = import_tfds(), tfds_folder()
    repair = f"Delete {_cifar10_folder()} and run: {PREPARE_CIFAR10}"
    try:
        splits = tfds.as_numpy(tfds.load("cifar10", data_dir=folder, batch_size=-1, download=False))
        arrays = tuple(
            np.asarray(splits[split][key], np.uint8)
            for split in ("train", "test")
            for key in ("image", "label")
        )
    except Exception as fault:  # tfds wraps what goes wrong in many classes
        raise DataError(
            f"{folder}: expected tensorflow_datasets to read cifar10; "
            f"got {type(fault).__name__}: {fault}. {repair}"
        ) from fault
    for images, labels, count in zip(arrays[::2], arrays[1::2], CIFAR10_COUNTS, strict=True):
        counts = np.bincount(labels, minlength=10).tolist()
        if images.shape[1:] != (32, 32, 3) or counts != [count] * 10:
            raise DataError(
                f"{folder}: expected cifar10 to hold {count:,} pictures of 32×32×3 bytes of each "
                f"of ten classes; got shape {images.shape} and counts {counts}. {repair}"
            )
    return _name(
        arrays,
        "cifar10",
        f"CIFAR-10: {len(arrays[0]):,} training and {len(arrays[2]):,} test pictures, from the set "
        "prepared for tensorflow_datasets (cifar10 3.0.2).",
    )


def _load_digits(*, named: bool) -> Images:
    digits = load_mnist()
    arrays = (
        digits.train_images[..., None],
        digits.train_labels,
        digits.test_images[..., None],
        digits.test_labels,
    )
    if named:
        return _name(arrays, digits.name, digits.source)
    advice = (
        "Neither CIFAR-10 nor Fashion-MNIST was found, so these are digits, and no number here is "
        f"one of CIFAR-10. For CIFAR-10 run once: {PREPARE_CIFAR10}. "
        f"For Fashion-MNIST on Debian: {INSTALL_FASHION}."
    )
    return _name(arrays, digits.name, f"{digits.source} {advice}")


def _name(arrays: tuple[np.ndarray, ...], name: str, source: str) -> Images:
    classes = tuple(CLASSES["mnist" if name.startswith("mnist") else name].split())
    title = TITLES.get(name, "handwritten digits")
    first, second, third, fourth = arrays
    return Images(first, second, third, fourth, classes, name, title, source)
