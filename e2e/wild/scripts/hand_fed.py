"""Softmax regression on arrays that are split, scaled and batched by hand."""

import os
import sys

import numpy as np
from sklearn.datasets import load_digits


class Settings:
    learning_rate = 0.2
    l2 = 1e-3


def load(test_share=0.2, seed=5):
    digits, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(digits))
    cut = int(len(digits) * (1 - test_share))
    first, rest = order[:cut], order[cut:]
    return digits[first] / 16, labels[first], digits[rest] / 16, labels[rest]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def train(x, y, epochs, batch_size=64):
    rng = np.random.default_rng(5)
    weights = np.zeros((x.shape[1], 10))
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        total = 0.0
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            p = softmax(x[rows] @ weights)
            total -= np.log(p[np.arange(len(rows)), y[rows]] + 1e-12).sum()
            p[np.arange(len(rows)), y[rows]] -= 1
            weights -= Settings.learning_rate * (x[rows].T @ p / len(rows) + Settings.l2 * weights)
        cross_entropy = total / len(x)
        if epoch % 5 == 4:
            print(f"epoch {epoch}: cross entropy {cross_entropy:.4f}")
    return weights


def main(quick):
    if quick:
        epochs, share = 5, 0.5
    else:
        epochs, share = 15, 0.25
    batch_size = int(os.environ.get("BATCH", 50))
    train_x, train_y, test_x, test_y = load(test_share=share)
    weights = train(train_x, train_y, epochs, batch_size=batch_size)
    accuracy = np.mean((test_x @ weights).argmax(axis=1) == test_y)
    print(f"test accuracy {accuracy:.4f}")


main(len(sys.argv) > 1)
