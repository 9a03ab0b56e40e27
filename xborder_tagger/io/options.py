"""How inputs are read: one record of options for all formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20
KERNEL_CHARACTERS: Final = 2**31 - 1  # the kernel counts a text's characters in 32 bits
FORMATS: Final = ("txt", "lines", "jsonl", "csv", "tsv", "parquet", "arrow", "html", "pdf", "eml")
SPLITS: Final = ("document", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How inputs are read.

    Args:
        format: "auto" (by content, then by extension) or one of `FORMATS`.
        text_columns: columns or JSON fields that hold the text; several are joined by an empty line.
        id_column: column or JSON field that holds the id; None: "id", where there is one.
        split: of plain text: "document" (a file is one) or "lines" (each line that is not blank is one).
        max_bytes: of a line, and of a file that is one document, unpacked; larger ones are rejected unread.
        max_characters: of a document's text, at most 2**31 - 1.
        parser_seconds: that a parser in the child process may take for a document or a batch of rows.
        parser_memory: in bytes, that the child process may take beyond its libraries.
        parser_output: in bytes, of the text that a parser may give back for a document.
    """

    format: str = "auto"
    text_columns: tuple[str, ...] = ("text",)
    id_column: str | None = None
    split: str = "document"
    max_bytes: int = 64 * MIB
    max_characters: int = 64 * MIB
    parser_seconds: float = 30.0
    parser_memory: int = 1024 * MIB
    parser_output: int = 64 * MIB

    def __post_init__(self) -> None:
        for name, value, known in (("format", self.format, ("auto", *FORMATS)), ("split", self.split, SPLITS)):
            if value not in known:
                raise ValueError(f"{name} is {value!r}, expected one of {', '.join(known)}")
        if not self.text_columns:
            raise ValueError("text_columns is empty; name at least one")
        if not 0 < self.max_characters <= KERNEL_CHARACTERS:
            raise ValueError(f"max_characters is {self.max_characters}, expected 1 to {KERNEL_CHARACTERS}")
