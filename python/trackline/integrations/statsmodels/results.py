"""What the results of a fit say: figures of merit, coefficients and the summary."""

from __future__ import annotations

import math
from typing import Any

from trackline import _native

METRICS = (
    *("aic", "bic", "centered_tss", "condition_number", "df_model", "df_resid", "ess", "f_pvalue", "fvalue", "llf"),
    *("mse_model", "mse_resid", "mse_total", "rsquared", "rsquared_adj", "scale", "ssr", "uncentered_tss"),
    *("aicc", "deviance", "hqic", "llnull", "llr", "llr_pvalue", "null_deviance", "pearson_chi2", "prsquared", "sse"),
)
COLUMNS = {"coefficient": "params", "std_error": "bse", "statistic": "tvalues", "p_value": "pvalues"}


def metrics(result: Any) -> dict[str, float]:
    """The figures that these results have; one that is not finite (the residual degrees of freedom of ARIMA) says
    nothing."""
    found = {}
    for key in METRICS:
        value = _of(result, key)
        if isinstance(value, int | float) or getattr(value, "shape", None) == ():
            number = float(value)
            if math.isfinite(number):
                found[key] = number
    return found


def coefficients(result: Any) -> str | None:
    """A row for each coefficient, as CSV; none where there are several equations."""
    values = _array(_of(result, "params"))
    if values is None or values.ndim != 1:
        return None
    names = [str(name) for name in getattr(_of(result, "params"), "index", ())] or _names(result, len(values))
    columns: list[tuple[str, list[Any]]] = [("name", names)]
    for title, attribute in COLUMNS.items():
        found = _array(_of(result, attribute))
        if found is not None and found.shape == values.shape:
            columns.append((title, found.tolist()))
    interval = _array(_called(result, "conf_int"))
    if interval is not None and interval.shape == (len(values), 2):
        columns += [("from_95", interval[:, 0].tolist()), ("to_95", interval[:, 1].tolist())]
    return _native.write_csv(columns)


def summary(result: Any) -> str | None:
    """What `summary()` shows, where there is one."""
    found = _called(result, "summary")
    return None if found is None else str(found.as_text())


def _names(result: Any, count: int) -> list[str]:
    names = _of(result.model, "param_names") or _of(result.model, "exog_names") or []
    return list(map(str, names)) if len(names) == count else [f"x{number}" for number in range(count)]


def _array(value: Any) -> Any:
    import numpy as np

    return None if value is None else np.asarray(value)


def _of(owner: Any, name: str) -> Any:
    """Results compute their figures when they are asked for, and not all kinds can."""
    try:
        return getattr(owner, name, None)
    except Exception:
        return None


def _called(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name)()
    except Exception:
        return None  # As above.
