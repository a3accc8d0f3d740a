"""The backend is chosen before Keras is imported."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")
