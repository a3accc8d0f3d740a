from scipy.stats import loguniform
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import RandomizedSearchCV

X, y = load_diabetes(return_X_y=True)
RandomizedSearchCV(Ridge(), {"alpha": loguniform(0.01, 10)}, n_iter=4, cv=3, random_state=0).fit(X, y)
