"""Files written whole or not at all, and names made comparable: one way for the whole house."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from expressentry.errors import FileError, Problem
from expressentry.text import Text, same

PRIVATE, PUBLIC = 0o600, 0o666
"""Who may read a file that we write, as far as the system's own mask lets them: its owner only, or everybody."""


def write_atomically(path: Path, data: bytes | str, *, mode: int = PRIVATE, durable: bool = False) -> None:
    r"""Write a file whole or not at all.

    Args:
        path: The file; its folder exists.
        data: Bytes, or text that is written in UTF-8.
        mode: Who may read it: PRIVATE, because most of what is written is about somebody, or PUBLIC.
        durable: Whether the content must have reached the disk before the name does.

    Raises:
        FileError: It cannot be written; what stood there before still does.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a.txt", "é")
    ...     (Path(folder) / "a.txt").read_bytes()
    b'\xc3\xa9'
    """
    content = data.encode() if isinstance(data, str) else data
    with replacing(path, mode=mode) as part, part.open("wb") as file:
        file.write(content)
        file.flush()
        if durable:
            os.fsync(file.fileno())


def unwritable(path: Path, error: OSError) -> FileError:
    """The error for a file that the system does not let us write."""
    fix = Text(
        "check the folder, its rights and the space left", "vérifier le dossier, ses droits et la place qui reste"
    )
    return FileError(Problem("unwritable", str(path), same(error.strerror or str(error)), fix))


@contextmanager
def replacing(
    path: Path, refused: Callable[[Path, OSError], Exception] = unwritable, *, mode: int = PRIVATE
) -> Iterator[Path]:
    """Make a new, empty file beside a file; it takes the file's name when all went well, and is removed otherwise.

    Its name cannot be known before, and no link is followed: in a folder of several users nobody else's file is
    written.

    Args:
        path: The file; its folder exists.
        refused: Makes the error to raise where the system refuses.
        mode: Who may read it: PRIVATE or PUBLIC.

    Raises:
        FileError: The system refused; what stood there before still does.
    """
    part = path.with_name(f".{path.name}.{os.urandom(8).hex()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode))
        yield part
        part.replace(path)
    except OSError as error:
        raise refused(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def fold(name: str) -> str:
    """Write a name so that case, accents, punctuation and runs of spaces do not count.

    >>> fold("  Métiers  spécialisés (2023)")
    'metiers specialises 2023'
    """
    return re.sub(r"[\W_]+", " ", unaccented(name)).strip().casefold()


def unaccented(text: str) -> str:
    """Write letters without their accents, and everything else as it is.

    >>> unaccented("16 août, 12 h 05")
    '16 aout, 12 h 05'
    """
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
