"""The tags: their order, meaning and crosswalk codes, as the codebook states them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A code of another scheme; ``map`` says how our tag relates to it."""

    scheme: str
    code: str
    map: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of tags that answer one question."""

    name: str
    title: str
    definition: str


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of the codebook."""

    name: str
    facet: str
    title: str
    definition: str
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    unclear: tuple[str, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    crosswalk: tuple[Crosswalk, ...]


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Tags in their one order, which is the order of every column of an array of scores."""

    version: int
    facets: tuple[Facet, ...]
    tags: tuple[Tag, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tags, in column order."""
        return tuple(tag.name for tag in self.tags)

    def __len__(self) -> int:
        return len(self.tags)

    def __iter__(self) -> Iterator[Tag]:
        return iter(self.tags)

    def of(self, facet: str) -> tuple[Tag, ...]:
        """Tags of one facet."""
        return tuple(tag for tag in self.tags if tag.facet == facet)

    def to_dict(self) -> dict[str, Any]:
        """The same structure as the codebook file, ready for JSON."""
        return {
            "version": self.version,
            "facet": [asdict(facet) for facet in self.facets],
            "tag": [asdict(tag) for tag in self.tags],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LabelSet:
        """Build from a parsed codebook or from the header of a model file."""
        return cls(
            version=data["version"],
            facets=tuple(Facet(**facet) for facet in data["facet"]),
            tags=tuple(_tag(tag) for tag in data["tag"]),
        )


def _tag(data: Mapping[str, Any]) -> Tag:
    lists = {key: tuple(data[key]) for key in ("includes", "excludes", "unclear", "positive", "negative")}
    crosswalk = tuple(Crosswalk(**row) for row in data["crosswalk"])
    return Tag(data["name"], data["facet"], data["title"], data["definition"], **lists, crosswalk=crosswalk)


def read_codebook(path: Path) -> LabelSet:
    """Read a codebook file (TOML)."""
    import tomllib

    return LabelSet.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
