import lightgbm
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
train, valid = lightgbm.Dataset(X[:400], y[:400]), lightgbm.Dataset(X[400:], y[400:])
params = {"objective": "binary", "num_leaves": 4, "learning_rate": 0.3, "verbose": -1, "metric": ["auc", "binary_logloss"]}
lightgbm.train(params, train, 6, valid_sets=[train, valid], valid_names=["train", "valid"])
