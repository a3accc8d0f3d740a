import numpy as np
import statsmodels.api as sm

X = np.random.default_rng(0).normal(size=(50, 3))
y = X @ [1.0, 2.0, 0.0] + np.random.default_rng(1).normal(size=50)
sm.OLS(y, sm.add_constant(X)).fit()
