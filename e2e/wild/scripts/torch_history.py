"""Autoencoder of sine waves: a progress bar, a history dict written as JSON, a curve as picture."""

import json
import random

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from tqdm import tqdm

CONFIG = {"latent_dim": 3, "lr": 5e-3, "weight_decay": 1e-4, "num_epochs": 6}
random.seed(1)
np.random.seed(1)
torch.manual_seed(1)


class AutoEncoder(torch.nn.Module):
    def __init__(self, width, latent_dim):
        super().__init__()
        self.encoder = torch.nn.Linear(width, latent_dim)
        self.decoder = torch.nn.Linear(latent_dim, width)

    def forward(self, x):
        return self.decoder(torch.tanh(self.encoder(x)))


time = torch.linspace(0, 6.28, 24)
waves = torch.stack([torch.sin(time * f + p) for f in (1, 2) for p in np.random.rand(60)])
model = AutoEncoder(24, CONFIG["latent_dim"])
optimizer = torch.optim.AdamW(model.parameters(), lr=CONFIG["lr"], weight_decay=CONFIG["weight_decay"])
history = {"train_loss": [], "val_loss": []}
progress = tqdm(range(CONFIG["num_epochs"]))
for epoch in progress:
    losses = []
    for batch in waves[:100].split(20):
        loss = F.mse_loss(model(batch), batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        val_loss = F.mse_loss(model(waves[100:]), waves[100:]).item()
    history["train_loss"].append(sum(losses) / len(losses))
    history["val_loss"].append(val_loss)
    progress.set_postfix(val_loss=val_loss)

print("final validation loss:", history["val_loss"][-1])
with open("history.json", "w") as file:
    json.dump(history, file)
fig, ax = plt.subplots()
ax.plot(history["train_loss"])
ax.plot(history["val_loss"])
fig.savefig("losses.png")
torch.save(model.state_dict(), "autoencoder.pth")
