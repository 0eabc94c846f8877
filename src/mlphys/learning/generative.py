r"""A variational autoencoder in NumPy: pictures from random numbers.

Picture a code :math:`z` of a few numbers, drawn from a standard normal law, and a net (the
*decoder*) that turns it into the probability of ink in each pixel. How probable a given picture
:math:`x` is under this model, :math:`p(x) = \int p(x|z)\, p(z)\, dz`, is too dear to compute. A
second net (the *encoder*) guesses which codes may have made :math:`x`: normal, with means
:math:`\mu` and variances :math:`e^{v}`. Then for any guess

.. math:: -\log p(x) \le F(x) = \langle -\log p(x|z)\rangle
    + \tfrac12 \sum_i \left(\mu_i^2 + e^{v_i} - 1 - v_i\right),

a free energy: mean energy, plus what it costs (in nats) to say a code more sharply than the prior.
Both nets go downhill on :math:`F`, with :math:`z = \mu + e^{v/2}\varepsilon` and one standard
normal :math:`\varepsilon` for each picture and step, so that the gradient passes through.

All parameters lie in one flat vector, encoder first. Pixels are fractions of ink in 0 ... 1, read
as probabilities. Training uses float32, checks float64. Units are nats a picture.

Chapter: ``book/learning/going_wrong.md``.

References
----------
Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114, eqs. (3), (10) and appendix
B.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlphys.learning.deep_net import Layer, initialize, parameter_count, split_layers
from mlphys.learning.optimizers import adam, make_cosine
from mlphys.timing import single_thread

__all__ = ["Autoencoder", "FreeEnergy", "train_autoencoder"]


class FreeEnergy(NamedTuple):
    """Mean over a batch, in nats a picture: ``energy + surprise`` is the bound.

    Attributes
    ----------
    energy : float
        Mean of -log p(x|z): what the pixels cost once the code is known.
    surprise : float
        Kullback-Leibler divergence of the guessed codes from the prior: what the code costs.
    """

    energy: float
    surprise: float

    @property
    def total(self) -> float:
        """Energy plus surprise."""
        return self.energy + self.surprise


class Autoencoder:
    """Encoder and decoder with one hidden layer of units max(z, 0) each.

    Parameters
    ----------
    pixels, hidden, codes : int
        Numbers of pixels, of hidden units in either net, and of numbers in a code.
    rng : numpy.random.Generator
        Draws the weights.
    dtype : numpy float type

    Attributes
    ----------
    parameters, gradient : ndarray
        Flat. ``encoder`` and ``decoder`` are layers that view ``parameters``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> model = Autoencoder(pixels=6, hidden=4, codes=2, rng=rng, dtype=np.float64)
    >>> x = rng.random((5, 6))
    >>> before = model.step(x, rng.standard_normal((5, 2))).total
    >>> model.parameters -= 0.01 * model.gradient
    >>> model.step(x, np.zeros((5, 2))).total < before
    True
    >>> model.draw(3, rng=rng).shape
    (3, 6)
    """

    def __init__(
        self,
        *,
        pixels: int,
        hidden: int,
        codes: int,
        rng: np.random.Generator,
        dtype: type = np.float32,
    ):
        if min(pixels, hidden, codes) < 1:
            raise ValueError(
                "Autoencoder: expected at least one pixel, hidden unit and code; "
                f"got {pixels}, {hidden}, {codes}"
            )
        self.pixels, self.codes = pixels, codes
        sizes = (pixels, hidden, 2 * codes), (codes, hidden, pixels)
        self.parameters = np.concatenate(
            [initialize(part, rng=rng, activation="relu", dtype=dtype) for part in sizes]
        )
        self.gradient = np.zeros_like(self.parameters)
        cut = parameter_count(sizes[0])
        self.encoder, self.decoder = _two(self.parameters, cut, sizes)
        self._encoder_gradient, self._decoder_gradient = _two(self.gradient, cut, sizes)

    def encode(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return means and log variances of the codes, shapes (n, codes), for pictures (n, pixels)."""
        first, last = self.encoder
        out = np.maximum(x @ first.weights + first.offsets, 0) @ last.weights + last.offsets
        return out[:, : self.codes], out[:, self.codes :]

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Return the probability of ink in every pixel, shape (n, pixels), for codes (n, codes)."""
        return _logistic(self._decoder_logits(z)[1])

    def draw(self, n: int, *, rng: np.random.Generator) -> np.ndarray:
        """Return the pictures of ``n`` codes drawn from the prior, in the order drawn.

        Parameters
        ----------
        n : int
        rng : numpy.random.Generator

        Returns
        -------
        ndarray, shape (n, pixels)
            Probability of ink.
        """
        return self.decode(rng.standard_normal((n, self.codes)).astype(self.parameters.dtype))

    def free_energy(self, x: np.ndarray, noise: np.ndarray) -> FreeEnergy:
        """Return the bound for pictures, with one code each.

        Parameters
        ----------
        x : ndarray of float in 0 ... 1, shape (n, pixels)
        noise : ndarray, shape (n, codes)
            Standard normal.
        """
        self._check(x, noise)
        mean, log_variance = self.encode(x)
        logits = self._decoder_logits(mean + np.exp(log_variance / 2) * noise)[1]
        return _sum_up(x, logits, mean, log_variance)

    def step(self, x: np.ndarray, noise: np.ndarray) -> FreeEnergy:
        """Return the same and write its gradient into ``self.gradient``.

        Parameters
        ----------
        x : ndarray of the model's dtype, shape (n, pixels)
        noise : ndarray of the same, shape (n, codes)
        """
        self._check(x, noise)
        first, last = self.encoder
        hidden = np.maximum(x @ first.weights + first.offsets, 0)
        out = hidden @ last.weights + last.offsets
        mean, log_variance = out[:, : self.codes], out[:, self.codes :]
        spread = np.exp(log_variance / 2)
        z = mean + spread * noise
        decoder_hidden, logits = self._decoder_logits(z)
        result = _sum_up(x, logits, mean, log_variance)

        g = (_logistic(logits) - x) / len(x)  # of the energy in the logits
        g = _back(self.decoder[1], self._decoder_gradient[1], decoder_hidden, g)
        g *= decoder_hidden > 0
        g = _back(self.decoder[0], self._decoder_gradient[0], z, g)  # in the code
        slope = np.empty_like(out)
        slope[:, : self.codes] = g + mean / len(x)
        slope[:, self.codes :] = g * noise * spread / 2 + (spread**2 - 1) / (2 * len(x))
        g = _back(last, self._encoder_gradient[1], hidden, slope)
        g *= hidden > 0
        np.matmul(x.T, g, out=self._encoder_gradient[0].weights)
        g.sum(axis=0, out=self._encoder_gradient[0].offsets)
        return result

    def _decoder_logits(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        first, last = self.decoder
        hidden = np.maximum(z @ first.weights + first.offsets, 0)
        return hidden, hidden @ last.weights + last.offsets

    def _check(self, x: np.ndarray, noise: np.ndarray) -> None:
        dtype = self.parameters.dtype
        shapes = (len(x), self.pixels), (len(x), self.codes)
        if (x.shape, noise.shape) != shapes or x.dtype != dtype or noise.dtype != dtype:
            raise ValueError(
                f"Autoencoder: expected pictures of shape (n, {self.pixels}) and noise of shape "
                f"(n, {self.codes}), both {dtype}; got {x.shape} of {x.dtype} and {noise.shape} "
                f"of {noise.dtype}. Divide bytes by 255 first"
            )


def train_autoencoder(
    model: Autoencoder,
    images: np.ndarray,
    *,
    epochs: int,
    learning_rate: float,
    rng: np.random.Generator,
    batch_size: int = 100,
) -> list[FreeEnergy]:
    """Train in place with Adam and a rate that falls like half a cosine; return epoch means.

    Parameters
    ----------
    model : Autoencoder
    images : ndarray of uint8, shape (n, height, width) or (n, pixels)
    epochs : int
    learning_rate : float
    rng : numpy.random.Generator
        Draws the order and the noise.
    batch_size : int
        A smaller last batch is left for the next epoch's order.

    Returns
    -------
    list of FreeEnergy
        Mean over the batches of each epoch, each before its own step.

    Raises
    ------
    ValueError
        If the images are no bytes of the model's size, or there are none to fill a batch.
    """
    flat = images.reshape(len(images), -1)
    if images.dtype != np.uint8 or flat.shape[1] != model.pixels or len(flat) < batch_size:
        raise ValueError(
            f"train_autoencoder: expected at least {batch_size} uint8 images of {model.pixels} "
            f"pixels; got shape {images.shape} of {images.dtype}"
        )
    batches, dtype = len(flat) // batch_size, model.parameters.dtype
    rule, schedule = adam(), make_cosine(learning_rate, steps=epochs * batches)
    state, history = rule.init(model.parameters), []
    with single_thread():
        for _ in range(epochs):
            order = rng.permutation(len(flat))[: batches * batch_size].reshape(batches, -1)
            costs = []
            for chosen in order:
                x = flat[chosen].astype(dtype) / dtype.type(255)
                noise = rng.standard_normal((batch_size, model.codes)).astype(dtype)
                costs.append(model.step(x, noise))
                rate = schedule(state.step)
                state = rule.update(model.parameters, model.gradient, state, rate)
            history.append(FreeEnergy(*(float(np.mean(part)) for part in zip(*costs, strict=True))))
    return history


def _two(vector: np.ndarray, cut: int, sizes: tuple) -> tuple[list[Layer], list[Layer]]:
    return split_layers(vector[:cut], sizes[0]), split_layers(vector[cut:], sizes[1])


def _back(layer: Layer, gradient: Layer, a: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Write the gradient of one layer, return the one of its inputs."""
    np.matmul(a.T, g, out=gradient.weights)
    g.sum(axis=0, out=gradient.offsets)
    return g @ layer.weights.T


def _logistic(logits: np.ndarray) -> np.ndarray:
    """Return 1/(1 + exp(-z)) as (1 + tanh(z/2))/2: one pass, no overflow, enough for pixels."""
    p = np.tanh(logits / 2)
    p += 1
    p /= 2
    return p


def _sum_up(x, logits, mean, log_variance) -> FreeEnergy:
    # log(1 + exp z) - x z, with max(z, 0) taken out so that nothing overflows
    energy = np.maximum(logits, 0) - x * logits + np.log1p(np.exp(-np.abs(logits)))
    surprise = mean**2 + np.exp(log_variance) - 1 - log_variance
    total = np.float64
    return FreeEnergy(
        float(energy.sum(dtype=total) / len(x)), float(surprise.sum(dtype=total) / (2 * len(x)))
    )
