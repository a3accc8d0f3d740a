"""What loops without a framework have learned."""

from __future__ import annotations

import numpy as np
import trackline
from recorded import Recorded
from scripting import Scripts

DESCENT = """
import numpy as np
x = np.arange(12.0).reshape(4, 3) / 12
w, count = np.zeros(3), 0
for epoch in range(5):
    error = x @ w - 1
    loss = np.mean(error**2)
    w -= 0.1 * x.T @ error
    count += 1
    print(f"epoch {epoch} loss {loss:.4f}")
"""


def kept(recorded: Recorded) -> list[str]:
    return [path for path in recorded.files(recorded.run()) if path.endswith("learned.npz")]


def test_the_weights_of_a_loop(scripts: Scripts, recorded: Recorded) -> None:
    with_us, without = scripts.run(DESCENT), scripts.plain(DESCENT)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    run = recorded.run()
    (found,) = trackline.list_checkpoints(run.info.run_id)
    assert (found["path"], found["step"], found["metrics"]) == ("checkpoints/step_4/learned.npz", 4, {"loss": run.data.metrics["loss"]})
    space: dict[str, object] = {"print": lambda *_: None}
    exec(DESCENT, space)  # noqa: S102
    arrays = trackline.load_checkpoint(run.info.run_id)
    assert list(arrays) == ["w"]
    assert np.array_equal(arrays["w"], space["w"])


def test_attributes_and_trees(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np

    class Perceptron:
        def __init__(self):
            self.w = np.zeros(2)

        def fit(self, epochs):
            for epoch in range(epochs):
                self.w += 0.5
                print(f"epoch {epoch} loss {1 / (epoch + 1)}")

    def step(params):
        return {"layer": [params["layer"][0] + 1.0]}

    model = Perceptron()
    model.fit(3)
    params = {"layer": [np.ones(2)]}
    for turn in range(2):
        params = step(params)
    """
    assert scripts.run(code).returncode == 0
    arrays = trackline.load_checkpoint(recorded.run().info.run_id)
    assert {name: array.tolist() for name, array in arrays.items()} == {"model.w": [1.5, 1.5], "params.layer.0": [3.0, 3.0]}


def test_a_script_that_writes_its_arrays_or_trains_with_a_library(scripts: Scripts, recorded: Recorded) -> None:
    assert scripts.run(DESCENT + "np.save('w.npy', w)\n").returncode == 0
    assert kept(recorded) == []


def test_data_that_loops_make_is_nothing_learned(scripts: Scripts, recorded: Recorded) -> None:
    code = "import numpy as np\nrows = np.zeros(5)\nfor i in range(5):\n    rows = rows + i\nprint('accuracy:', 0.5)\n"
    assert scripts.run(code).returncode == 0
    assert kept(recorded) == []


def test_an_array_that_is_filled_is_a_curve(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np
    rewards = np.zeros(4)
    for episode in range(4):
        rewards[episode] = episode / 2
    errors = np.ones(3) / 3
    """
    assert scripts.run(code).returncode == 0
    run = recorded.run()
    assert recorded.curve(run, "rewards") == [(0, 0.0), (1, 0.5), (2, 1.0), (3, 1.5)]
    assert "errors" not in run.data.metrics


FUNCTIONS = """
import numpy as np

class Perceptron:
    def __init__(self):
        self.w = np.zeros(2)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.w = self.w + 0.5
            print(f"epoch {epoch} loss {1 / (epoch + 1)}")

def train(epochs):
    centres, steps = np.zeros((2, 1)), 0
    for epoch in range(epochs):
        centres = centres - 0.25
        steps = steps + 1
    centres.resize(1)
    return steps

def main():
    model = Perceptron()
    model.fit(1)
    model.fit(2)
    return train(3)

print(main())
"""


def test_variables_of_functions_and_objects_that_are_gone(scripts: Scripts, recorded: Recorded) -> None:
    with_us, without = scripts.command(FUNCTIONS), scripts.plain(FUNCTIONS)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    arrays = trackline.load_checkpoint(recorded.run().info.run_id)
    assert {name: array.tolist() for name, array in arrays.items()} == {"Perceptron.w": [1.5, 1.5], "centres": [[-0.75], [-0.75]]}


def test_loops_that_are_steps_of_others_leave_nothing(scripts: Scripts, recorded: Recorded) -> None:
    code = FUNCTIONS.replace("return train(3)", "return [train(1) for _ in range(600)][-1]")
    assert scripts.command(code).returncode == 0
    assert list(trackline.load_checkpoint(recorded.run().info.run_id)) == ["Perceptron.w"]


def test_a_fit_without_a_curve(scripts: Scripts, recorded: Recorded) -> None:
    code = FUNCTIONS.replace("            print(", "            str(").replace("def main():", "def main():\n    print('score:', 0.5)")
    assert scripts.command(code).returncode == 0
    assert list(trackline.load_checkpoint(recorded.run().info.run_id)) == ["Perceptron.w", "centres"]
    assert scripts.command(code.replace("def fit", "def warm").replace("model.fit", "model.warm").replace("train(", "run_all(")).returncode == 0
    assert sorted(len(trackline.list_checkpoints(run.info.run_id)) for run in recorded.runs()) == [0, 1]
