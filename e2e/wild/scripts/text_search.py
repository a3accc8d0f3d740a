"""Two classifiers of texts, compared by a function of the script; the texts are made by a module beside it."""

from sentences import make_sentences
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.naive_bayes import MultinomialNB


def judge(name, model, X, y):
    scores = cross_val_score(model, X, y, cv=StratifiedKFold(n_splits=4, shuffle=True, random_state=1))
    print(f"{name}: accuracy {scores.mean():.4f}")
    return scores.mean()


def main():
    texts, y = make_sentences(rows=120, noise=0.25)
    X = TfidfVectorizer(max_features=12, ngram_range=(1, 2)).fit_transform(texts)
    results = {"bayes": judge("bayes", MultinomialNB(alpha=0.5), X, y), "logistic": judge("logistic", LogisticRegression(C=2.0), X, y)}
    best = max(results, key=results.get)
    print(f"Best model: {best} with accuracy {results[best]:.4f}")


if __name__ == "__main__":
    main()
