"""Imports point one way: a module imports only from lower floors, and siblings of one floor stay apart."""

import ast
from pathlib import Path

PACKAGE = "xborder_tagger"
FLOORS = [
    {"errors"},
    {"labels", "rendering", "files", "shipped", "extras"},
    {"text", "results"},
    {"kernel"},
    {"dedupe"},
    {"artifact", "evidence"},
    {"tagger"},
    {"io", "jobs", "evaluation"},
    {"training", "engines"},
    {"cli"},
    {"__init__", "__main__"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def imports(file: Path) -> set[str]:
    """Rooms of the package that a file imports, top level and inside functions."""
    rooms = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if names == [PACKAGE]:
            names = [f"{PACKAGE}.{alias.name}" for alias in node.names]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith(f"{PACKAGE}.")}
    return rooms


def test_imports_point_to_lower_floors(root):
    wrong = []
    for file in sorted((root / PACKAGE).rglob("*.py")):
        parts = file.relative_to(root / PACKAGE).with_suffix("").parts
        for room in imports(file) - {parts[0]}:
            if FLOOR[room] >= FLOOR[parts[0]]:
                wrong.append(f"{'/'.join(parts)} (floor {FLOOR[parts[0]]}) imports {room} (floor {FLOOR[room]})")
    assert not wrong, "\n".join(wrong)


def test_every_room_has_a_floor(root):
    rooms = {
        path.stem for path in (root / PACKAGE).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms <= FLOOR.keys()


def test_the_top_level_holds_what_was_agreed(root):
    folders = {path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")}
    allowed = {PACKAGE, "models", "examples", "tests", "benchmarks", "docs"}
    assert folders - {"build", "dist", f"{PACKAGE}.egg-info"} == allowed
