"""Keras on any backend: curves of both sets, the learning rate, early stopping, layers and the model."""

import keras
import trackline
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

trackline.autolog()
keras.utils.set_random_seed(42)

X, y = make_moons(600, noise=0.2, random_state=42)
X_train, X_test, y_train, y_test = train_test_split(X.astype("float32"), y.astype("float32"), random_state=42)

model = keras.Sequential(
    [keras.Input((2,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
model.fit(X_train, y_train, epochs=20, validation_split=0.2, callbacks=[stop], verbose=0)
print(f"test accuracy: {model.evaluate(X_test, y_test, verbose=0)[1]:.3f}")
