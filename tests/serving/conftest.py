"""A net that nobody trained, as files, and a server of it that all tests of this folder share."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def net():
    from mlphys.learning.deep_net import DeepNet

    return DeepNet((12, 7, 4), rng=np.random.default_rng(5), activation="arctan", gain=2.0)


@pytest.fixture(scope="session")
def files(net, tmp_path_factory):
    """Return the net as ``net.onnx`` and ``net.checkpoint`` in one folder."""
    from mlphys.frameworks.deep_net_onnx import export_deep_net
    from mlphys.learning.checkpoint import save_checkpoint
    from mlphys.learning.optimizers import sgd
    from mlphys.learning.training import TrainingState

    folder = tmp_path_factory.mktemp("models")
    export_deep_net(net, folder / "net.onnx")
    state = TrainingState(
        epoch=0,
        parameters=net.parameters.copy(),
        optimizer_name="sgd",
        optimizer_state=sgd().init(net.parameters),
        rng_state=np.random.default_rng(0).bit_generator.state,
        history=(),
    )
    save_checkpoint(folder / "net.checkpoint", net, state)
    return folder


@pytest.fixture(scope="session")
def limits():
    """Return bounds that are quick to reach."""
    from mlphys.serving.limits import Limits

    return Limits(body_bytes=60_000, head_seconds=0.5, body_seconds=0.4, linger_seconds=0.5)


@pytest.fixture(scope="session")
def server(files, limits):
    from mlphys.serving.server import running

    models = {"net": files / "net.checkpoint", "onnx": files / "net.onnx"}
    with running(models, limits=limits) as address:
        yield address


@pytest.fixture(scope="session")
def target(server, limits):
    from mlphys.serving.faults import Target

    return Target(server.host, server.port, server.token, "onnx", 12, limits)
