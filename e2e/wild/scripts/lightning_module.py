"""Lightning: a module, a loader of random points, a checkpoint."""

import warnings

warnings.filterwarnings("ignore")
import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Regressor(L.LightningModule):
    def __init__(self, hidden=8, lr=0.05):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(nn.Linear(4, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def training_step(self, batch, index):
        x, y = batch
        loss = nn.functional.mse_loss(self.net(x), y)
        self.log("train_loss", loss, on_epoch=True)
        return loss

    def validation_step(self, batch, index):
        x, y = batch
        self.log("val_loss", nn.functional.mse_loss(self.net(x), y))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)


L.seed_everything(3)
x = torch.randn(128, 4)
data = TensorDataset(x, x.sum(1, keepdim=True))
trainer = L.Trainer(
    max_epochs=3, accelerator="cpu", logger=False, enable_progress_bar=False, enable_model_summary=False, log_every_n_steps=1
)
trainer.fit(Regressor(hidden=6), DataLoader(data, batch_size=32, shuffle=True), DataLoader(data, batch_size=64))
print("val_loss", trainer.callback_metrics["val_loss"].item())
trainer.save_checkpoint("regressor.ckpt")
