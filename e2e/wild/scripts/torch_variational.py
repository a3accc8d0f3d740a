"""Variational autoencoder of pictures that are drawn one by one: a loss of two terms, checkpoints that get their name last."""

import os
import shutil
from functools import partial

import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, Dataset


class Discs(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, number):
        y, x = torch.meshgrid(torch.arange(12.0), torch.arange(12.0), indexing="ij")
        radius = 2 + number % 4
        return ((x - 6) ** 2 + (y - 6) ** 2 < radius**2).float()[None], number % 4


class VAE(torch.nn.Module):
    def __init__(self, latent_dim):
        super().__init__()
        self.encoder = torch.nn.Linear(144, 2 * latent_dim)
        self.decoder = torch.nn.Linear(latent_dim, 144)

    def forward(self, image):
        mean, log_variance = self.encoder(image.flatten(1)).chunk(2, dim=1)
        code = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        return self.decoder(code), mean, log_variance


def warm_up(step, num_warmup_steps):
    return min(1.0, (step + 1) / num_warmup_steps)


def save(model, path):
    torch.save(model.state_dict(), f"{path}.tmp")
    os.replace(f"{path}.tmp", path)


def train(model, epochs, beta):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    schedule = LambdaLR(optimizer, partial(warm_up, num_warmup_steps=6))
    best = float("inf")
    for epoch in range(epochs):
        total = 0.0
        for image, _ in DataLoader(Discs(), batch_size=16, shuffle=True):
            made, mean, log_variance = model(image)
            bce = F.binary_cross_entropy_with_logits(made, image.flatten(1))
            kl = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).mean()
            loss = bce + beta * kl
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch}: mean loss {total / 6:.4f}")
        save(model, f"vae_{epoch}.pt")
        if total < best:
            best = total
            shutil.copyfile(f"vae_{epoch}.pt", "vae_best.pt")


torch.manual_seed(3)
train(VAE(latent_dim=4), epochs=4, beta=0.2)
