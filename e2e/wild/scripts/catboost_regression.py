"""CatBoost with a categorical column."""

import numpy as np
import pandas as pd
from catboost import CatBoostRegressor, Pool

rng = np.random.default_rng(0)
frame = pd.DataFrame({"size": rng.uniform(20, 120, 300), "floor": rng.integers(0, 9, 300), "district": rng.choice(list("abc"), 300)})
price = frame["size"] * frame["district"].map({"a": 1.0, "b": 1.5, "c": 2.0}) + rng.normal(0, 5, 300)
train = Pool(frame[:200], price[:200], cat_features=["district"])
test = Pool(frame[200:], price[200:], cat_features=["district"])

model = CatBoostRegressor(iterations=30, depth=4, learning_rate=0.3, random_seed=1, thread_count=1, verbose=10)
model.fit(train, eval_set=test)
rmse = float(np.sqrt(np.mean((model.predict(test) - price[200:]) ** 2)))
print("RMSE on test:", rmse)
model.save_model("prices.cbm")
