"""Churn with LightGBM's scikit-learn interface and an evaluation set."""

import lightgbm as lgb
from sklearn.datasets import make_classification
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

X, y = make_classification(n_samples=500, n_features=12, n_informative=5, random_state=11)
X_train, X_val, y_train, y_val = train_test_split(X, y, random_state=11)

gbm = lgb.LGBMClassifier(num_leaves=15, learning_rate=0.1, n_estimators=25, n_jobs=1, verbose=-1)
gbm.fit(X_train, y_train, eval_set=[(X_val, y_val)], eval_metric="auc", callbacks=[lgb.log_evaluation(5)])

loss = log_loss(y_val, gbm.predict_proba(X_val))
print(f"The log loss of prediction is: {loss}")
gbm.booster_.save_model("model.txt")
