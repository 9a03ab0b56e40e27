"""Every error a user can meet.

TaggerError
├── ModelFileError      the model file is missing, damaged, or of a format this version does not read
├── DocumentError       one input document cannot be tagged; carries a code for the quarantine
├── InputError          an input could not be read at all
├── OutputError         the results could not be written
├── JobError            a job cannot be run: another process is at work on it, or its output is there already
│   └── JobMismatchError  what an earlier run left is of another job, or damaged
├── CorpusError         a corpus file breaks its contract
├── EvaluationError     a gold file cannot be scored
└── MissingExtraError   the call needs an optional dependency

A message is one line: what, where, what to do. The command line turns a class into an exit status
(cli/exits.py); the library knows nothing of the command line.
"""

from __future__ import annotations


class TaggerError(Exception):
    """Base of all errors raised on purpose by this package."""


class ModelFileError(TaggerError):
    """A model file was refused."""


class DocumentError(TaggerError):
    """One document cannot be tagged.

    Args:
        code: short, stable, machine-readable cause such as ``"not_text"``.
        message: one line for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class InputError(TaggerError):
    """An input could not be read at all."""


class OutputError(TaggerError):
    """The results could not be written."""


class JobError(TaggerError):
    """A job cannot be run."""


class JobMismatchError(JobError):
    """What an earlier run left is of another job, or damaged."""


class CorpusError(TaggerError):
    """A corpus file breaks its contract."""


class EvaluationError(TaggerError):
    """A gold file cannot be scored."""


class MissingExtraError(TaggerError):
    """The call needs an optional dependency.

    Args:
        package: the distribution that is missing.
        extra: the extra of xborder-tagger that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; pip install 'xborder-tagger[{extra}]'")
