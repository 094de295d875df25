"""Hours of the day as a circle: does a network keep hours, with batches as the unit.

Watson's U² is computed from the Fourier coefficients of the times, since a batch that is
turned by an angle multiplies each of its coefficients by a phase: the null distribution over
thousands of turns is then a few products of matrices.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

__all__ = ["HARMONICS", "Test", "coefficients", "turned", "watson", "watson_two", "exchanged"]

DAY = 86_400.0
# Later harmonics add a twentieth to the sum of 1/m².
HARMONICS = 12
# The chance with which a p may be too small for want of draws.
LEVEL = 0.05
# Turns held at a time, batches times arrangements: few enough for a processor's cache.
CHUNK = 65_536


@dataclass(frozen=True)
class Test:
    """What a test of hours gave.

    Attributes
    ----------
    statistic, p : float
        The upper 95 % limit (Clopper and Pearson 1934) of the share of arrangements that are
        as extreme, so that luck in drawing makes no p too small.
    draws : int
        Arrangements drawn.
    """

    statistic: float
    p: float
    draws: int


def coefficients(seconds: np.ndarray, weights: np.ndarray, batches: np.ndarray) -> np.ndarray:
    """Weighted sums of e^(-imθ) of each batch, θ being the time of day.

    Parameters
    ----------
    seconds : numpy.ndarray
        Times in seconds, shape (times,); only the time of day counts.
    weights : numpy.ndarray
        Weight of each time.
    batches : numpy.ndarray
        Number of the batch of each time, 0 to one less than the number of batches.

    Returns
    -------
    numpy.ndarray
        Complex, shape (batches, 1 + `HARMONICS`); column 0 holds the batch's weight.
    """
    number = batches.max() + 1
    angle = 2 * np.pi * (seconds % DAY) / DAY
    columns = []
    for harmonic in range(HARMONICS + 1):
        real = np.bincount(batches, weights * np.cos(harmonic * angle), number)
        imaginary = np.bincount(batches, -weights * np.sin(harmonic * angle), number)
        columns.append(real + 1j * imaginary)
    return np.column_stack(columns)


def watson(sums: np.ndarray) -> np.ndarray:
    """Watson's U² from sums of coefficients, shape (..., 1 + harmonics), as for unit weights.

    Notes
    -----
    U² = n / (2π²) Σ |c_m|² / m², c_m being the mean of e^(-imθ): Watson 1961 (Biometrika 48,
    109-114) in the form of Mardia and Jupp 2000, Directional Statistics, section 6.3. With
    `sums` of times of weight 1 the first column is n.
    """
    weight = sums[..., 0].real
    return weight * _spread(sums[..., 1:] / weight[..., None])


def watson_two(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far two distributions of hours lie apart, by the same measure without the factor n."""
    means = [sums[..., 1:] / sums[..., :1] for sums in (one, other)]
    return _spread(means[0] - means[1])


def _spread(means: np.ndarray) -> np.ndarray:
    squares = np.arange(1, HARMONICS + 1) ** 2
    return (np.abs(means) ** 2 / squares).sum(axis=-1) / (2 * np.pi**2)


def turned(sums: np.ndarray, *, draws: int, random: np.random.Generator) -> Test:
    """Test whether batches keep common hours.

    Parameters
    ----------
    sums : numpy.ndarray
        What `coefficients` gave.
    draws : int
        Turns drawn.
    random : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Test
        Null: the hours of each batch, kept as they lie to each other, begin at a time of day
        of their own, uniform and independent of other batches.
    """
    observed = watson(sums.sum(axis=0))
    columns = np.ascontiguousarray(sums.T)
    reached, done = 0, 0
    step = max(1, CHUNK // len(sums))
    while done < draws:
        many = min(step, draws - done)
        angle = 2 * np.pi * random.random((many, len(sums)))
        first = np.cos(angle) + 1j * np.sin(angle)
        total = np.empty((many, HARMONICS + 1), dtype=complex)
        turn = np.ones_like(first)
        for harmonic, column in enumerate(columns):
            total[:, harmonic] = turn @ column
            turn *= first
        reached += int((watson(total) >= observed).sum())
        done += many
    return Test(float(observed), _limit(reached, draws), draws)


def _limit(reached: int, draws: int) -> float:
    return (
        float(stats.beta.ppf(1 - LEVEL, reached + 1, draws - reached)) if reached < draws else 1.0
    )


def exchanged(
    network: np.ndarray, controls: np.ndarray, *, draws: int, random: np.random.Generator
) -> Test:
    """Test whether batches of the network keep other hours than batches of controls.

    Parameters
    ----------
    network, controls : numpy.ndarray
        What `coefficients` gave for either.
    draws : int
        Exchanges of labels drawn.
    random : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Test
        Null: whose a batch is says nothing about its hours; labels of whole batches are
        exchanged, the number of batches on either side being kept.
    """
    observed = watson_two(network.sum(axis=0), controls.sum(axis=0))
    both = np.concatenate([network, controls])
    whole, few = both.sum(axis=0), min(len(network), len(controls))
    sums = np.empty((draws, HARMONICS + 1), dtype=complex)
    for row in sums:
        row[:] = both[random.choice(len(both), few, replace=False, shuffle=False)].sum(axis=0)
    reached = int((watson_two(sums, whole - sums) >= observed).sum())
    return Test(float(observed), _limit(reached, draws), draws)
