"""Two layers of NumPy that learn XOR of noisy bits."""

import numpy as np

np.random.seed(1)
hidden_size = 8
learning_rate = 0.5
epochs = 60

bits = np.random.randint(0, 2, (200, 2))
X = bits + np.random.normal(0, 0.1, bits.shape)
y = (bits[:, :1] ^ bits[:, 1:]).astype(float)
W1 = np.random.randn(2, hidden_size)
b1 = np.zeros(hidden_size)
W2 = np.random.randn(hidden_size, 1)
b2 = np.zeros(1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


for epoch in range(epochs):
    h = np.tanh(X @ W1 + b1)
    p = sigmoid(h @ W2 + b2)
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    dz = (p - y) / len(X)
    dh = dz @ W2.T * (1 - h**2)
    W2 -= learning_rate * h.T @ dz * 10
    b2 -= learning_rate * dz.sum(0) * 10
    W1 -= learning_rate * X.T @ dh * 10
    b1 -= learning_rate * dh.sum(0) * 10
    if epoch % 20 == 0:
        print("Epoch", epoch, "Loss:", loss)

acc = np.mean((p > 0.5) == y)
print("Training accuracy: {:.2f}%".format(100 * acc))
np.save("W1.npy", W1)
