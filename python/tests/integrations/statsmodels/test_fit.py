"""Fits of statsmodels."""

from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
import trackline
from recorded import Recorded
from statsmodels.tsa.arima.model import ARIMA

generator = np.random.default_rng(0)
X = pd.DataFrame(generator.normal(size=(60, 3)), columns=["a", "b", "c"])
y = X["a"] * 2 + generator.normal(size=60)
table = X.assign(y=y)


def test_a_formula(autolog: None, recorded: Recorded) -> None:
    results = smf.ols("y ~ a + b", table).fit()
    run = recorded.run()
    assert run.data.tags["mlflow.autologging"] == "statsmodels"
    assert run.data.tags["estimator_name"] == "OLS"
    assert run.data.params["formula"] == "y ~ a + b"
    assert run.data.params["method"] == "pinv"
    assert "kwargs" not in run.data.params
    for key in ("rsquared", "aic", "f_pvalue", "condition_number"):
        assert run.data.metrics[key] == getattr(results, key)
    (item,) = run.inputs.dataset_inputs
    assert item.dataset.name == "table"
    assert "R-squared" in recorded.text(run, "model_summary.txt")


def test_coefficients_as_a_table(autolog: None, recorded: Recorded) -> None:
    results = smf.ols("y ~ a + b", table).fit()
    rows = list(csv.DictReader(io.StringIO(recorded.text(recorded.run(), "coefficients.csv"))))
    assert [row["name"] for row in rows] == ["Intercept", "a", "b"]
    assert [float(row["coefficient"]) for row in rows] == results.params.tolist()
    assert [float(row["p_value"]) for row in rows] == results.pvalues.tolist()
    assert [float(row["from_95"]) for row in rows] == results.conf_int()[0].tolist()


def test_arrays_with_their_labels(autolog: None, recorded: Recorded) -> None:
    features = X.to_numpy()
    sm.OLS(y.to_numpy(), features).fit()
    run = recorded.run()
    (item,) = run.inputs.dataset_inputs
    assert item.dataset.name == "features"
    assert json.loads(item.dataset.profile)["targets_shape"] == [60]


def test_a_logit_regularized_or_not(autolog: None, recorded: Recorded) -> None:
    model = sm.Logit((y > 0).astype(int), sm.add_constant(X))
    results = model.fit(disp=0)
    model.fit_regularized(disp=0)
    plain, regularized = recorded.runs()
    assert plain.data.metrics["prsquared"] == results.prsquared
    assert regularized.data.params["method"] == "l1"


def test_a_family(autolog: None, recorded: Recorded) -> None:
    results = sm.GLM((y > 0).astype(int), X, family=sm.families.Binomial()).fit()
    run = recorded.run()
    assert run.data.params["family"] == "Binomial"
    assert run.data.metrics["deviance"] == results.deviance


def test_a_time_series_has_no_infinite_metric(autolog: None, recorded: Recorded) -> None:
    results = ARIMA(y.to_numpy(), order=(1, 0, 0)).fit()
    run = recorded.run()
    assert math.isinf(results.df_resid)
    assert "df_resid" not in run.data.metrics
    assert run.data.metrics["aic"] == results.aic
    assert run.data.params["order"] == "(1, 0, 0)"
    loaded = trackline.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    predicted = loaded.predict(pd.DataFrame({"start": [60], "end": [62]}))
    assert (predicted == results.predict(60, 62)).all()


def test_the_model_loads_again(autolog: None, recorded: Recorded) -> None:
    results = smf.ols("y ~ a + b", table).fit()
    uri = f"runs:/{recorded.run().info.run_id}/model"
    assert (trackline.statsmodels.load_model(uri).predict(table) == results.predict(table)).all()
    assert (trackline.pyfunc.load_model(uri).predict(X) == results.predict(table)).all()


def test_tests_and_measures_that_the_user_calls(autolog: None, recorded: Recorded) -> None:
    from statsmodels.stats.stattools import durbin_watson
    from statsmodels.tools.eval_measures import rmse

    results = smf.ols("y ~ a", table).fit()
    results.summary()
    assert "durbin_watson" not in recorded.run().data.metrics
    watson, error = durbin_watson(results.resid), rmse(y, results.fittedvalues)
    durbin_watson(results.resid[10:])
    statistic, p_value = sm.tsa.adfuller(y.cumsum(), result_object=False)[:2]
    run = recorded.run()
    assert recorded.curve(run, "durbin_watson")[0] == (0, watson)
    assert len(recorded.curve(run, "durbin_watson")) == 2
    measured = {key: run.data.metrics[key] for key in ("rmse", "adfuller_statistic", "adfuller_pvalue")}
    assert measured == {"rmse": error, "adfuller_statistic": statistic, "adfuller_pvalue": p_value}
