"""What an output record holds, and under which names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xborder_tagger.io.records import Record
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import Prediction

OWN: Final = ("id", "tags", "probabilities", "review", "flags")
EVIDENCE: Final = "evidence"
CLUSTER: Final = "cluster_id"  # comes with the record, where near-copies are looked for
TEXT: Final = "text"  # written only where it is asked for
PREFIX: Final = "input_"  # of carried columns whose name is one of ours
Codes = Mapping[str, Mapping[str, Sequence[str]]]  # scheme -> tag -> codes


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of an output record.

    Args:
        fields: names of those wanted, in order; None: all, the carried ones last.
        codes: of the schemes to add.
        reserved: names that carried columns may not have.
    """

    fields: tuple[str, ...] | None
    codes: Codes
    reserved: frozenset[str]

    @property
    def carries(self) -> bool:
        """Whether carried fields are among those wanted."""
        return self.fields is None or not self.reserved.issuperset(self.fields)

    @property
    def wants_text(self) -> bool:
        """Whether the text is among the fields wanted; it is not unless it is named."""
        return self.fields is not None and TEXT in self.fields

    def wants(self, name: str) -> bool:
        """Whether a field is to be written."""
        return self.fields is None or name in self.fields

    def record(self, record: Record, prediction: Prediction) -> dict[str, Any]:
        """The output record of a document."""
        values: dict[str, Any] = {"id": record.id} | prediction.to_dict()
        if self.codes:
            values |= self.crosswalk(prediction.tags)
        if record.fields and self.carries:
            values |= self.carried(record.fields)
        if self.fields is None:
            return values
        values[TEXT] = record.text
        return {name: values.get(name) for name in self.fields}

    def crosswalk(self, tags: Iterable[str]) -> dict[str, list[str]]:
        """For each scheme the codes of some tags."""
        tags = tuple(tags)
        return {scheme: list(dict.fromkeys(c for tag in tags for c in of[tag])) for scheme, of in self.codes.items()}

    def carried(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What came with a document, under names that do not collide with ours."""
        return {self.name_of(name): value for name, value in fields.items()}

    def name_of(self, carried: str) -> str:
        """What a carried column is called in the output."""
        return f"{PREFIX}{carried}" if carried in self.reserved else carried


def layout(
    labels: LabelSet, fields: Iterable[str] | None, crosswalk: Sequence[str], also_reserved: Iterable[str] = ()
) -> Layout:
    """The layout for some fields and schemes.

    Args:
        labels: with the codes.
        fields: names of the fields wanted; None: all.
        crosswalk: schemes to add.
        also_reserved: further names of a format's own columns.

    Raises:
        ValueError: a scheme is not in the codebook.
    """
    if unknown := set(crosswalk) - set(schemes(labels)):
        raise ValueError(f"{min(unknown)!r} is no scheme, expected some of {', '.join(schemes(labels))}")
    codes = {scheme: {tag.name: codes_of(labels, tag.name, scheme) for tag in labels} for scheme in crosswalk}
    reserved = frozenset((*OWN, EVIDENCE, TEXT, *codes, *also_reserved))
    return Layout(None if fields is None else tuple(fields), codes, reserved)


def default_fields(crosswalk: Iterable[str], *, explain: bool) -> tuple[str, ...]:
    """Our own fields, in order."""
    return (*OWN, *((EVIDENCE,) if explain else ()), *crosswalk)


def schemes(labels: LabelSet) -> tuple[str, ...]:
    """The schemes that the codebook has codes of, in its order."""
    return tuple(dict.fromkeys(row.scheme for tag in labels for row in tag.crosswalk))


def codes_of(labels: LabelSet, tag: str, scheme: str) -> tuple[str, ...]:
    """The codes of a scheme for a tag, in the codebook's order."""
    found = next(one for one in labels if one.name == tag)
    return tuple(row.code for row in found.crosswalk if row.scheme == scheme)
