"""A click command that clusters flowers."""

import click
import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.metrics import silhouette_score


@click.command()
@click.option("--clusters", default=3, show_default=True)
@click.option("--inits", default=4)
@click.option("--seed", default=0)
def main(clusters, inits, seed):
    """Cluster the flowers."""
    X = load_iris().data
    kmeans = KMeans(n_clusters=clusters, n_init=inits, random_state=seed).fit(X)
    click.echo(f"inertia: {kmeans.inertia_!r}")
    silhouette = silhouette_score(X, kmeans.labels_)
    click.echo(f"silhouette: {silhouette!r}")
    np.savetxt("labels.csv", kmeans.labels_, fmt="%d")


if __name__ == "__main__":
    main()
