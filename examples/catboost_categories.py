"""CatBoost on a table with categories: curves of both sets, resolved parameters, importance and the model."""

import pandas as pd
import trackline
from catboost import CatBoostClassifier
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

trackline.autolog()

X, y = load_wine(return_X_y=True, as_frame=True)
X["strength"] = pd.cut(X["alcohol"], 3, labels=["light", "medium", "strong"]).astype(str)
X_train, X_valid, y_train, y_valid = train_test_split(X, y, random_state=42)

model = CatBoostClassifier(iterations=200, depth=3, verbose=False, allow_writing_files=False)
model.fit(X_train, y_train, cat_features=["strength"], eval_set=(X_valid, y_valid), early_stopping_rounds=10)
print(f"best iteration: {model.get_best_iteration()}")
