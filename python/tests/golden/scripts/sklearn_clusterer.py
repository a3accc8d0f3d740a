from sklearn.cluster import KMeans
from sklearn.datasets import load_iris

X, y = load_iris(return_X_y=True)
KMeans(n_clusters=3, n_init=1, random_state=0).fit(X)
