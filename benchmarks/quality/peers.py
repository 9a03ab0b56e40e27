"""Other systems trained on the same split, in one run.

``python -m benchmarks.quality.peers GOLD.jsonl [...]``: macro-F1 with 95% intervals, micro-F1, mean average precision and
calibration error on the corpus's test split and the sets given. fastText is left out where it is not installed.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import xborder_tagger
from xborder_tagger.evaluation import Judged, evaluate
from xborder_tagger.io.gold import read_gold
from xborder_tagger.shipped import ROOT
from xborder_tagger.training.corpus import Document, label_matrix, read_corpus

Texts = Sequence[str]
System = Callable[[Texts], NDArray[np.float64]]

# Written as an analyst would who knows the tags but not the texts.
RULES = {
    "drugs": r"drugs?|narcotics?|heroin|cocaine|meth\w*|opium|cannabis|marijuana|fentanyl|ketamine|ya ?ba|precursors?",
    "human_trafficking": r"human trafficking|trafficking (?:in|of) (?:persons|people|women|children|human beings)|"
    r"forced labou?r|slavery|sexual exploitation|bonded labou?r|trafficking victims?",
    "cyber_scam": r"cyber\w*|hack\w*|ransomware|phishing|malware|scams?|online fraud|call[- ]cent(?:re|er)s?|data breach",
    "terrorism": r"terroris\w*|extremis\w*|jihadi\w*|militants?|suicide bomb\w*|isis|isil|al[- ]qa\w+|taliban|insurgents?",
    "border_security": r"border (?:security|patrols?|guards?|control|police|fence|wall|posts?|checkpoints?)|smuggl\w*|"
    r"illegal(?:ly)? cross\w*|customs|coast ?guard|demarcation",
    "mou": r"memorand\w+|mous?|treat(?:y|ies)|protocols?|agreements?|accords?|pacts?|joint (?:statement|declaration)",
    "meeting": r"meet(?:ing|ings|s)?|met|talks|summit|visit(?:s|ed|ing)?|conference|courtesy call|called on|delegations?",
    "training_exchange": r"training|workshops?|seminars?|capacity[- ]building|courses?|scholarships?|joint exercises?",
}


def keyword_rules(tags: Sequence[str]) -> System:
    """A tag applies if any of its words stands in the text."""
    patterns = [re.compile(rf"\b(?:{RULES[tag]})\b", re.IGNORECASE) for tag in tags]
    return lambda texts: np.array(
        [[min(len(p.findall(text)), 9) / 10 + 0.4 * bool(p.search(text)) for p in patterns] for text in texts]
    )


def tfidf(documents: Sequence[Document], tags: Sequence[str]) -> System:
    """scikit-learn: words and word pairs, one logistic regression a tag, unknown cells left out."""
    positive, known = label_matrix(documents, tags)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    matrix = vectorizer.fit_transform([document.text for document in documents])
    models = [
        LogisticRegression(C=20, max_iter=2000).fit(matrix[known[:, t]], positive[known[:, t], t])
        for t in range(len(tags))
    ]
    return lambda texts: np.stack([m.predict_proba(vectorizer.transform(texts))[:, 1] for m in models], axis=1)


def fasttext_ova(documents: Sequence[Document], tags: Sequence[str]) -> System:
    """fastText, one against all, word pairs, 25 passes."""
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = [" ".join([*(f"__label__{t}" for t in tags if d.labels[t] == 1), *_words(d.text)]) for d in documents]
        path.write_text("\n".join(lines), encoding="utf-8")
        settings = {"loss": "ova", "wordNgrams": 2, "epoch": 25, "lr": 0.5, "dim": 50, "verbose": 0, "thread": 1}
        model = fasttext.train_supervised(str(path), **settings)

    def score(texts: Texts) -> NDArray[np.float64]:
        rows = [
            {name: p for p, name in model.f.predict(" ".join(_words(t)) + "\n", len(tags), 0.0, "strict")}
            for t in texts
        ]
        return np.array([[min(row.get(f"__label__{tag}", 0.0), 1.0) for tag in tags] for row in rows])

    return score


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def systems(documents: Sequence[Document], tags: Sequence[str]) -> Iterator[tuple[str, System]]:
    yield "xborder_tagger", xborder_tagger.load().predict_proba
    yield "scikit-learn TF-IDF + logistic", tfidf(documents, tags)
    if find_spec("fasttext"):
        yield "fastText, one against all", fasttext_ova(documents, tags)
    yield "keyword rules", keyword_rules(tags)


def main(gold: list[str]) -> None:
    tags = xborder_tagger.load().labels.names
    documents = read_corpus(ROOT / "corpus" / "documents", tags)
    test = [d for d in documents if d.split == "test"]
    sets = {"test split": ([d.text for d in test], *label_matrix(test, tags))}
    sets |= {Path(path).stem: read_gold(path, tags) for path in gold}
    print("| system | texts | macro-F1 (95%) | micro-F1 | AP | calibration error |\n|---|---|---|---|---|---|")
    for name, system in systems([d for d in documents if d.split == "train"], tags):
        for texts_name, (texts, positive, known) in sets.items():
            shares = system(texts)
            row = evaluate(Judged(positive, known, shares, shares >= 0.5), tags)
            low, high = row["macro_f1_interval"]
            print(
                f"| {name} | {texts_name} | {row['macro_f1']:.3f} ({low:.3f} to {high:.3f}) | {row['micro_f1']:.3f} "
                f"| {row['macro_ap']:.3f} | {row['calibration_error']:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
