"""One line records a training loop in plain PyTorch: losses, learning rate, data, model and checkpoints."""

import torch
import trackline
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

trackline.autolog()

torch.manual_seed(7)
X = torch.randn(640, 20)
y = (X[:, :5].sum(dim=1) > 0).long()
train_set, val_set = random_split(TensorDataset(X, y), [512, 128])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
val_loader = DataLoader(val_set, batch_size=128)

model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=1e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.5)

for epoch in range(6):
    model.train()
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    scheduler.step()

    model.eval()
    correct = 0
    with torch.no_grad():
        for inputs, labels in val_loader:
            correct += (model(inputs).argmax(dim=1) == labels).sum().item()
    val_accuracy = correct / len(val_set)
    print(f"epoch {epoch}: loss {loss.item():.4f}, accuracy {val_accuracy:.3f}")
    torch.save({"epoch": epoch, "model": model.state_dict()}, "checkpoint.pt")
