"""Ordinary least squares by formula, and what the residuals look like."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

rng = np.random.default_rng(5)
data = pd.DataFrame({"hours": rng.uniform(0, 10, 80), "sleep": rng.uniform(4, 9, 80)})
data["mark"] = 3 * data["hours"] + 2 * data["sleep"] + rng.normal(0, 2, 80)
results = smf.ols("mark ~ hours + sleep", data=data).fit()
print("R2", results.rsquared)
print("AIC", results.aic)
plt.scatter(results.fittedvalues, results.resid)
plt.title("residuals")
plt.show()
