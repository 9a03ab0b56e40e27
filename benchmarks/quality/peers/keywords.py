"""Keyword rules, written as an analyst would who knows the tags but not the texts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from benchmarks.quality.peers import Score
from xborder_tagger.training.corpus import Document

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


def keyword_rules(_documents: Sequence[Document], tags: Sequence[str]) -> Score:
    """A tag applies if any of its words stands in the text; more of them rank a text higher."""
    patterns = [re.compile(rf"\b(?:{RULES[tag]})\b", re.IGNORECASE) for tag in tags]
    return lambda texts: np.array([[_strength(len(pattern.findall(text))) for pattern in patterns] for text in texts])


def _strength(hits: int) -> float:
    return 0.4 + min(hits, 6) / 10 if hits else 0.0
