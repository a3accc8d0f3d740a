"""Optuna looks for the width of a tree."""

import optuna
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier

X, y = load_breast_cancer(return_X_y=True)


def objective(trial):
    max_depth = trial.suggest_int("max_depth", 1, 6)
    min_samples_leaf = trial.suggest_float("min_samples_leaf", 0.01, 0.2, log=True)
    tree = DecisionTreeClassifier(max_depth=max_depth, min_samples_leaf=min_samples_leaf, random_state=0)
    return cross_val_score(tree, X, y, cv=3).mean()


study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
study.optimize(objective, n_trials=6)
print("Best value:", study.best_value)
print("Best params:", study.best_params)
