"""Files and folders opened safely, files written whole or not at all, and names made comparable.

One way for the whole house.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import unicodedata
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from expressentry.errors import FileError, Problem
from expressentry.text import Text, same

PRIVATE, PUBLIC = 0o600, 0o666
"""Who may read a file that we write, as far as the system's own mask lets them: its owner only, or everybody."""
Owner = tuple[int, int]
"""Whose a file or a folder is: the numbers of user and group."""
Refused = Callable[[Path, OSError], Exception]
"""Makes the error to raise where the system refuses."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_CLOSED_IN_CHILDREN = getattr(os, "O_CLOEXEC", 0)
_AS_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_LINK | _CLOSED_IN_CHILDREN
_MOST_LINKS = 40
_HANDED_OVER = (Path("/dev/fd"), Path("/proc/self/fd"))
"""Where the shell names what it has opened for us, such as standard input."""


class ForeignLinkError(OSError):
    """A folder is reached by a link that another user can change."""


class NotAFileError(OSError):
    """A pipe, a device or a socket where a file was expected."""


class Folder:
    """A folder that stays the same one, whatever others make of its name while we work in it.

    Root can write everywhere, so a link that another user has put in its way would lead it anywhere. Root therefore
    opens a folder part by part, follows no link but its own, holds the folder by a descriptor, and reaches the files
    in it through that. A link leads anybody else only where that user may go anyway.

    Attributes:
        shown: The folder as its owner calls it, for messages.
        path: Where to reach the files in it, one by one, as long as the folder itself is kept; one in it is opened by
            `below`.
    """

    def __init__(self, shown: Path, *, make: bool = False, mode: int = 0o777) -> None:
        """Open a folder; where `make` is true, it and all above it are made, and the last has these rights.

        Raises:
            OSError: It is not there, may not be opened, or is reached by another user's link.
        """
        self.shown, self.path = shown, shown
        self._fd: int | None = None
        if sys.platform.startswith("linux") and os.geteuid() == 0:
            self._hold(_walk(shown.absolute(), mode if make else None))
        elif make:
            shown.mkdir(mode=mode, parents=True, exist_ok=True)

    def _hold(self, fd: int) -> None:
        self._fd, self.path = fd, Path(f"/proc/self/fd/{fd}")
        weakref.finalize(self, os.close, fd)

    def below(self, name: str, *, make: bool = False) -> Folder:
        """Open a folder in this one, never through a link; where `make` is true, it is made for its owner alone.

        Raises:
            OSError: It is not there, or is a link.
        """
        found = Folder.__new__(Folder)
        found.shown, found.path, found._fd = self.shown / name, self.path / name, None
        if make:
            found.path.mkdir(mode=0o700, exist_ok=True)
        if self._fd is not None:
            found._hold(_step(name, self._fd))
        return found

    def stat(self) -> os.stat_result:
        """What the system knows of the folder itself."""
        return self.path.stat() if self._fd is None else os.fstat(self._fd)

    def give(self, owner: Owner) -> None:
        """Make the folder another user's."""
        os.chown(self.path if self._fd is None else self._fd, *owner)


def _walk(path: Path, make: int | None) -> int:
    """Open a folder part by part; a link is followed only where it is root's own and stands in a folder of root's.

    `make` are the rights of a folder that is made because it is not there yet, None to make none.
    """
    at, parts, links = os.open(path.anchor, _AS_FOLDER), list(path.parts[1:]), 0
    try:
        while parts:
            name = parts.pop(0)
            if name == ".." and os.fstat(at).st_uid != 0:  # its owner may have moved it meanwhile
                raise ForeignLinkError(errno.ELOOP, name)
            try:
                then = _step(name, at)
            except FileNotFoundError:
                if make is None:
                    raise
                os.mkdir(name, 0o777 if parts else make, dir_fd=at)
                then = _step(name, at)
            except ForeignLinkError:
                links += 1
                owners = os.fstat(at).st_uid, os.lstat(name, dir_fd=at).st_uid
                if any(owners) or links > _MOST_LINKS:
                    raise
                to = Path(os.readlink(name, dir_fd=at))
                parts[:0] = to.parts[1:] if to.is_absolute() else to.parts
                then = os.open(to.anchor, _AS_FOLDER) if to.is_absolute() else os.dup(at)
            os.close(at)
            at = then
    except BaseException:
        os.close(at)
        raise
    return at


def _step(name: str, at: int) -> int:
    """Open a folder in an open one; a link is none, and has an error of its own."""
    try:
        return os.open(name, _AS_FOLDER, dir_fd=at)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP) and stat.S_ISLNK(os.lstat(name, dir_fd=at).st_mode):
            raise ForeignLinkError(errno.ELOOP, "a link of another user") from None
        raise


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; a name longer than the system allows never is."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether a path is a regular file, or a link to one; a name that the system cannot take never is."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # ValueError: a NUL in it
        return False


def is_there(path: Path) -> bool:
    """Whether there is anything under a name; under one longer than the system allows there is nothing."""
    try:
        path.lstat()
    except (OSError, ValueError):  # ValueError: a NUL in it
        return False
    return True


def open_file(path: Path, *, links: bool = True) -> BinaryIO:
    """Open a regular file for reading; what the shell hands over, such as standard input, may be a pipe.

    Elsewhere a pipe would be waited for, and a device has no end: both are refused at once.

    Args:
        path: The file.
        links: Whether it may be a link.

    Raises:
        OSError: It cannot be opened.
        NotAFileError: It is a pipe, a device or a socket.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _CLOSED_IN_CHILDREN | (0 if links else _NO_LINK)
    fd = os.open(path, flags | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(fd).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            if path.parent not in _HANDED_OVER and path != Path("/dev/stdin"):
                raise NotAFileError(errno.EINVAL, "no regular file")
            os.set_blocking(fd, True)
        return os.fdopen(fd, "rb")
    except BaseException:
        os.close(fd)
        raise


def write_atomically(
    path: Path,
    data: bytes | str,
    refused: Refused | None = None,
    *,
    mode: int = PRIVATE,
    durable: bool = False,
    owner: Owner | None = None,
) -> None:
    r"""Write a file whole or not at all.

    Args:
        path: The file; its folder exists.
        data: Bytes, or text that is written in UTF-8.
        refused: Makes the error to raise where the system refuses.
        mode: Who may read it: PRIVATE, because most of what is written is about somebody, or PUBLIC.
        durable: Whether the content must have reached the disk before the name does.
        owner: Whose it is made, ours where nobody is named.

    Raises:
        FileError: It cannot be written; what stood there before still does.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a.txt", "é")
    ...     (Path(folder) / "a.txt").read_bytes()
    b'\xc3\xa9'
    """
    content = data.encode() if isinstance(data, str) else data
    with _replacing(path, refused or unwritable, mode) as (_, fd):
        # By the descriptor: in a folder of another user the name could lead elsewhere by now.
        if owner is not None:
            os.fchown(fd, *owner)
        with os.fdopen(os.dup(fd), "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(fd)


def write_into_folder(
    path: Path, data: bytes | str, *, mode: int = PRIVATE, folder_mode: int = 0o777, durable: bool = False
) -> None:
    """Write a file of the folder of what a user adds, whole or not at all; its folder is made first.

    Args:
        path: The file.
        data: As for `write_atomically`, and so are `mode` and `durable`.
        mode: Who may read the file.
        folder_mode: The rights of a folder that is made now.
        durable: Whether the content must have reached the disk before the name does.

    Raises:
        FileError: It cannot be written, or root was led there by another user's link.
    """
    try:
        folder = Folder(path.parent, make=True, mode=folder_mode)
    except OSError as error:
        raise unwritable(path.parent, error) from None
    write_atomically(
        folder.path / path.name, data, lambda _, error: unwritable(path, error), mode=mode, durable=durable
    )


def unwritable(path: Path, error: OSError) -> FileError:
    """The error for a file that the system does not let us write."""
    reason = FOREIGN_LINK if isinstance(error, ForeignLinkError) else same(error.strerror or str(error))
    fix = Text(
        "check the folder, its rights and the space left", "vérifier le dossier, ses droits et la place qui reste"
    )
    return FileError(Problem("unwritable", str(path), reason, fix))


def check_writable(path: Path) -> None:
    """Find out before a long run whether its file can be written at the end.

    Args:
        path: The file; it is not touched.

    Raises:
        FileError: Its folder is not there, or takes no new file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     check_writable(Path(folder) / "report.pdf")
    ...     list(Path(folder).iterdir())
    []
    """
    part = _part_of(path)
    try:
        os.close(_made(part, PRIVATE))
        part.unlink()
    except OSError as error:
        raise unwritable(path, error) from None


FOREIGN_LINK = Text(
    "a folder on the way is a link of another user, which root does not follow",
    "un dossier du chemin est un lien d'un autre utilisateur, que root ne suit pas",
)


@contextmanager
def replacing(path: Path, refused: Refused = unwritable, *, mode: int = PRIVATE) -> Iterator[Path]:
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
    with _replacing(path, refused, mode) as (part, _):
        yield part


@contextmanager
def _replacing(path: Path, refused: Refused, mode: int) -> Iterator[tuple[Path, int]]:
    part = _part_of(path)
    try:
        fd = _made(part, mode)
        try:
            yield part, fd
        finally:
            os.close(fd)
        part.replace(path)
    except OSError as error:
        raise refused(path, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _part_of(path: Path) -> Path:
    return path.with_name(f".{os.urandom(12).hex()}.part")


def _made(part: Path, mode: int) -> int:
    """Make a file that is not there yet, through no link."""
    return os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK | _CLOSED_IN_CHILDREN, mode)


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
