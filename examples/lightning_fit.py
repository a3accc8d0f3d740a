"""One line records a Lightning fit: hyperparameters, a curve of each metric, checkpoints and the model."""

import lightning
import torch
import trackline
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

trackline.autolog()


class Regression(lightning.LightningModule):
    def __init__(self, width: int = 16, lr: float = 0.01) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.net(inputs)

    def training_step(self, batch, number):
        loss = nn.functional.mse_loss(self(batch[0]), batch[1])
        self.log("train_loss", loss, on_epoch=True)
        return loss

    def validation_step(self, batch, number):
        self.log("val_loss", nn.functional.mse_loss(self(batch[0]), batch[1]))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)


lightning.seed_everything(1)
X = torch.randn(256, 4)
data = TensorDataset(X, X.sum(dim=1, keepdim=True))
trainer = lightning.Trainer(max_epochs=5, accelerator="cpu", logger=False, enable_progress_bar=False)
trainer.fit(Regression(), DataLoader(data, batch_size=32), DataLoader(data, batch_size=64))
print({key: round(value.item(), 4) for key, value in trainer.callback_metrics.items()})
