"""Speed and reach of the NumPy net beside Keras, scikit-learn and JAX, in one run.

    python benchmarks/deep_net.py              both tables
    python benchmarks/deep_net.py speed        one epoch of the 784-25-25-25-10 net
    python benchmarks/deep_net.py reach        accuracy on the test digits per second of training

The speed table is a round robin: every round runs one epoch of each program, so that a busy moment
of the machine hits all of them. The process is bound to one core, which gives every program one
thread. Seconds are CPU seconds unless ``--clock wall`` is given. All programs do the same work:
48,000 training digits, batches of 64 in a new random order, plain gradient descent, float32,
arctan units (scikit-learn: tanh, it has no arctan), cross-entropy, loss recorded.

The reach table needs the full MNIST set; each row trains on digits of the training set alone and is
judged once on the 10,000 test digits.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from importlib.metadata import version

import numpy as np

from mlphys.datasets import load_mnist
from mlphys.learning import DeepNet, PixelScale, adam, evaluate, make_cosine, sgd, split, train
from mlphys.learning.training import BestEpoch
from mlphys.machine import describe
from mlphys.quiet import quiet_tensorflow
from mlphys.timing import measure, single_thread, summarize

SIZES = (784, 25, 25, 25, 10)
BATCH = 64
RATE = 0.1


def bind_to_one_core() -> None:
    """Give this process one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


# ---------------------------------------------------------------- one epoch of each program


def make_ours(images, labels):
    rng = np.random.default_rng(0)
    net = DeepNet(SIZES, rng=rng)
    return lambda: train(
        net, images, labels, optimizer=sgd(), learning_rate=RATE, epochs=1, rng=rng,
        pixels=PixelScale(), batch_size=BATCH,
    )  # fmt: skip


def make_plain_numpy(images, labels):
    """The version that the chapter begins with: no buffers, no views, twenty lines."""
    rng = np.random.default_rng(0)
    x = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    layers = [tuple(a.copy() for a in layer) for layer in DeepNet(SIZES, rng=rng).layers]
    eye = np.eye(10, dtype=np.float32)

    def epoch():
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            chosen = order[start : start + BATCH]
            a, z = [x[chosen]], []
            for w, b in layers[:-1]:
                z.append(a[-1] @ w + b)
                a.append(np.arctan(z[-1]))
            w, b = layers[-1]
            logits = a[-1] @ w + b
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            g = (p - eye[labels[chosen]]) / len(chosen)
            for i in reversed(range(len(layers))):
                w, b = layers[i]
                dw, db = a[i].T @ g, g.sum(axis=0)
                if i:
                    g = g @ w.T / (1 + z[i - 1] ** 2)
                w -= RATE * dw
                b -= RATE * db

    return epoch


def make_jax(images, labels):
    import jax
    import jax.numpy as jnp

    x = jnp.asarray(images.reshape(len(images), -1))
    y = jnp.asarray(labels.astype(np.int32))
    state = [[tuple(map(jnp.asarray, layer)) for layer in new_net().layers], jax.random.key(0)]

    def loss(layers, x, y):
        a = x.astype(jnp.float32) / 255
        for w, b in layers[:-1]:
            a = jnp.arctan(a @ w + b)
        logits = a @ layers[-1][0] + layers[-1][1]
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1).mean()

    def step(layers, chosen):
        value, gradient = jax.value_and_grad(loss)(layers, x[chosen], y[chosen])
        return jax.tree.map(lambda p, g: p - RATE * g, layers, gradient), value

    @jax.jit
    def epoch(layers, key):
        order = jax.random.permutation(key, len(x))
        return jax.lax.scan(step, layers, order[: len(x) // BATCH * BATCH].reshape(-1, BATCH))

    def run():
        state[1], key = jax.random.split(state[1])
        state[0], losses = epoch(state[0], key)
        return jax.block_until_ready(losses)

    return run


def make_sklearn(images, labels):
    from sklearn.neural_network import MLPClassifier

    x = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    model = MLPClassifier(
        SIZES[1:-1], activation="tanh", solver="sgd", alpha=0.0, batch_size=BATCH,
        learning_rate_init=RATE, momentum=0.0, random_state=0,
    )  # fmt: skip
    return lambda: model.partial_fit(x, labels, classes=np.arange(10))


def make_keras(images, labels):
    import keras

    keras.utils.set_random_seed(0)
    x = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    hidden = [keras.layers.Dense(n, activation=keras.ops.arctan) for n in SIZES[1:-1]]
    model = keras.Sequential([keras.Input((784,)), *hidden, keras.layers.Dense(10)])
    model.compile(
        keras.optimizers.SGD(RATE), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    return lambda: model.fit(x, labels, batch_size=BATCH, epochs=1, verbose=0)


def make_products(count):
    """The two products of the first layer alone, each as one call."""
    rng = np.random.default_rng(0)
    x, w = rng.random((BATCH, 784), np.float32), rng.random((784, 25), np.float32)
    g, z, dw = rng.random((BATCH, 25), np.float32), np.empty((BATCH, 25), np.float32), w.copy()

    def run():
        for _ in range(count // BATCH):
            np.matmul(x, w, out=z)
            np.matmul(x.T, g, out=dw)

    return run


def new_net():
    return DeepNet(SIZES, rng=np.random.default_rng(0))


# ---------------------------------------------------------------- the two tables


def speed(rounds: int, clock: str) -> None:
    digits = load_mnist()
    images, labels = digits.train_images[:48_000], digits.train_labels[:48_000]
    count = len(images)
    makers = {
        "mlphys": make_ours,
        "NumPy, plain": make_plain_numpy,
        "JAX, jit + scan": make_jax,
        "scikit-learn": make_sklearn,
        "Keras, fit": make_keras,
    }
    programs = {name: make(images, labels) for name, make in makers.items()}
    programs["two products"] = make_products(count)
    for run in programs.values():
        run()
    seconds = {name: [] for name in programs}
    for _ in range(rounds):
        for name, run in programs.items():
            with single_thread():  # two BLAS threads on one core would wait for each other
                seconds[name].append(measure(run, repeats=1, warmup=0, clock=clock).best)
    timings = {name: summarize(values, clock) for name, values in seconds.items()}
    ours = timings["mlphys"]
    goals = {
        "mlphys": f"{count / ours.best:,.0f} ≥ 400,000 images/s",
        "JAX, jit + scan": "≥ 1.7", "scikit-learn": "≥ 2", "Keras, fit": "≥ 5",
        "two products": "≥ 1/2.2 = 0.455",
    }  # fmt: skip
    print(f"\nOne epoch of {count:,} images, {'-'.join(map(str, SIZES))}, batch {BATCH}, float32,")
    print(f"{rounds} rounds, {clock} seconds, one core; ratio = best / best of mlphys\n")
    print("| program | best s | median s | spread s | images/s (best) | ratio | goal |")
    print("|---|---|---|---|---|---|---|")
    for name, t in sorted(timings.items(), key=lambda item: item[1].best):
        print(
            f"| {name} | {t.best:.3f} | {t.median:.3f} | {t.spread:.3f} | {count / t.best:,.0f} "
            f"| {t.best / ours.best:.2f} | {goals.get(name, '')} |"
        )


# sizes, unit, initial gain, learning rate, batch, epochs, shift, goal %, goal s, choose on held out
REACH = [
    (SIZES, "arctan", 1.0, 0.002, 64, 15, 0, 96.5, 6, False),
    ((784, *[30] * 8, 10), "arctan", 1.2, 0.004, 128, 15, 0, 96.5, 6, False),
    ((784, 256, 128, 10), "relu", 1.0, 0.003, 256, 6, 0, 98.0, 8, False),
    ((784, 256, 128, 10), "relu", 1.0, 0.003, 256, 10, 1, 98.5, 20, False),
    ((784, 512, 512, 10), "relu", 1.0, 0.003, 256, 20, 1, 99.0, 60, True),
]


def reach(seeds: int) -> None:
    digits = load_mnist()
    if digits.name != "mnist":
        raise SystemExit(f"reach: needs the full set. {digits.source}")
    print(f"\nAccuracy on 10,000 test digits after training in NumPy alone, {seeds} seeds\n")
    print("| net | unit | epochs | shifts | accuracy %, each seed | median | goal | CPU s | goal |")
    print("|---|---|---|---|---|---|---|---|---|")
    for row in REACH:
        found = [reach_once(digits, row, seed) for seed in range(seeds)]
        accuracies, seconds = zip(*found, strict=True)
        sizes, unit, _, _, _, epochs, shift, goal, limit, held = row
        print(
            f"| {short(sizes)} | {unit} | {epochs}{' (best on held-out)' if held else ''} | {shift} | "
            f"{', '.join(f'{a:.2f}' for a in accuracies)} | {np.median(accuracies):.2f} | "
            f"≥ {goal} | {np.median(seconds):.1f} | ≤ {limit} |",
            flush=True,
        )


def reach_once(digits, row, seed: int) -> tuple[float, float]:
    sizes, unit, gain, rate, batch, epochs, shift, _, _, held = row
    rng, pixels, best = np.random.default_rng(seed), PixelScale(), BestEpoch()
    images, labels, validation = digits.train_images, digits.train_labels, None
    if held:
        images, labels, *validation = split(images, labels, rng=rng, held_out=1 / 12)
    net = DeepNet(sizes, rng=rng, activation=unit, gain=gain)
    start = time.process_time()
    train(
        net, images, labels, optimizer=adam(), epochs=epochs, rng=rng, pixels=pixels,
        learning_rate=make_cosine(rate, steps=epochs * -(-len(images) // batch)),
        batch_size=batch, reach=shift, validation=validation and tuple(validation),
        callbacks=[best] if held else [],
    )  # fmt: skip
    seconds = time.process_time() - start
    if held:
        best.restore(net)
    score = evaluate(net, digits.test_images, digits.test_labels, pixels=pixels)
    return 100 * score.accuracy, seconds


def short(sizes) -> str:
    """Return the widths, with a run of equal ones as a power."""
    middle = sizes[1:-1]
    if len(set(middle)) == 1 and len(middle) > 3:
        return f"{sizes[0]}-{middle[0]}×{len(middle)}-{sizes[-1]}"
    return "-".join(map(str, sizes))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", nargs="?", choices=["speed", "reach", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--clock", choices=["cpu", "wall"], default="cpu")
    options = parser.parse_args()
    bind_to_one_core()
    quiet_tensorflow()  # before JAX, and before anything else that imports it
    warnings.simplefilter("ignore")
    peers = ("jax", "tensorflow", "keras", "scikit-learn")
    print(describe() + "; " + ", ".join(f"{name} {version(name)}" for name in peers))
    if options.table in ("speed", "both"):
        speed(options.rounds, options.clock)
    if options.table in ("reach", "both"):
        reach(options.seeds)


if __name__ == "__main__":
    main()
