"""A logistic curve: how features of a finding turn into the probability that it is right."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

MOST_STEPS: Final = 100
TOLERANCE: Final = 1e-6
STEEPEST: Final = 30.0  # beyond it the exponential says 0 or 1 anyway


def sigmoid(value: Numbers) -> Numbers:
    """Odds on the logarithmic scale to probabilities."""
    share: Numbers = 1 / (1 + np.exp(-np.clip(value, -STEEPEST, STEEPEST)))
    return share


def fit(features: Numbers, right: Numbers, weight: Numbers, drawn_to: Numbers, strength: float) -> Numbers:
    """Logistic regression by Newton's method, drawn towards a given curve as by `strength` examples.

    `features` (n, f), `right` (n,) of 0 and 1, `weight` (n,); returns (f,). Without examples, the given curve.
    """

    def loss(curve: Numbers) -> float:
        value = features @ curve
        misfit = weight * (np.logaddexp(0, value) - right * value)
        return float(misfit.sum() + strength / 2 * ((curve - drawn_to) ** 2).sum())

    curve = drawn_to
    for _ in range(MOST_STEPS):
        probability = sigmoid(features @ curve)
        gradient = features.T @ (weight * (probability - right)) + strength * (curve - drawn_to)
        curvature = (features.T * (weight * probability * (1 - probability))) @ features
        step = np.linalg.solve(curvature + strength * np.eye(len(curve)), gradient)
        # a full step can overshoot where the curve is flat
        while loss(curve - step) > loss(curve) + TOLERANCE and np.abs(step).max() > TOLERANCE:
            step = step / 2
        curve = curve - step
        if np.abs(step).max() <= TOLERANCE:
            break
    return curve
