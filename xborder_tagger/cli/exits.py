"""Exit statuses of the command, and which error gives which."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

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


class Exit(IntEnum):
    """What the shell sees."""

    OK = 0
    BUG = 1
    USAGE = 2
    QUARANTINED = 3
    MODEL_REFUSED = 4
    INPUT_UNREADABLE = 5
    DISK = 6
    JOB_MISMATCH = 7
    INTERRUPTED = 130


STATUS: Final[dict[type[TaggerError], Exit]] = {
    ModelFileError: Exit.MODEL_REFUSED,
    DocumentError: Exit.QUARANTINED,
    InputError: Exit.INPUT_UNREADABLE,
    OutputError: Exit.DISK,
    JobError: Exit.USAGE,
    JobMismatchError: Exit.JOB_MISMATCH,
    CorpusError: Exit.INPUT_UNREADABLE,
    EvaluationError: Exit.INPUT_UNREADABLE,
    MissingExtraError: Exit.USAGE,
    TaggerError: Exit.USAGE,
}


def status_of(error: TaggerError) -> Exit:
    """Exit status of an error: that of its nearest class."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
