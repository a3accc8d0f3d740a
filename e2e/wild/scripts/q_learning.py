"""Tabular Q-learning: an agent in a class of its own, whose exploration its own method lowers."""

from dataclasses import dataclass

import numpy as np


@dataclass
class AgentConfig:
    alpha: float = 0.1
    gamma: float = 0.95


class Corridor:
    def __init__(self, length):
        self.length = length

    def reset(self):
        self.at = 0
        return self.at

    def step(self, action):
        self.at = min(max(self.at + (1 if action else -1), 0), self.length - 1)
        done = self.at == self.length - 1
        return self.at, 1.0 if done else -0.05, done


class Agent:
    def __init__(self, states, config):
        self.table = np.zeros((states, 2))
        self.config = config
        self.epsilon = 1.0
        self.epsilon_decay = 0.9
        self.memory = []

    def act(self, state, rng):
        return int(rng.integers(2)) if rng.random() < self.epsilon else int(self.table[state].argmax())

    def replay(self):
        for state, action, reward, following, done in self.memory:
            target = reward + (0 if done else self.config.gamma * self.table[following].max())
            self.table[state, action] += self.config.alpha * (target - self.table[state, action])
        self.memory.clear()
        if self.epsilon > 0.05:
            self.epsilon *= self.epsilon_decay


def main(episodes=30, longest=60):
    rng = np.random.default_rng(4)
    world = Corridor(length=6)
    agent = Agent(world.length, AgentConfig(alpha=0.3))
    for episode in range(episodes):
        state, total_reward, done = world.reset(), 0.0, False
        for _ in range(longest):
            action = agent.act(state, rng)
            following, reward, done = world.step(action)
            agent.memory.append((state, action, reward, following, done))
            state = following
            total_reward += reward
            if done:
                break
        agent.replay()
        if episode % 10 == 9:
            print(f"episode {episode}: reward {total_reward:.2f} epsilon {agent.epsilon:.3f}")


main()
