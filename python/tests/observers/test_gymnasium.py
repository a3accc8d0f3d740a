"""Programs that train in environments of Gymnasium."""

from __future__ import annotations

from recorded import Recorded
from scripting import Scripts

EPISODES = """
import gymnasium as gym

env = gym.make("CartPole-v1", max_episode_steps=6, render_mode=None)
lengths = []
for episode in range(4):
    state, info = env.reset(seed=episode)
    rAll, done, steps = 0, False, 0
    while not done and steps < episode + 2:
        state, r, terminated, truncated, info = env.step(steps % 2)
        done = terminated or truncated
        rAll += r
        steps += 1
    lengths.append(steps)
env.close()
print(lengths)
"""


def test_which_environment_and_what_an_episode_returns(scripts: Scripts, recorded: Recorded) -> None:
    with_us, without = scripts.command(EPISODES), scripts.plain(EPISODES)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    run = recorded.run()
    told = {key: value for key, value in run.data.params.items() if key.startswith("env")}
    assert told == {"env_id": "CartPole-v1", "env.max_episode_steps": "6"}
    # One for each step of a pole that stands.
    assert recorded.curve(run, "rAll") == [(episode, episode + 2.0) for episode in range(4)]


def test_what_a_library_makes_is_its_own(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import gymnasium
    gymnasium.spec("CartPole-v1").make()
    print("accuracy:", 0.5)
    """
    scripts.command(code)
    assert "env_id" not in recorded.run().data.params
