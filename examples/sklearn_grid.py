"""A search over hyperparameters: one run for the search, and a child run for every candidate."""

import trackline as mlflow
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV

mlflow.autolog()

X, y = load_iris(return_X_y=True)
param_grid = {"n_estimators": [50, 100], "max_depth": [3, 5, None], "min_samples_split": [2, 4]}

with mlflow.start_run():
    GridSearchCV(RandomForestClassifier(random_state=42), param_grid, cv=5).fit(X, y)
    run = mlflow.active_run()

print(mlflow.get_run(run.info.run_id))
