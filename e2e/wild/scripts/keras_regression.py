"""Keras on made-up data, with early stopping and the best weights on disk."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(42)
x = np.random.normal(size=(240, 6)).astype("float32")
y = (x @ np.arange(6) + 0.1 * np.random.normal(size=240)).astype("float32")

model = keras.Sequential([keras.Input((6,)), layers.Dense(12, activation="relu"), layers.Dropout(0.1), layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.02), loss="mse", metrics=["mae"])
callbacks = [
    keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
    keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True),
]
history = model.fit(x[:200], y[:200], batch_size=40, epochs=5, validation_split=0.2, callbacks=callbacks, verbose=2)
score = model.evaluate(x[200:], y[200:], verbose=0)
print("Test loss:", score[0])
print("Test MAE:", score[1])
model.save("final.keras")
