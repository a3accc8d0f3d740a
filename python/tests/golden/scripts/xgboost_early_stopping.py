import xgboost
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
train, valid = xgboost.DMatrix(X[:400], y[:400]), xgboost.DMatrix(X[400:], y[400:])
params = {"objective": "binary:logistic", "max_depth": 4, "eta": 1.0}
xgboost.train(params, train, 200, evals=[(valid, "valid")], early_stopping_rounds=3, verbose_eval=False)
