"""The same requests to the reference server, `mlflow server`, and to ours; their answers side by side."""
