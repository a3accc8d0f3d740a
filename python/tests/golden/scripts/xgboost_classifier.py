from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

X, y = load_iris(return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
XGBClassifier(n_estimators=4, max_depth=2).fit(X_train, y_train, eval_set=[(X_test, y_test)], verbose=False)
