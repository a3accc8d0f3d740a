from lightgbm import LGBMClassifier
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
LGBMClassifier(n_estimators=4, num_leaves=4, verbose=-1).fit(X_train, y_train, eval_set=[(X_test, y_test)])
