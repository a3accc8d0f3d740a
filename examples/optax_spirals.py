"""A network in JAX, trained by Optax: optimizer, schedule and parameters are recorded. Run it as `trackline run
examples/optax_spirals.py`, and the loss of its loop is too."""

import jax
import jax.numpy as jnp
import optax
import trackline

trackline.autolog()

turns = jax.random.uniform(jax.random.key(0), (400,)) * 6
side = jnp.arange(400) % 2
angle = turns + side * jnp.pi
X = jnp.stack([turns * jnp.cos(angle), turns * jnp.sin(angle)], axis=1) / 6

schedule = optax.cosine_decay_schedule(init_value=0.02, decay_steps=500)
optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(schedule))


def layer(key: jax.Array, inputs: int, outputs: int) -> dict[str, jax.Array]:
    return {"w": jax.random.normal(key, (inputs, outputs)) / inputs**0.5, "b": jnp.zeros(outputs)}


keys = jax.random.split(jax.random.key(1), 3)
params = [layer(key, *sizes) for key, sizes in zip(keys, [(2, 32), (32, 32), (32, 2)], strict=True)]
state = optimizer.init(params)


def forward(params: list[dict[str, jax.Array]], x: jax.Array) -> jax.Array:
    for part in params[:-1]:
        x = jnp.tanh(x @ part["w"] + part["b"])
    return x @ params[-1]["w"] + params[-1]["b"]


def cross_entropy(params: list[dict[str, jax.Array]]) -> jax.Array:
    return optax.softmax_cross_entropy_with_integer_labels(forward(params, X), side).mean()


@jax.jit
def step(params, state):  # type: ignore[no-untyped-def]
    loss, gradients = jax.value_and_grad(cross_entropy)(params)
    updates, state = optimizer.update(gradients, state, params)
    return optax.apply_updates(params, updates), state, loss


for _ in range(500):
    params, state, loss = step(params, state)
accuracy = (forward(params, X).argmax(1) == side).mean()
print(f"accuracy: {accuracy:.3f}")
