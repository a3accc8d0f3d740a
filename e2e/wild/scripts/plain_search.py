"""How deep a forest has to be: a loop by hand over two settings, the best of them kept."""

import itertools
import pickle

from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

SEED = 3
X, y = load_wine(return_X_y=True)
best = (0.0, None)
for depth, trees in itertools.product([1, 3], [5, 15]):
    forest = RandomForestClassifier(max_depth=depth, n_estimators=trees, random_state=SEED)
    score = cross_val_score(forest, X, y, cv=3).mean()
    print(f"max_depth={depth} n_estimators={trees} score={score:.4f}")
    if score > best[0]:
        best = (score, forest)

best_score, winner = best
winner.fit(X, y)
print("best score", best_score)
with open("forest.pkl", "wb") as file:
    pickle.dump(winner, file)
