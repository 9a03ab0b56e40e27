"""Add a column of tags to a CSV file: ``python tag_a_csv.py IN.csv OUT.csv [TEXT_COLUMN]``.

Without arguments it makes a small file from the example articles and tags that.
"""

import csv
import sys
import tempfile
from pathlib import Path

import xborder_tagger

ARTICLES = Path(__file__).parent / "articles"


def example_table(folder: Path) -> Path:
    """A CSV file with the example articles."""
    table = folder / "articles.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows([path.stem, path.read_text(encoding="utf-8")] for path in sorted(ARTICLES.glob("*.txt")))
    return table


def tag_table(source: Path, target: Path, column: str = "text") -> int:
    """Copy a table with a further column ``tags``, row by row; returns the number of rows."""
    tagger = xborder_tagger.load()
    with source.open(encoding="utf-8", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, [*(rows.fieldnames or []), "tags"])
        writer.writeheader()
        count = 0
        for row in rows:
            writer.writerow(row | {"tags": ";".join(tagger.tag(row[column]).tags)})
            count += 1
    return count


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        source, target = (Path(a) for a in sys.argv[1:3]) if len(sys.argv) > 2 else (None, Path(folder) / "tagged.csv")
        count = tag_table(source or example_table(Path(folder)), target, *sys.argv[3:4])
        print(f"{count} rows tagged")
        for row in csv.DictReader(target.open(encoding="utf-8", newline="")):
            print(row.get("id", ""), "->", row["tags"] or "no tag")
