"""A random search over a perceptron of its own, without any framework."""

import random

import numpy as np


class Perceptron:
    decay = 0.98

    def __init__(self, rate, margin=0.0):
        self.rate = rate
        self.margin = margin

    def fit(self, rows, signs, passes):
        self.w = np.zeros(rows.shape[1])
        for _ in range(passes):
            for row, sign in zip(rows, signs):
                if sign * (row @ self.w) <= self.margin:
                    self.w += self.rate * sign * row
        return self

    def accuracy(self, rows, signs):
        return float(np.mean(np.sign(rows @ self.w) == signs))


random.seed(11)
rng = np.random.default_rng(2)
X = rng.normal(size=(160, 6))
y = np.sign(X @ rng.normal(size=6) + 0.4 * rng.normal(size=160))
X_train, y_train, X_val, y_val = X[:120], y[:120], X[120:], y[120:]

best_accuracy = 0.0
for trial in range(4):
    rate = 10 ** random.uniform(-2, 0)
    margin = random.choice([0.0, 0.5, 1.0])
    model = Perceptron(rate, margin=margin).fit(X_train, y_train, passes=3)
    val_accuracy = model.accuracy(X_val, y_val)
    print(f"trial {trial}: rate={rate:.4f} margin={margin} val accuracy={val_accuracy:.3f}")
    if val_accuracy > best_accuracy:
        best_accuracy = val_accuracy
print(f"best accuracy {best_accuracy:.3f}")
