"""A small network on spirals: options, a scheduler, validation, a checkpoint an epoch."""

import argparse
import os

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=4)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--hidden", type=int, default=16)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--out", default="checkpoints_of_spirals")


def evaluate(model, loader, criterion):
    model.eval()
    total, correct, seen = 0.0, 0, 0
    with torch.no_grad():
        for points, labels in loader:
            output = model(points)
            total += criterion(output, labels).item() * len(labels)
            correct += (output.argmax(1) == labels).sum().item()
            seen += len(labels)
    return total / seen, correct / seen


def main():
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    angle = torch.rand(300) * 6
    labels = torch.randint(0, 2, (300,))
    points = torch.stack([angle * torch.cos(angle + 3 * labels), angle * torch.sin(angle + 3 * labels)], 1)
    train_set, val_set = random_split(TensorDataset(points, labels), [240, 60])
    train_loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=args.batch_size)
    model = nn.Sequential(nn.Linear(2, args.hidden), nn.ReLU(), nn.Linear(args.hidden, 2))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    os.makedirs(args.out, exist_ok=True)
    for epoch in range(1, args.epochs + 1):
        model.train()
        for points, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(points), labels)
            loss.backward()
            optimizer.step()
        scheduler.step()
        val_loss, val_acc = evaluate(model, val_loader, criterion)
        print(f"Epoch {epoch}/{args.epochs} - val loss: {val_loss:.6f} - val acc: {val_acc:.4f}")
        torch.save({"epoch": epoch, "model": model.state_dict()}, f"{args.out}/epoch_{epoch}.pt")
    print(f"Finished with accuracy {val_acc}")


if __name__ == "__main__":
    main()
