import lightgbm
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
train, valid = lightgbm.Dataset(X[:400], y[:400]), lightgbm.Dataset(X[400:], y[400:])
params = {"objective": "binary", "learning_rate": 0.8, "verbose": -1}
stop = lightgbm.early_stopping(3, verbose=False)
lightgbm.train(params, train, 200, valid_sets=[valid], callbacks=[stop])
