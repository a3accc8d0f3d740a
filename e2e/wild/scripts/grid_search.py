"""Which SVM tells digits apart: a grid search, a report on what was held back, the winner on disk."""

import joblib
from sklearn import datasets, metrics, svm
from sklearn.model_selection import GridSearchCV, train_test_split

digits = datasets.load_digits(n_class=5)
X_train, X_test, y_train, y_test = train_test_split(digits.data[:300], digits.target[:300], test_size=0.3, random_state=1)

search = GridSearchCV(svm.SVC(), {"C": [0.1, 10], "gamma": [0.0005, 0.01]}, cv=3, scoring="f1_macro")
search.fit(X_train, y_train)

print("Best parameters:", search.best_params_)
print("Best CV score:", search.best_score_)
predictions = search.predict(X_test)
print(metrics.classification_report(y_test, predictions))
print("Test accuracy:", metrics.accuracy_score(y_test, predictions))
joblib.dump(search.best_estimator_, "svm.joblib")
