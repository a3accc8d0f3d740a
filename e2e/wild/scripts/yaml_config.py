"""Ridge regression by a YAML file: data from CSV, results as JSON, model pickled."""

import json
import logging
from pathlib import Path

import joblib
import pandas as pd
import yaml
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("train")


def main():
    config = yaml.safe_load(Path("config.yaml").read_text())
    data = pd.read_csv(config["data"]["path"])
    target = config["data"]["target"]
    X_train, X_test, y_train, y_test = train_test_split(
        data.drop(columns=target), data[target], test_size=config["data"]["test_size"], random_state=config["seed"]
    )
    model = Ridge(alpha=config["model"]["alpha"])
    model.fit(X_train, y_train)
    y_pred = model.predict(X_test)
    metrics = {"mse": mean_squared_error(y_test, y_pred), "r2": r2_score(y_test, y_pred)}
    log.info("mse %r", metrics["mse"])
    log.info("r2 %r", metrics["r2"])
    Path("metrics.json").write_text(json.dumps(metrics))
    joblib.dump(model, "model.joblib")


if __name__ == "__main__":
    main()
