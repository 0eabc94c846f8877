"""Part III: learning from data."""

from mlphys.learning.deep_net import DeepNet
from mlphys.learning.inputs import PixelScale, split
from mlphys.learning.optimizers import adam, make_cosine, momentum, sgd
from mlphys.learning.training import evaluate, train

__all__ = [
    "DeepNet",
    "PixelScale",
    "adam",
    "evaluate",
    "make_cosine",
    "momentum",
    "sgd",
    "split",
    "train",
]
