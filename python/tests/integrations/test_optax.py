"""Optax: what a script trains, and with what."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax
import pytest
import trackline
from recorded import Recorded


pytestmark = pytest.mark.usefixtures("autolog")


def loss_of(params: dict[str, Any], x: jax.Array, y: jax.Array) -> jax.Array:
    return jnp.mean((x @ params["layer"]["w"] + params["b"] - y) ** 2)


def train(optimizer: optax.GradientTransformation, compiled: bool) -> tuple[Any, float]:
    x = jnp.arange(12.0).reshape(4, 3) / 12
    y = jnp.ones(4)
    params = {"layer": {"w": jnp.zeros(3)}, "b": jnp.zeros(())}
    state = optimizer.init(params)

    def step(params: Any, state: Any) -> tuple[Any, Any, jax.Array]:
        loss, gradients = jax.value_and_grad(loss_of)(params, x, y)
        updates, state = optimizer.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, loss

    step = jax.jit(step) if compiled else step
    for _ in range(3):
        params, state, loss = step(params, state)
    return params, float(loss)


@pytest.mark.parametrize("compiled", [True, False])
def test_an_optimizer_and_the_parameters_that_it_trains(recorded: Recorded, compiled: bool) -> None:
    schedule = optax.cosine_decay_schedule(init_value=0.25, decay_steps=10)
    optimizer = optax.chain(optax.clip_by_global_norm(1.5), optax.adamw(schedule, b1=0.8))
    train(optimizer, compiled)
    run = recorded.run()
    params = run.data.params
    assert (params["optimizer_name"], params["b1"], params["b2"]) == ("adamw", "0.8", "0.999")
    assert (params["lr_scheduler"], params["lr_scheduler.init_value"]) == ("cosine_decay_schedule", "0.25")
    assert params["clip_by_global_norm.max_norm"] == "1.5"
    assert (params["total_parameters"], params["dtype"]) == ("4", "float32")
    assert "learning_rate" not in params


def test_the_tree_of_the_parameters(recorded: Recorded) -> None:
    train(optax.sgd(0.1, momentum=0.9), compiled=True)
    run = recorded.run()
    assert (run.data.params["learning_rate"], run.data.params["momentum"]) == ("0.1", "0.9")
    tree = recorded.document(run, "structure")
    assert (tree["class"], tree["parameters"]) == ("dict", 4)
    found = {child["name"]: (child["parameters"], [leaf["name"] for leaf in child["children"]]) for child in tree["children"]}
    assert found == {"b": (1, []), "layer": (3, ["w"])}


def test_a_second_optimizer_has_the_name_of_its_variable(recorded: Recorded) -> None:
    generator = optax.adam(0.5)
    critic = optax.sgd(0.25)
    train(generator, compiled=True)
    train(critic, compiled=True)
    params = recorded.run().data.params
    assert (params["optimizer_name"], params["learning_rate"]) == ("adam", "0.5")
    assert (params["critic.optimizer_name"], params["critic.learning_rate"]) == ("sgd", "0.25")


def test_results_are_those_without(recorded: Recorded) -> None:
    with_us = train(optax.adam(0.1), compiled=True)
    trackline.autolog(disable=True)
    without = train(optax.adam(0.1), compiled=True)
    assert jax.tree.all(jax.tree.map(lambda a, b: bool(jnp.all(a == b)), with_us, without))


def test_hyperparameters_that_are_state(recorded: Recorded) -> None:
    optimizer = optax.inject_hyperparams(optax.adam)(learning_rate=0.125)
    state = optimizer.init({"w": jnp.zeros(2)})
    assert float(state.hyperparams["learning_rate"]) == 0.125


def test_the_optimizers_that_come_with_jax(recorded: Recorded) -> None:
    from jax.example_libraries import optimizers

    init, _, get_params = optimizers.momentum(step_size=0.1, mass=0.9)
    assert jnp.array_equal(get_params(init(jnp.ones(2))), jnp.ones(2))
    with trackline.start_run():
        trackline.log_metric("loss", 0.5)
    assert recorded.run().data.params == {"optimizer_name": "momentum", "step_size": "0.1", "mass": "0.9"}
