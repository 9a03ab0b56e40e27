"""Writing files so that a crash leaves the old file or the new one, never half of one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from xborder_tagger.errors import OutputError


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside the target, fsync, rename, fsync the folder.

    Raises:
        OutputError: the file cannot be written; the target is as it was.
    """
    import tempfile  # which takes longer to import than a short call of the command has to spare

    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError, TypeError):
            os.unlink(temporary)  # type: ignore[arg-type]
        cure = "check that the folder exists, that you may write there and that the disk is not full"
        raise OutputError(f"{path}: cannot be written ({error.strerror}); {cure}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder would survive a power cut; does nothing where folders cannot be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
