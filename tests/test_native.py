"""The compiled kernel returns what the NumPy kernel returns, for every text, and refuses what it cannot read."""

import dataclasses
import json
import random
import string
import sys
import threading

import numpy as np
import pytest
from agreement import TOLERANCE, assert_same, assert_same_explanation
from hypothesis import given, settings
from strategies import texts

from tests.fuzz.dump_tables import WORDS, small
from tests.generated import terms
from xborder_tagger.kernel.assembly import assemble, disassemble
from xborder_tagger.kernel.numpy_kernel import NumpyKernel, Tables
from xborder_tagger.kernel.tfidf import LinearModel
from xborder_tagger.text.normalise import Kind

native_kernel = pytest.importorskip(
    "xborder_tagger.kernel.native_kernel",
    reason="the compiled kernel is not built: python setup.py build_ext --inplace",
)

FOREIGN = {
    "vietnamese": "Bộ Công an Việt Nam và Campuchia đã ký bản ghi nhớ về phòng, chống ma túy. Hai bên thống nhất.",
    "thai": "ตำรวจไทยและกัมพูชาลงนามบันทึกความเข้าใจ drug trafficking เมื่อวันจันทร์ ๒๕๖๖",
    "khmer": "កម្ពុជា និងឡាវបានចុះហត្ថលេខា memorandum of understanding។ កិច្ចប្រជុំ",
    "arabic": "وقعت الدولتان مذكرة تفاهم بشأن مكافحة الإرهاب. ١٢٣ كيلوغراما من المخدرات؟ نعم!",
    "emoji": "Police 👮🏽‍♀️ seized 🧊 40kg of heroin 😀. They 👨‍👩‍👧 said so!",
    "surrogates": "drug \ud83d\ude00 trafficking\ud800. The \udfff police\udc00seized",
    "nul": "drug\x00trafficking\x00\x00. Police\x00",
    "latin-1": "Le café près de l'hôtel. Señor Pérez ganó 3.5 millones à Nîmes",
    "one character": "a",
    "blanks": " \n\t\u2003\u2029 ",
    "combining": "e\u0301\u0301\u0301te\u0301 " + "x" + "\u0301" * 300 + "y drug",
    "overlong": "tele" * 5000 + " " + "ก" * 5000 + " 1" * 50 + "1" * 5000,
    "initials": "The U.S. and é.a. and a\u200b.b and 1a.b of J.R.R. Tolkien. D.E.A.",
    "hyphens": "traf-\nficking traf- \n ficking traf-\n\nficking traf-\nFicking 4-\n5 -\na e\u0301-\nb",
}


@pytest.fixture(scope="module")
def native(tables):
    return native_kernel.NativeKernel(disassemble(tables))


@pytest.fixture(scope="module")
def twin(tables):
    return NumpyKernel(tables)


@pytest.fixture(scope="module")
def corpus(root):
    files = sorted((root / "models/corpus/documents").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def replaced(tables, path, **changes):
    """The tables with fields of a part replaced; ``path`` such as "vocabulary.words"."""
    if not path:
        return dataclasses.replace(tables, **changes)
    name, _, rest = path.partition(".")
    return dataclasses.replace(tables, **{name: replaced(getattr(tables, name), rest, **changes)})


def changed(array, place, value):
    copy = np.array(array)
    copy[place] = value
    return copy


@given(texts)
@settings(max_examples=1000, deadline=None)
def test_generated_texts_agree(native, twin, text):
    assert_same(native.predict([text]), twin.predict([text]))


def test_the_corpus_agrees(native, twin, corpus):
    assert len(corpus) > 1000
    assert_same(native.predict(corpus), twin.predict(corpus))


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN.keys())
def test_texts_of_other_scripts_agree(native, twin, text):
    assert_same(native.predict([text]), twin.predict([text]))


def test_every_name_and_term_agrees(native, twin):
    found = terms()
    batch = [f"They told the {term} of {term}" for term in found]
    assert_same(native.predict(batch), twin.predict(batch))
    longest = [term for term in found if len(term.split()) >= native.tables.vocabulary.longest_term - 1]
    assert longest
    for term in longest:  # a part of it may say the same, but of fewer words
        assert_same_explanation(native, twin, f"They told the {term} of {term}")


@pytest.mark.parametrize("wide", ["", "é", "€", "😀"], ids=["ascii", "1 byte", "2 bytes", "4 bytes"])
def test_every_width_of_a_string_agrees(native, twin, article, wide):
    batch = [article[begin:] + wide + article[:begin] for begin in range(0, len(article), 7)]
    assert_same(native.predict(batch), twin.predict(batch))


def test_every_length_around_a_block_agrees(native, twin, article):
    batch = [article[:end] + tail for end in range(140) for tail in ("", "é", "€.")]
    assert_same(native.predict(batch), twin.predict(batch))


def test_spliced_corpus_texts_agree(native, twin, corpus):
    rng = random.Random(7)  # noqa: S311 - reproducible, not secret
    pieces = [*FOREIGN.values(), ".", "-\n", "\u0301", "\u200b", "\ud800", "\n\n", "”", "Mr.", "é"]
    batch = []
    for text in rng.sample(corpus, 300):
        cut = sorted(rng.sample(range(len(text) + 1), 6))
        parts = [text[begin:end] for begin, end in zip([0, *cut], [*cut, len(text)], strict=True)]
        batch.append("".join(part + rng.choice(pieces) for part in parts))
    assert_same(native.predict(batch), twin.predict(batch))


def test_long_documents_agree(native, twin, corpus):
    long = "\n".join(corpus)[:5_000_000]
    unbroken = long.replace("\n", " ").replace(".", ",").replace("!", ",").replace("?", ",")[:1_000_000]
    batch = [long, unbroken, "drug trafficking " * 200_000, "drug. Drug! " * 100_000, '"' * 1_000_000 + " a"]
    assert_same(native.predict(batch), twin.predict(batch))


def test_an_alphabet_that_is_not_plain_ascii_agrees(tables, article):
    characters = tables.characters
    at = int(characters.pages[0]) * 256
    entries = changed(characters.entries, at + ord("#"), int(Kind.LOWER))
    entries[at + ord("z")] = int(Kind.SEPARATOR)
    odd = replaced(tables, "", characters=dataclasses.replace(characters, entries=entries))
    batch = [article, "#drugs seizure zone 5# a#b é#1 " * 9]
    assert_same(native_kernel.NativeKernel(disassemble(odd)).predict(batch), NumpyKernel(odd).predict(batch))


@pytest.mark.parametrize("size", [2, 4, 6, 30, 1024])
def test_passages_of_any_size_agree(tables, corpus, size):
    other = replaced(tables, "pooling", size=size)
    batch = [*corpus[:100], "\n\n".join(corpus[:60]), ""]
    assert_same(native_kernel.NativeKernel(disassemble(other)).predict(batch), NumpyKernel(other).predict(batch))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_any_share_of_boilerplate_agrees(tables, corpus, share):
    margins = np.array([-1e3, 0.0, 1e3])[int(2 * share)]
    model = {"bias": changed(tables.model.bias, -1, margins)}
    if share == 0.5:
        noise = np.random.default_rng(0).normal(size=len(tables.model.heads))
        model["heads"] = np.column_stack((tables.model.heads[:, 0], noise)).astype(np.float32)
    other = replaced(tables, "model", **model)
    batch = [*corpus[:200], "\n\n".join(corpus[:60]), ""]
    assert_same(native_kernel.NativeKernel(disassemble(other)).predict(batch), NumpyKernel(other).predict(batch))


@pytest.mark.parametrize("n_tags", [1, 3, 7, 8, 9, 17])
def test_any_number_of_tags_agrees(tables, article, n_tags):
    columns = np.arange(n_tags) % tables.model.n_tags
    weights, bias = tables.model.weights[:, columns] * (1 + columns), tables.model.bias[np.append(columns, -1)]
    linear = LinearModel.of(tables.model.idf, weights, tables.model.boilerplate, bias)
    mix = np.random.default_rng(n_tags).normal(size=(n_tags, 2, n_tags))
    pooling = {"mix": mix, "intercept": np.arange(n_tags, dtype=float)}
    decision = {name: getattr(tables.decision, name)[columns] for name in ("thresholds", "review")}
    other = replaced(replaced(replaced(tables, "", model=linear), "pooling", **pooling), "decision", **decision)
    assert_same(
        native_kernel.NativeKernel(disassemble(other)).predict([article, ""]), NumpyKernel(other).predict([article, ""])
    )


@pytest.mark.parametrize("sign", [-1, 1])
def test_as_many_of_the_highest_weights_as_fit_agree(tables, sign):
    few = small(tables.characters)
    other = replaced(few, "model", rows=np.full_like(few.model.rows, sign << 23), unit=2.0**-23)
    batch = ["police " * count for count in (1, 2, 250, *range(253, 259), 511, 600)]
    assert_same(native_kernel.NativeKernel(disassemble(other)).predict(batch), NumpyKernel(other).predict(batch))


def test_a_word_that_begins_as_a_known_one_is_unknown(tables):
    long = [word for word in WORDS if len(word) > 8]
    endings = [a + b + "s" for a in string.ascii_lowercase for b in string.ascii_lowercase]
    strangers = [word[:8] + ending for word in long for ending in endings]
    found = native_kernel.NativeKernel(disassemble(small(tables.characters))).predict([*strangers, *long])
    assert found.known.tolist() == [0] * len(strangers) + [1] * len(long)


@pytest.mark.parametrize("make", [native_kernel.NativeKernel, lambda parts: NumpyKernel(assemble(parts))])
def test_the_lower_edge_of_a_band_belongs_to_it_and_the_upper_one_does_not(tables, article, make):
    shares = make(disassemble(tables)).predict([article]).as_arrays().probabilities[0]
    for review, inside in (((shares, shares + 1), True), ((shares - 1, shares), False)):
        decision = {"thresholds": shares, "review": np.column_stack(review)}
        found = make(disassemble(replaced(tables, "decision", **decision))).predict([article]).as_arrays()
        assert found.applies.all()
        assert (found.review == inside).all()


def test_as_many_known_words_as_a_text_needs_raise_no_flag(native, tables):
    words = "police seized the drug at border".split()[: tables.decision.known_words]
    for count in (len(words), len(words) - 1):
        found = native.predict([" ".join(words[:count])]).as_arrays()
        assert found.known.tolist() == [count]
        assert found.flags[0, 1] == (count < tables.decision.known_words)


def test_threads_change_nothing(native, corpus):
    batch = [*corpus[:300], "", *FOREIGN.values()]
    one = native.predict(batch)
    for threads in (2, 3, 64):
        many = native.predict(batch, threads=threads)
        assert all(getattr(one, f.name).tolist() == getattr(many, f.name).tolist() for f in dataclasses.fields(one))


def test_several_callers_share_a_kernel(native, corpus):
    expected, found = native.predict(corpus[:200]), {}
    callers = [
        threading.Thread(target=lambda n=n: found.update({n: native.predict(corpus[:200], threads=2)}))
        for n in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(found) == 4
    assert all(other.scores.tolist() == expected.scores.tolist() for other in found.values())


def test_what_came_before_changes_nothing(native, article, corpus):
    alone = native.predict([article])
    after = native.predict([*corpus[:50], article])
    assert alone.scores.tolist()[0] == after.scores.tolist()[-1]


def test_strings_are_released(native, article):
    batch = [article + str(n) for n in range(10)]
    before = [sys.getrefcount(text) for text in batch]
    native.predict(batch)
    assert [sys.getrefcount(text) for text in batch] == before


def test_subclasses_tuples_and_arrays_are_read(native, twin, article):
    class Text(str):
        pass

    for batch in ([Text(article)], (article, ""), np.array([article, "drug"]), [], article[:9]):
        assert_same(native.predict(batch), twin.predict(batch))


@pytest.mark.parametrize("wrong", [[b"bytes"], [None], ["text", 1], [["text"]], None, 5, iter(["text"])], ids=repr)
def test_wrong_inputs_raise_as_in_the_twin(native, twin, wrong):
    with pytest.raises(TypeError):
        twin.predict(wrong)
    with pytest.raises(TypeError):
        native.predict(wrong)


@pytest.mark.parametrize("threads", [0, -1])
def test_a_wrong_number_of_threads_is_refused(native, threads):
    with pytest.raises(ValueError, match="threads"):
        native.predict(["text"], threads=threads)


DAMAGE = {
    "pages short": lambda t: replaced(t, "characters", pages=t.characters.pages[:-1]),
    "page outside": lambda t: replaced(t, "characters", pages=changed(t.characters.pages, 9, 60000)),
    "page one place behind": lambda t: replaced(
        t, "characters", pages=changed(t.characters.pages, 9, len(t.characters.entries) // 256)
    ),
    "spelling outside": lambda t: replaced(t, "characters", entries=changed(t.characters.entries, 65, 0xFFFFFF13)),
    "pool short": lambda t: replaced(t, "characters", pool=t.characters.pool[:-1]),
    "words empty": lambda t: replaced(t, "vocabulary.words", slots=t.vocabulary.words.slots[:0]),
    "words cut": lambda t: replaced(t, "vocabulary.words", slots=t.vocabulary.words.slots.reshape(-1)[:-1]),
    "word outside": lambda t: replaced(
        t, "vocabulary.words", slots=changed(t.vocabulary.words.slots, (5, 2), len(t.vocabulary.unigrams))
    ),
    "word negative": lambda t: replaced(
        t, "vocabulary.words", slots=changed(t.vocabulary.words.slots, (5, 2), (1 << 64) - 2)
    ),
    "buckets empty": lambda t: replaced(
        t, "vocabulary.words.places", displacements=t.vocabulary.words.places.displacements[:0]
    ),
    "buckets no power of two": lambda t: replaced(
        t, "vocabulary.bigrams.places", displacements=t.vocabulary.bigrams.places.displacements[:-1]
    ),
    "seed negative": lambda t: replaced(t, "vocabulary.words.places", seed=-1),
    "seed large": lambda t: replaced(t, "vocabulary.words.places", seed=1 << 64),
    "step outside": lambda t: replaced(
        t, "vocabulary.term_steps", slots=changed(t.vocabulary.term_steps.slots, 0, len(t.vocabulary.node_names))
    ),
    "steps empty": lambda t: replaced(t, "vocabulary.term_steps", slots=t.vocabulary.term_steps.slots[:0]),
    "bigram outside": lambda t: replaced(
        t, "vocabulary.bigrams", slots=changed(t.vocabulary.bigrams.slots, 0, len(t.model.idf))
    ),
    "bigram negative": lambda t: replaced(
        t, "vocabulary.bigrams", slots=changed(t.vocabulary.bigrams.slots, 0, 0xFFFFFE)
    ),
    "unigram outside": lambda t: replaced(
        t, "vocabulary", unigrams=changed(t.vocabulary.unigrams, 0, len(t.model.idf))
    ),
    "start outside": lambda t: replaced(
        t, "vocabulary", term_starts=changed(t.vocabulary.term_starts, 0, len(t.vocabulary.node_names))
    ),
    "name outside": lambda t: replaced(
        t, "vocabulary", node_names=changed(t.vocabulary.node_names, 0, len(t.vocabulary.unigrams))
    ),
    "concept outside": lambda t: replaced(t, "vocabulary", node_terms=changed(t.vocabulary.node_terms, 0, 1 << 30)),
    "nodes differ": lambda t: replaced(t, "vocabulary", node_terms=t.vocabulary.node_terms[:-1]),
    "abbreviations short": lambda t: replaced(t, "vocabulary", abbreviations=t.vocabulary.abbreviations[:-1]),
    "longest term": lambda t: replaced(t, "vocabulary", longest_term=33),
    "longest term negative": lambda t: replaced(t, "vocabulary", longest_term=-1),
    "rows short": lambda t: replaced(t, "model", rows=t.model.rows[:-1]),
    "rows narrow": lambda t: replaced(t, "model", rows=t.model.rows[:, :-1]),
    "row too large": lambda t: replaced(t, "model", rows=changed(t.model.rows, (3, 1), (1 << 23) + 1)),
    "heads short": lambda t: replaced(t, "model", heads=t.model.heads[:-1]),
    "heads narrow": lambda t: replaced(t, "model", heads=t.model.heads[:, :1]),
    "row too small": lambda t: replaced(t, "model", rows=changed(t.model.rows, (3, 1), -(1 << 31))),
    "unit not positive": lambda t: replaced(t, "model", unit=0.0),
    "unit not finite": lambda t: replaced(t, "model", unit=np.inf),
    "idf not positive": lambda t: replaced(t, "model", heads=changed(t.model.heads, (3, 0), 0.0)),
    "idf not finite": lambda t: replaced(t, "model", heads=changed(t.model.heads, (3, 0), np.inf)),
    "boilerplate not finite": lambda t: replaced(t, "model", heads=changed(t.model.heads, (3, 1), np.nan)),
    "bias short": lambda t: replaced(t, "model", bias=t.model.bias[:-1]),
    "mix short": lambda t: replaced(t, "pooling", mix=t.pooling.mix[:-1]),
    "mix not finite": lambda t: replaced(t, "pooling", mix=changed(t.pooling.mix, (0, 1, 2), np.inf)),
    "intercept short": lambda t: replaced(t, "pooling", intercept=t.pooling.intercept[:-1]),
    "passages odd": lambda t: replaced(t, "pooling", size=7),
    "passages empty": lambda t: replaced(t, "pooling", size=0),
    "thresholds short": lambda t: replaced(t, "decision", thresholds=t.decision.thresholds[:-1]),
    "band cut": lambda t: replaced(t, "decision", review=t.decision.review[:, :1]),
    "band not finite": lambda t: replaced(t, "decision", review=changed(t.decision.review, (1, 1), np.nan)),
    "common negative": lambda t: replaced(t, "", common=-1),
    "passages huge": lambda t: replaced(t, "pooling", size=1 << 40),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_tables_are_refused(tables: Tables, damage):
    damaged = damage(tables)
    with pytest.raises((ValueError, OverflowError)):
        native_kernel.NativeKernel(disassemble(damaged))


def test_an_array_of_another_type_is_refused(tables):
    parts, reads = disassemble(tables), ("characters", "vocabulary", "linear", "pooling", "decision")
    characters, vocabulary, linear, *others = (getattr(native_kernel, f"_{name}")(parts) for name in reads)
    slots, displacements, seed = vocabulary[0]
    words = (slots, displacements.astype(np.int16), seed)
    with pytest.raises(ValueError, match="format h"):
        native_kernel._native.Kernel(characters, (words, *vocabulary[1:]), linear, *others, tables.common)


def test_columns_are_arrays_without_a_copy_and_lists(native, article):
    found = native.predict([article, "", article])
    for field in dataclasses.fields(found):
        column = getattr(found, field.name)
        array = np.asarray(column)
        assert array.tolist() == column.tolist()
        assert len(column) == len(array) == 3
        assert not array.flags.owndata
        assert not array.flags.writeable or array.base is not None
    assert np.asarray(found.scores).dtype == np.float64
    assert np.asarray(found.flags).dtype == np.bool_
    assert np.asarray(found.words).shape == (3,)


def test_no_text_gives_no_rows(native):
    found = native.predict([])
    assert np.asarray(found.scores).shape == (0, 8)
    assert found.scores.tolist() == []


@pytest.mark.parametrize("columns", [(8,), (-1,), ("drugs",), (1 << 70,)])
def test_there_is_no_such_column(native, article, columns):
    with pytest.raises((ValueError, TypeError, OverflowError)):
        native.explain(article, columns)


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


def test_a_probability_is_less_than_one_however_high_the_score(native, twin):
    for kernel in (native, twin):
        found = kernel.predict(["drug"]).as_arrays()
        assert found.scores.max() > 37
        assert 0 < found.probabilities.min() < 1e-3 < 0.99 < found.probabilities.max() < 1


def test_of_sentences_of_the_same_words_the_first_one_decides_whatever_rounding_says(native, twin):
    rng = random.Random(3)  # noqa: S311 - reproducible, not secret
    words = "heroin border police minister training memorandum ransomware terrorist smuggled seized".split()
    for _ in range(20):
        sentences = [" qqx ".join(rng.sample(words, len(words))) for _ in range(8)]
        assert_same_explanation(native, twin, ". Qqx ".join(sentences))
