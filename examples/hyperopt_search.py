"""A search by Hyperopt: one run for the search, and for each trial a child with its parameters, its model and its loss."""

import trackline
from hyperopt import fmin, hp, tpe
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

trackline.autolog()

X_train, X_val, y_train, y_val = train_test_split(*load_wine(return_X_y=True), random_state=0)


def objective(point: dict[str, int]) -> float:
    model = RandomForestClassifier(**point, random_state=0)
    return 1.0 - float(model.fit(X_train, y_train).score(X_val, y_val))


space = {"n_estimators": hp.randint("n_estimators", 5, 50), "max_depth": hp.randint("max_depth", 1, 8)}
print(fmin(objective, space, tpe.suggest, max_evals=10, show_progressbar=False))
