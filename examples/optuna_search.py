"""A search by Optuna: one run for the study, and for each trial a child with its parameters, its model and its score."""

import optuna
import trackline
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

trackline.autolog()

X_train, X_val, y_train, y_val = train_test_split(*load_wine(return_X_y=True), random_state=0)


def objective(trial: optuna.Trial) -> float:
    model = RandomForestClassifier(
        n_estimators=trial.suggest_int("n_estimators", 5, 50),
        max_depth=trial.suggest_int("max_depth", 1, 8),
        random_state=0,
    )
    return float(model.fit(X_train, y_train).score(X_val, y_val))


study = optuna.create_study(direction="maximize")
study.optimize(objective, n_trials=10)
print(f"best accuracy: {study.best_value:.3f}")
