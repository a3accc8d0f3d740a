from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
RandomForestClassifier(n_estimators=5, max_depth=3, random_state=0).fit(X, y)
