"""LightGBM with an evaluation set: the curve, where it stopped, feature importance and the model."""

import lightgbm
import trackline
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

trackline.autolog()

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
X_train, X_valid, y_train, y_valid = train_test_split(X, y, random_state=42)
train, valid = lightgbm.Dataset(X_train, y_train), lightgbm.Dataset(X_valid, y_valid)

params = {"objective": "binary", "learning_rate": 0.2, "metric": ["auc", "binary_logloss"], "verbose": -1}
stop = lightgbm.early_stopping(5, verbose=False)
booster = lightgbm.train(params, train, 200, valid_sets=[valid], valid_names=["valid"], callbacks=[stop])
print(f"best iteration: {booster.best_iteration}")
