"""Credit risk on made-up customers: a pipeline over mixed columns, its scores and pictures."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay, RocCurveDisplay, accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

rng = np.random.default_rng(7)
N = 400
customers = pd.DataFrame({
    "age": rng.integers(18, 80, N).astype(float),
    "income": rng.lognormal(10, 0.5, N),
    "city": rng.choice(["Riga", "Oslo", "Bern"], N),
})
customers.loc[::17, "income"] = np.nan
default = (customers["age"] + rng.normal(0, 15, N) < 40).astype(int)

numeric = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
columns = ColumnTransformer([("num", numeric, ["age", "income"]), ("cat", OneHotEncoder(handle_unknown="ignore"), ["city"])])
model = Pipeline([("columns", columns), ("classifier", LogisticRegression(C=0.5, max_iter=200))])

X_train, X_test, y_train, y_test = train_test_split(customers, default, test_size=0.25, random_state=0)
model.fit(X_train, y_train)
predicted = model.predict(X_test)
accuracy = accuracy_score(y_test, predicted)
auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])
print(f"accuracy {accuracy!r}")
print(f"F1 {f1_score(y_test, predicted)!r}")
print(f"AUC {auc!r}")

ConfusionMatrixDisplay.from_predictions(y_test, predicted)
plt.savefig("confusion.png")
RocCurveDisplay.from_estimator(model, X_test, y_test)
plt.savefig("roc.png")
