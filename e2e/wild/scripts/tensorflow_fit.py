import numpy as np
import tensorflow as tf
from tensorflow import keras

BATCH_SIZE = 32
EPOCHS = 4

keras.utils.set_random_seed(3)
features = np.random.default_rng(0).random((260, 5), dtype="float32")
labels = (features.sum(axis=1) > 2.5).astype("int32")
train = tf.data.Dataset.from_tensor_slices((features[:200], labels[:200])).shuffle(200, seed=1).batch(BATCH_SIZE)
held_out = tf.data.Dataset.from_tensor_slices((features[200:], labels[200:])).batch(BATCH_SIZE)

model = keras.Sequential([keras.layers.Input((5,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2)])
model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(train, epochs=EPOCHS, validation_data=held_out, verbose=2)
model.export("served", verbose=False)
