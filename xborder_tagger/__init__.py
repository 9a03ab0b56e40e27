"""Tags news and official texts by cross-border crime and kind of international cooperation.

>>> import xborder_tagger
>>> tagger = xborder_tagger.load()
>>> tagger.tag("Police seized 40 kg of heroin at the border.").tags
('drugs', 'border_security')
"""

from xborder_tagger.errors import (
    CorpusError,
    DocumentError,
    EvaluationError,
    InputError,
    JobError,
    JobMismatchError,
    MissingExtraError,
    ModelFileError,
    OutputError,
    TaggerError,
)
from xborder_tagger.results import Evidence, Prediction, Sentence, TagScore, Word
from xborder_tagger.tagger import Tagger, load

__version__ = "0.1.0"

__all__ = [
    "CorpusError",
    "DocumentError",
    "EvaluationError",
    "Evidence",
    "InputError",
    "JobError",
    "JobMismatchError",
    "MissingExtraError",
    "ModelFileError",
    "OutputError",
    "Prediction",
    "Sentence",
    "TagScore",
    "Tagger",
    "TaggerError",
    "Word",
    "load",
]
