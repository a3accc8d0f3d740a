"""A regression by formula: figures of merit, coefficients with their p-values, the summary and the model."""

import statsmodels.formula.api as smf
import trackline
from sklearn.datasets import load_diabetes

trackline.autolog()

table = load_diabetes(as_frame=True).frame
results = smf.ols("target ~ bmi + bp + s5", table).fit()
print(f"adjusted R squared: {results.rsquared_adj:.3f}")
