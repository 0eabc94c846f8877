"""Final states of the TensorFlow tracer against those of the JAX tracer, to 1e-10."""

import numpy as np
import pytest

from mlphys.physics import geodesics
from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.frames import light, static_frame
from mlphys.physics.line_elements import schwarzschild_ingoing

tensorflow_twin = pytest.importorskip("mlphys.physics.geodesics_tensorflow")

START = [0.0, 20.0, 0.0, 0.0]
EVENTS = (captured(0.95, locate=True), escaped(50.0, locate=True))


@pytest.mark.parametrize(
    ("equations", "scheme"), [("euler_lagrange", "DOP853"), ("hamiltonian", "DP54")]
)
def test_both_backends_agree_on_final_states(equations, scheme):
    angle = np.arctan(np.linspace(0.0, 0.7, 128))
    toward = np.stack([np.cos(angle), -np.sin(angle), 0 * angle], axis=-1)
    velocity = light(static_frame(schwarzschild_ingoing, START), toward)
    one, two = (
        module.trace(
            schwarzschild_ingoing,
            START,
            velocity,
            events=EVENTS,
            equations=equations,
            scheme=scheme,
        )
        for module in (geodesics, tensorflow_twin)
    )
    np.testing.assert_array_equal(one.status, two.status)
    np.testing.assert_allclose(two.position, one.position, atol=1e-10)
    np.testing.assert_allclose(two.velocity, one.velocity, atol=1e-10)
    np.testing.assert_array_equal(one.steps, two.steps)
    for name, drift in one.drift.items():
        np.testing.assert_allclose(two.drift[name], drift, atol=1e-10)
    assert set(one.status) == {Status.CAPTURED, Status.ESCAPED}


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="equations among"):
        tensorflow_twin.trace(
            schwarzschild_ingoing, START, [1.0, 0, 0, 0], events=EVENTS, equations="christoffel"
        )
