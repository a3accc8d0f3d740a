"""Logistic regression in JAX with optax and a schedule."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

LEARNING_RATE = 0.1
NUM_STEPS = 40
BATCH_SIZE = 64

key = jax.random.PRNGKey(0)
true_w = jnp.array([1.0, -2.0, 0.5])
features = jax.random.normal(key, (512, 3))
labels = (features @ true_w > 0).astype(jnp.float32)


def loss_fn(params, x, y):
    logits = x @ params["w"] + params["b"]
    return optax.sigmoid_binary_cross_entropy(logits, y).mean()


schedule = optax.exponential_decay(LEARNING_RATE, transition_steps=10, decay_rate=0.9)
optimizer = optax.adam(schedule)
params = {"w": jnp.zeros(3), "b": jnp.zeros(())}
opt_state = optimizer.init(params)


@jax.jit
def train_step(params, opt_state, x, y):
    loss, grads = jax.value_and_grad(loss_fn)(params, x, y)
    updates, opt_state = optimizer.update(grads, opt_state, params)
    return optax.apply_updates(params, updates), opt_state, loss


for step in range(NUM_STEPS):
    rows = np.arange(step * BATCH_SIZE, (step + 1) * BATCH_SIZE) % 512
    params, opt_state, loss = train_step(params, opt_state, features[rows], labels[rows])
    if step % 10 == 0:
        print(f"step {step}, loss {loss}")

accuracy = float((((features @ params["w"] + params["b"]) > 0) == labels).mean())
print("accuracy:", accuracy)
np.savez("weights.npz", w=params["w"], b=params["b"])
