"""Eagerly, too, the functions return what NumPy's do, and as graphs they loop in the graph."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from mlphys.frameworks import five_numpy, five_tensorflow
from mlphys.frameworks.five_computations import NAMES, make_inputs

tf = five_tensorflow.tf


@pytest.mark.parametrize("name", NAMES)
def test_eager_values(name):
    arguments = make_inputs(rng=np.random.default_rng(8))[name]
    if name == "pendulum":
        arguments = (arguments[0], arguments[1][:50])
    ours = getattr(five_numpy, name)(*arguments)
    theirs = getattr(five_tensorflow, name)(*map(tf.constant, arguments))
    assert float(theirs) == pytest.approx(ours, rel=1e-12)


def test_the_loop_stays_a_loop():
    graph = tf.function(five_tensorflow.pendulum)
    sizes = [
        len(graph.get_concrete_function(tf.zeros(2), tf.zeros(n)).graph.as_graph_def().node)
        for n in (10, 1000)
    ]
    assert sizes[0] == sizes[1]
