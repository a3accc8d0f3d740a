import argparse

import numpy as np
import tensorflow as tf

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--epochs", type=int, default=5)
args = parser.parse_args()

tf.keras.utils.set_random_seed(7)
rng = np.random.default_rng(0)
x = rng.random((240, 6), dtype="float32")
y = x @ rng.random((6, 1), dtype="float32")
train_data = tf.data.Dataset.from_tensor_slices((x[:200], y[:200])).shuffle(200, seed=2).batch(25)
test_data = tf.data.Dataset.from_tensor_slices((x[200:], y[200:])).batch(25)


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = tf.keras.layers.Dense(12, activation="relu")
        self.out = tf.keras.layers.Dense(1)

    def call(self, inputs):
        return self.out(self.hidden(inputs))


model = Net()
optimizer = tf.keras.optimizers.Adam(args.lr)
loss_object = tf.keras.losses.MeanSquaredError()
train_loss = tf.keras.metrics.Mean(name="train_loss")
test_loss = tf.keras.metrics.Mean(name="test_loss")
writer = tf.summary.create_file_writer("logs")
manager = tf.train.CheckpointManager(tf.train.Checkpoint(model=model, optimizer=optimizer), "checkpoints", max_to_keep=2)


@tf.function
def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = loss_object(targets, model(inputs, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    train_loss(loss)


for epoch in range(args.epochs):
    train_loss.reset_state()
    test_loss.reset_state()
    for inputs, targets in train_data:
        train_step(inputs, targets)
    for inputs, targets in test_data:
        test_loss(loss_object(targets, model(inputs)))
    with writer.as_default():
        tf.summary.scalar("learning/rate", optimizer.learning_rate, step=epoch)
    print(f"Epoch {epoch + 1}, Loss: {train_loss.result():.5f}, Test Loss: {test_loss.result():.5f}")
    manager.save()
