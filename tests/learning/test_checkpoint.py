"""A run that stops and resumes ends with the same bits; a broken file says so."""

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from mlphys.learning import checkpoint
from mlphys.learning.checkpoint import (
    CheckpointError,
    load_checkpoint,
    make_saver,
    save_checkpoint,
)
from mlphys.learning.deep_net import DeepNet
from mlphys.learning.inputs import PixelScale
from mlphys.learning.optimizers import adam, make_cosine, momentum, sgd
from mlphys.learning.training import train

RULES = {"sgd": sgd(), "momentum": momentum(), "adam": adam()}


def data(n=230):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (n, 4, 4)).astype(np.uint8), rng.integers(0, 3, n)


def start(seed=5, sizes=(16, 6, 3), **options):
    rng = np.random.default_rng(seed)
    return DeepNet(sizes, rng=rng, **options), rng


def run(net, rng, *, epochs, rule, **options):
    images, labels = data()
    return train(
        net, images, labels, optimizer=rule, learning_rate=make_cosine(0.02, steps=80),
        epochs=epochs, rng=rng, pixels=PixelScale(), batch_size=30, reach=1,
        validation=(images[:50], labels[:50]), **options,
    )  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_resumed_run_has_the_bits_of_an_unbroken_one(name, tmp_path):
    rule, path = RULES[name], tmp_path / "run.checkpoint"
    unbroken, rng = start()
    whole = run(unbroken, rng, epochs=6, rule=rule)
    first, rng = start()
    run(first, rng, epochs=3, rule=rule, callbacks=[make_saver(path)])
    second, other = start(seed=99)
    state = load_checkpoint(path, second, rule)
    resumed = run(second, other, epochs=6, rule=rule, resume=state)
    assert np.array_equal(second.parameters, unbroken.parameters)
    assert resumed.history == whole.history
    assert resumed.rng_state == whole.rng_state
    for mine, theirs in zip(resumed.optimizer_state, whole.optimizer_state, strict=True):
        assert np.array_equal(mine, theirs)


def test_resuming_twice_from_one_state_gives_the_same(tmp_path):
    path = tmp_path / "run.checkpoint"
    net, rng = start()
    run(net, rng, epochs=2, rule=adam(), callbacks=[make_saver(path)])
    state = load_checkpoint(path, net, adam())
    results = []
    for _ in range(2):
        again, other = start(seed=3)
        run(again, other, epochs=4, rule=adam(), resume=state)
        results.append(again.parameters.copy())
    assert np.array_equal(*results)


def test_a_run_that_is_complete_is_left_alone(tmp_path):
    path = tmp_path / "run.checkpoint"
    net, rng = start()
    run(net, rng, epochs=2, rule=sgd(), callbacks=[make_saver(path)])
    kept = net.parameters.copy()
    state = run(net, rng, epochs=2, rule=sgd(), resume=load_checkpoint(path, net, sgd()))
    assert state.epoch == 2
    assert np.array_equal(net.parameters, kept)


def test_saver_keeps_to_its_interval(tmp_path):
    path = tmp_path / "run.checkpoint"
    net, rng = start()
    run(net, rng, epochs=5, rule=sgd(), callbacks=[make_saver(path, every=2)])
    assert load_checkpoint(path, net, sgd()).epoch == 4


def saved(tmp_path):
    path = tmp_path / "run.checkpoint"
    net, rng = start()
    state = run(net, rng, epochs=1, rule=adam())
    save_checkpoint(path, net, state)
    return path, net, state


@pytest.mark.parametrize("keep", [0, 10, 50, 200, -1])
def test_truncated_file(tmp_path, keep):
    path, net, _ = saved(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(CheckpointError, match=r"cut short or altered|expected a file that"):
        load_checkpoint(path, net, adam())


def test_one_flipped_bit(tmp_path):
    path, net, _ = saved(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="SHA-256 does not match"):
        load_checkpoint(path, net, adam())


def test_file_of_another_kind(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary")
    with pytest.raises(CheckpointError, match="it begins with b'Dear diary'"):
        load_checkpoint(path, start()[0], adam())


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_checkpoint(tmp_path / "none", start()[0], adam())


def test_other_nets_and_optimizers_are_refused(tmp_path):
    path, net, _ = saved(tmp_path)
    with pytest.raises(CheckpointError, match=r"sizes \[16, 5, 3\]; it has \[16, 6, 3\]"):
        load_checkpoint(path, start(sizes=(16, 5, 3))[0], adam())
    with pytest.raises(CheckpointError, match="activation tanh; it has arctan"):
        load_checkpoint(path, start(activation="tanh")[0], adam())
    with pytest.raises(CheckpointError, match="dtype float64; it has float32"):
        load_checkpoint(path, start(dtype=np.float64)[0], adam())
    with pytest.raises(CheckpointError, match="optimizer sgd; it has adam"):
        load_checkpoint(path, net, sgd())


def test_resume_checks_net_and_optimizer(tmp_path):
    _, net, state = saved(tmp_path)
    other, rng = start(sizes=(16, 5, 3))
    with pytest.raises(ValueError, match="has 123 parameters, the net 103"):
        run(other, rng, epochs=2, rule=adam(), resume=state)
    with pytest.raises(ValueError, match="was made by 'adam'; got optimizer 'sgd'"):
        run(net, np.random.default_rng(0), epochs=2, rule=sgd(), resume=state)


@pytest.mark.parametrize("fault", ["write", "replace"])
def test_failure_while_saving_leaves_the_old_file(tmp_path, monkeypatch, fault):
    path, net, state = saved(tmp_path)
    before = path.read_bytes()

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    if fault == "write":
        monkeypatch.setattr(checkpoint.os, "fsync", fail)
    else:
        monkeypatch.setattr(checkpoint.Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(path, net, state)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_kill_in_the_middle_of_saving_leaves_the_old_file(tmp_path):
    path, net, _ = saved(tmp_path)
    before = path.read_bytes()
    script = textwrap.dedent("""
        import os, signal, sys
        import numpy as np
        from mlphys.learning import checkpoint
        from mlphys.learning.deep_net import DeepNet
        from mlphys.learning.optimizers import adam
        net = DeepNet((16, 6, 3), rng=np.random.default_rng(5))
        state = checkpoint.load_checkpoint(sys.argv[1], net, adam())
        checkpoint.os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
        checkpoint.save_checkpoint(sys.argv[1], net, state._replace(epoch=77))
        """)
    result = subprocess.run([sys.executable, "-c", script, str(path)], env=os.environ, check=False)
    assert result.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert load_checkpoint(path, net, adam()).epoch == 1


def test_saver_refuses_at_once(tmp_path):
    with pytest.raises(ValueError, match="every >= 1"):
        make_saver(tmp_path / "x", every=0)
    with pytest.raises(FileNotFoundError, match="make it first"):
        make_saver(tmp_path / "missing" / "x")


def test_net_alone_is_read_without_knowing_it(tmp_path):
    path = tmp_path / "run.checkpoint"
    net, rng = start(activation="tanh")
    run(net, rng, epochs=1, rule=sgd(), callbacks=[make_saver(path)])
    read = checkpoint.load_net(path)
    assert (read.sizes, read.activation) == (net.sizes, net.activation)
    assert read.parameters.dtype == net.parameters.dtype
    assert read.parameters.tobytes() == net.parameters.tobytes()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="SHA-256"):
        checkpoint.load_net(path)
