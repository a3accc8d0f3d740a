"""Choosing the degree and the ridge penalty of a polynomial by hand, and then the window of a smoother."""

import itertools

import numpy as np

rng = np.random.default_rng(7)
xs = np.sort(rng.uniform(-1, 1, 90))
ys = np.sin(3 * xs) + 0.2 * rng.normal(size=90)
fit_x, fit_y, val_x, val_y = xs[::2], ys[::2], xs[1::2], ys[1::2]

GRID = {"degree": [2, 4, 8], "penalty": [0.0, 0.1]}


def run(degree, penalty):
    basis = np.vander(fit_x, degree + 1)
    weights = np.linalg.solve(basis.T @ basis + penalty * np.eye(degree + 1), basis.T @ fit_y)
    residuals = np.vander(val_x, degree + 1) @ weights - val_y
    return {"rmse": float(np.sqrt(np.mean(residuals**2))), "largest": float(np.abs(residuals).max())}


def smooth_error(window):
    guesses = [fit_y[np.abs(fit_x - x) <= window].mean() for x in val_x]
    return float(np.mean((np.array(guesses) - val_y) ** 2))


if __name__ == "__main__":
    best, winner = float("inf"), None
    for combination in itertools.product(*GRID.values()):
        setting = dict(zip(GRID, combination))
        outcome = run(**setting)
        print(setting, outcome)
        if outcome["rmse"] < best:
            best, winner = outcome["rmse"], setting
    print(f"lowest rmse {best:.4f} with {winner}")

    errors = {}
    for window in (0.1, 0.2, 0.4):
        errors[window] = smooth_error(window)
    chosen = min(errors, key=errors.get)
    print(f"window {chosen}: error {errors[chosen]:.4f}")
