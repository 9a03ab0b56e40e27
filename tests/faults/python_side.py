"""Faults of the Python side: checks, settings, encodings, evidence."""

from tests.faults.fault import python

PYTHON_SIDE = (
    python(
        "kernel/native_kernel.py",
        "an array whose numbers stand back to front is read as it is",
        'plain = np.require(texts, texts.dtype.newbyteorder("="), ("C", "A"))',
        'plain = np.require(texts, None, ("C", "A"))',
    ),
    python(
        "kernel/native_kernel.py",
        "a slice of the offsets is read as all of them",
        'places = np.require(offsets, None, ("C", "A"))',
        "places = offsets.base if offsets.base is not None else offsets",
    ),
    python(
        "kernel/native_kernel.py",
        "a text that is not UTF-8 is refused without its row",
        "            for _ in decoded(data, offsets):  # which says where\n                pass\n",
        "",
    ),
    python(
        "kernel/native_kernel.py",
        "the lower ends of the review bands are taken for thresholds",
        'return array("d", decision["thresholds"]), review, flags',
        'return array("d", [band[0] for band in decision["review"]]), review, flags',
    ),
    python(
        "kernel/encoded.py",
        "rows are counted from 1",
        "enumerate(pairwise(places)):",
        "enumerate(pairwise(places), 1):",
    ),
    python(
        "kernel/parts.py",
        "a seed of 2**64 is taken",
        'table["seed"], 0, (1 << 64) - 1)',
        'table["seed"], 0, 1 << 64)',
    ),
    python(
        "kernel/parts.py",
        "True is a whole number",
        "if type(value) is not int or not",
        "if not isinstance(value, int) or not",
    ),
    python(
        "kernel/parts.py",
        "a passage of an odd number of sentences is taken",
        'if settings["pooling"]["size"] % 2:',
        'if settings["pooling"]["size"] % 2 and settings["pooling"]["size"] < 2:',
    ),
    python(
        "kernel/assembly.py",
        "NumPy's kernel takes a value that points one place behind its table",
        "values.min() >= MISSING and values.max() < limit)",
        "values.min() >= MISSING and values.max() <= limit)",
    ),
    python(
        "kernel/assembly.py",
        "NumPy's kernel takes an idf of 0",
        "(linear.rows[:, SQUARE] > 0).all()",
        "(linear.rows[:, SQUARE] >= 0).all()",
    ),
    python(
        "kernel/assembly.py",
        "NumPy's kernel takes numbers that are not finite",
        "all(np.isfinite(array).all() for array in arrays)",
        "any(np.isfinite(array).all() for array in arrays)",
    ),
    python(
        "kernel/parts.py",
        "a unit of 0 is taken",
        "0 < unit < math.inf",
        "0 <= unit < math.inf",
    ),
    python(
        "kernel/tables.py",
        "the key 0 finds its place taken",
        "key=lambda number: (number > 0, -len(buckets[number]), number)",
        "key=lambda number: (-len(buckets[number]), number)",
    ),
    python(
        "kernel/tfidf.py",
        "numbers in rows have a bit less than they may have",
        "BITS: Final = 15",
        "BITS: Final = 14",
    ),
    python(
        "kernel/tfidf.py",
        "the highest number of a kind is cut where it is rounded up",
        "        unit *= 2\n    column[:] = np.rint(numbers / unit)\n",
        "        unit *= 1\n    column[:] = np.rint(numbers / unit).clip(-highest, highest)\n",
    ),
    python(
        "kernel/tfidf.py",
        "the square of a small idf is 0",
        "rows[:, SQUARE].clip(min=1)",
        "rows[:, SQUARE].clip(min=0)",
    ),
    python(
        "training/compact.py",
        "an abbreviation that is no feature is forgotten",
        "(vocabulary.term_starts != MISSING) | vocabulary.abbreviations\n",
        "(vocabulary.term_starts != MISSING)\n",
    ),
    python(
        "training/compact.py",
        "a name that is no feature is forgotten",
        "_rows(vocabulary.term_steps)[1], vocabulary.node_names, vocabulary.node_terms):",
        "_rows(vocabulary.term_steps)[1], vocabulary.node_terms):",
    ),
    python(
        "training/compact.py",
        "where no feature counts numbers, the first word is one",
        "    needed[NUMBER_UNIT] = True\n",
        "",
    ),
    python(
        "evidence.py",
        "a sentence begins at the blanks before it",
        "return begin + left, begin + left + len(raw.strip())",
        "return begin, begin + left + len(raw.strip())",
    ),
    python(
        "evidence.py",
        "the sentence that says least comes first",
        "sentences.append((-sum(direct[begin:stop]), sentence))",
        "sentences.append((sum(direct[begin:stop]), sentence))",
    ),
    python(
        "evidence.py",
        "a word that counts against a tag is left out",
        "tuple(compress(words[begin:stop], parts[begin:stop]))",
        "tuple(word for word in words[begin:stop] if word.contribution > 0)",
    ),
    python(
        "evidence.py",
        "every tag's words are those of the first one",
        "found.parts.tolist()[column]",
        "found.parts.tolist()[0]",
    ),
    python(
        "tagger.py",
        "a tag to be reviewed gets no evidence",
        "if score.applies or score.review]",
        "if score.applies]",
    ),
)
