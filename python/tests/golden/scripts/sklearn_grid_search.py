from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV

X, y = load_iris(return_X_y=True)
grid = {"n_estimators": [3, 5], "max_depth": [1, None]}
GridSearchCV(RandomForestClassifier(random_state=0), grid, cv=2).fit(X, y)
