"""The compiled kernel explains a text as the NumPy kernel does, to the last sentence and word."""

import random

import numpy as np
import pytest
from agreement import TOLERANCE, assert_same_explanation
from foreign import FOREIGN
from hypothesis import given, settings
from strategies import texts


def test_explanations_agree(native, twin, corpus):
    rng = random.Random(11)  # noqa: S311 - reproducible, not secret
    for text in [*rng.sample(corpus, 150), *FOREIGN.values(), "\n\n".join(corpus[:40]), ""]:
        assert_same_explanation(native, twin, text)


@given(texts)
@settings(max_examples=500, deadline=None)
def test_explanations_of_generated_texts_agree(native, twin, text):
    assert_same_explanation(native, twin, text)


EDGES = (
    *(
        "! \n Police came",
        "\n\n“Police”. came",
        ". Police",
        "a! Police came. b",
        "Mr. Smith met Mr.",
        "Police etc. ) Then",
    ),
    *(
        "word.\n\n”\n\nNext",
        "word. ” next",
        "word ! ” ",
        "1. 2. 3",
        "A. B. Police",
        "U.S. police. a. B",
        "police.\n\n \n\n\n",
        "The Mr's. Police came",
        "They met Mr. (\n\nPolice came",
        "They met Mr. -\n\n”\n\nPolice came",
        "Police seized heroin. Police seized heroin. Police seized heroin",
    ),
    *("police\u200b. \u200bThen", "traf-\nficking. They", "x y z. a b c. police\u2029drug", "police. é Then. 5"),
)


@pytest.mark.parametrize("text", EDGES)
def test_sentences_of_an_explanation_agree(native, twin, text):
    assert_same_explanation(native, twin, text)


def test_an_explanation_adds_up_to_the_score(native, corpus):
    bias = native.predict([""]).scores.tolist()[0]
    for text in corpus[::400]:
        scores = np.asarray(native.explain(text, range(8)).parts).sum(axis=1) + bias
        np.testing.assert_allclose(scores, native.predict([text]).scores.tolist()[0], rtol=0, atol=TOLERANCE)


def test_of_sentences_of_the_same_words_the_first_one_decides_whatever_rounding_says(native, twin):
    rng = random.Random(3)  # noqa: S311 - reproducible, not secret
    words = "heroin border police minister training memorandum ransomware terrorist smuggled seized".split()
    for _ in range(20):
        sentences = [" qqx ".join(rng.sample(words, len(words))) for _ in range(8)]
        assert_same_explanation(native, twin, ". Qqx ".join(sentences))
