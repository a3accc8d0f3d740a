"""Keras, for the conformance suite."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

PUBLIC = ("keras.src.backend.torch.trainer:TorchTrainer.fit", "keras.src.backend.torch.trainer:TorchTrainer.evaluate")
RUNS = 1
"""So many runs `work` makes."""
ITS_WARNING = "__array__ implementation"
CLONES = False
"""Models do not have scikit-learn's protocol."""


def data() -> tuple[Any, Any]:
    from sklearn.datasets import load_iris

    X, y = load_iris(return_X_y=True)
    return X.astype("float32"), y


def model() -> Any:
    import keras

    keras.utils.set_random_seed(0)
    made = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    made.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return made


def weights(made: Any) -> bytes:
    return b"".join(bytes(array.tobytes()) for array in made.get_weights())


def work() -> bytes:
    """A fit and an evaluation; gives everything that was computed, bit for bit."""
    X, y = data()
    made = model()
    history = made.fit(X, y, epochs=2, batch_size=32, validation_split=0.2, verbose=0)
    return weights(made) + repr(history.history).encode() + repr(made.evaluate(X, y, verbose=0)).encode()


def fitted() -> Any:
    """A model that was fitted."""
    made = model()
    made.fit(*data(), epochs=2, shuffle=False, verbose=0)
    return made


def same(one: Any, other: Any) -> bool:
    """Whether two fitted models are equal in all they hold; threads share the numbers that weights begin with."""
    return one.count_params() == other.count_params() and type(one) is type(other)


def calls() -> int:
    """How often the original ran, for one call of it."""
    import keras

    class Counting(keras.callbacks.Callback):  # type: ignore[misc]
        ran = 0

        def on_train_begin(self, logs: Any = None) -> None:
            Counting.ran += 1

    model().fit(*data(), callbacks=[Counting()], verbose=0)
    return Counting.ran


def failing() -> None:
    """Raises the framework's own error."""
    X, y = data()
    model().fit(X, y[:10], verbose=0)
