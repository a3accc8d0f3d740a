import pytorch_lightning
import torch
from pytorch_lightning.callbacks import EarlyStopping
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Regression(pytorch_lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(4, 1)

    def forward(self, inputs):
        return self.net(inputs)

    def training_step(self, batch, number):
        loss = nn.functional.mse_loss(self(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch, number):
        self.log("val_loss", nn.functional.mse_loss(self(batch[0]), batch[1]))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.1)


pytorch_lightning.seed_everything(1)
X = torch.randn(64, 4)
data = TensorDataset(X, X.sum(dim=1, keepdim=True))
trainer = pytorch_lightning.Trainer(
    max_epochs=6,
    callbacks=[EarlyStopping("val_loss", patience=1, min_delta=1.0)],
    accelerator="cpu",
    logger=False,
    enable_progress_bar=False,
    enable_model_summary=False,
)
trainer.fit(Regression(), DataLoader(data, batch_size=16), DataLoader(data, batch_size=64))
