"""One line records an XGBoost fit: parameters, scores, feature importance, data and the model."""

import trackline as mlflow
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

mlflow.autolog()

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)

model = XGBClassifier(n_estimators=100, max_depth=3).fit(X_train, y_train)
print(f"accuracy on the test data: {model.score(X_test, y_test):.3f}")
