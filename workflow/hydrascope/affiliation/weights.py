"""Weights of evidence: how much likelier a strength of evidence is among members than others.

The p of a group is a test against a null that holds nearly, never quite, so that its
digits cannot be taken at their word. What counts is how often evidence as strong is
found among the members that are known and among everybody else (Good 1950, Probability
and the Weighing of Evidence; Fellegi and Sunter 1969, J. Am. Stat. Assoc. 64, 1183-1210).
"""

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit

__all__ = ["STEPS", "levels", "weighed", "weights_of_evidence"]

# Nats of -ln p at which the next level of evidence begins.
STEPS = np.array([0.1, 0.65, 1.45, 3.0, 6.0, 10.0, 16.0, 27.0, 45.0])
UNMEASURED = -1
# Accounts that each level is thought to hold beside those counted.
PRIOR = 0.5
# Standard errors by which a weight is taken lower than what was counted.
CAUTION = 2.0
# Share of members that is believed at least and at most before any evidence.
SHARES = (0.001, 0.99)
# Times that members and weights are taken from each other within a round.
PASSES = 3


def levels(p: np.ndarray) -> np.ndarray:
    """Sort evidence into levels of strength.

    Parameters
    ----------
    p : numpy.ndarray
        Shape (accounts, groups), missing where a group cannot be measured.

    Returns
    -------
    numpy.ndarray
        int, of the same shape: 0 for the weakest, `UNMEASURED` where p is missing.
    """
    with np.errstate(divide="ignore"):
        level = np.searchsorted(STEPS, -np.log(p), side="right")
    return np.where(np.isnan(p), UNMEASURED, level)


def weights_of_evidence(level: np.ndarray, member: np.ndarray, belief: np.ndarray) -> np.ndarray:
    """Learn what each level of each group says.

    Parameters
    ----------
    level : numpy.ndarray
        What `levels` gave.
    member : numpy.ndarray
        bool, shape (accounts,): who is taken for a member.
    belief : numpy.ndarray
        Shape (accounts,): the chance that each belongs, by which it does not count
        among the others.

    Returns
    -------
    numpy.ndarray
        Shape (groups, levels), in nats: ln of the level's share among measurable
        members over its share among the measurable others, less `CAUTION` standard
        errors, made to never fall as evidence gets stronger (Barlow et al. 1972,
        Statistical Inference under Order Restrictions), levels counting by the accounts
        at them.

    Notes
    -----
    The standard error is that of the log of a ratio of two counts, the root of the sum of
    their inverses. What a handful of accounts seem to show is worth less than the same
    ratio from many: without that, a few members taken in by accident teach weights that
    take in more.
    """
    weights = []
    for column in level.T:
        known = column != UNMEASURED
        inside, outside = (
            np.bincount(column[known], weights=share[known], minlength=len(STEPS) + 1) + PRIOR
            for share in (member, 1 - belief)
        )
        ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
        ratio -= CAUTION * np.sqrt(1 / inside + 1 / outside)
        weights.append(isotonic_regression(ratio, weights=inside + outside).x)
    return np.array(weights)


def weighed(
    p: np.ndarray, member: np.ndarray, *, seeds: np.ndarray, candidate: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of belonging, and what each group adds to them.

    Parameters
    ----------
    p : numpy.ndarray
        Shape (accounts, groups), missing where a group cannot be measured.
    member, seeds, candidate : numpy.ndarray
        bool, shape (accounts,): who is taken for a member so far, who is known to be,
        and who may become one at all.

    Returns
    -------
    score : numpy.ndarray
        Shape (accounts,): prior log odds, from the share of members among accounts with
        as many measurable groups, plus the weights.
    weight : numpy.ndarray
        Shape (accounts, groups), 0 where a group is silent.

    Notes
    -----
    Groups are taken as independent among members and among others, which they are not
    quite: the score ranks, and where to cut it is a matter of calibration. Members that
    were missed so far would make evidence look common among others, so candidates are
    taken out there by their odds. They are not counted among members, nor is anybody
    else taken out: noise would feed itself where there is no network.
    """
    level = levels(p)
    measured = level != UNMEASURED
    alike = measured.sum(axis=1)
    belief = member.astype(float)
    for _ in range(PASSES):
        weights = weights_of_evidence(level, member, belief)
        weight = np.where(measured, weights[np.arange(level.shape[1]), level], 0.0)
        share = pd.Series(belief).groupby(alike).transform("mean").clip(*SHARES)
        score = logit(share.to_numpy()) + weight.sum(axis=1)
        belief = np.where(seeds, 1.0, candidate * expit(score))
    return score, weight
