"""Files and folders opened safely: no link of another user is followed, no pipe is waited for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from expressentry.cli import run
from expressentry.errors import FileError
from expressentry.files import Folder, ForeignLinkError, NotAFileError, open_file, write_atomically, write_into_folder
from tests.pool.servers import NOBODY, only_if


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """An ordinary user's folder, in which root works; beside it `roots`, a folder of root's own."""
    only_if(os.geteuid() == 0, "needs root")
    folder = tmp_path / "theirs"
    for made in (folder, tmp_path / "roots"):
        made.mkdir(mode=0o755)
    os.chown(folder, NOBODY, NOBODY)
    return folder


def link(path: Path, to: Path | str) -> None:
    """A link that the ordinary user has made."""
    path.symlink_to(to)
    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


class TestFolder:
    """Root in the folder of another."""

    @pytest.mark.parametrize("to", ["{roots}", "../roots", "/etc", "."])
    def test_link_of_another(self, theirs: Path, to: str) -> None:
        """A link of the folder's owner is followed nowhere, not even to a folder of that owner's."""
        link(theirs / "link", to.format(roots=theirs.parent / "roots"))
        for path in (theirs / "link", theirs / "link/deeper"):
            with pytest.raises(ForeignLinkError):
                Folder(path, make=True)
        with pytest.raises(ForeignLinkError):
            Folder(theirs).below("link", make=True)
        assert list((theirs.parent / "roots").iterdir()) == []

    def test_link_of_roots_own_in_it(self, theirs: Path) -> None:
        """A link of root's in another's folder may have been put there by its owner: it is not followed either."""
        (theirs / "link").symlink_to(theirs.parent / "roots")
        with pytest.raises(ForeignLinkError):
            Folder(theirs / "link")

    def test_up_from_it(self, theirs: Path) -> None:
        """Nobody knows where `..` of another's folder leads: it may have been moved."""
        (theirs / "in").mkdir()
        with pytest.raises(ForeignLinkError):
            Folder(theirs / "../roots")

    def test_link_of_roots_own(self, theirs: Path) -> None:
        """A link in a folder of root's is followed: only root made it."""
        (theirs.parent / "link").symlink_to("theirs")
        Folder(theirs.parent / "link/new", make=True)
        assert (theirs / "new").is_dir()

    def test_exchanged_while_it_is_used(self, theirs: Path) -> None:
        """What is written goes into the folder that was opened, whatever its name is meanwhile."""
        folder = Folder(theirs / "in", make=True)
        (theirs / "in").rename(theirs / "away")
        link(theirs / "in", theirs.parent / "roots")
        write_atomically(folder.path / "a", "new", owner=(NOBODY, NOBODY))

        assert (theirs / "away/a").read_text() == "new"
        assert (theirs / "away/a").stat().st_uid == NOBODY
        assert list((theirs.parent / "roots").iterdir()) == []

    @pytest.mark.parametrize("to", ["history", "history/deeper"])
    def test_what_a_user_adds(self, theirs: Path, to: str) -> None:
        """Rounds, drafts and states are written nowhere else, and the error says why."""
        link(theirs / "history", theirs.parent / "roots")
        with pytest.raises(FileError, match="a link of another user, which root does not follow"):
            write_into_folder(theirs / to / "manifest.json", "{}")
        assert list((theirs.parent / "roots").iterdir()) == []

    def test_descriptors_are_closed(self, theirs: Path) -> None:
        """A folder that nobody keeps any more holds nothing."""
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(20):
            Folder(theirs).below("in", make=True)
        assert len(list(Path("/proc/self/fd").iterdir())) == before


class TestOpenFile:
    """Regular files only."""

    @pytest.mark.parametrize("path", ["/dev/zero", "/dev/full", "/dev/null", "fifo"])
    def test_neither_pipe_nor_device(self, tmp_path: Path, path: str) -> None:
        """What has no end, or nobody at the other end, is refused at once."""
        if path == "fifo":
            os.mkfifo(tmp_path / path)
        else:
            only_if(Path(path).exists(), f"no {path} here")
        with pytest.raises(NotAFileError):
            open_file(tmp_path / path)

    def test_what_the_shell_hands_over(self) -> None:
        """A pipe that is open already is read to its end."""
        end, start = os.pipe()
        os.write(start, b"born")
        os.close(start)
        with open_file(Path(f"/dev/fd/{end}")) as file:
            assert file.read() == b"born"
        os.close(end)

    def test_no_link(self, tmp_path: Path) -> None:
        """A link is refused where none may be."""
        (tmp_path / "a").write_text("x")
        (tmp_path / "b").symlink_to("a")
        with open_file(tmp_path / "b") as file:
            assert file.read() == b"x"
        with pytest.raises(OSError, match="symbolic"):
            open_file(tmp_path / "b", links=False)


OUTPUTS = {
    "calendar.ics": ["timeline", "examples/people/engineer.toml", "--on", "2026-10-01", "--ics"],
    "scored.csv": ["score", "examples/people.csv", "--on", "2026-10-01", "--out"],
    "report.pdf": ["report", "examples/people/engineer.toml", "--on", "2026-10-01", "--out"],
    "people.csv": ["assess", "examples/people", "--on", "2026-10-01", "--out"],
}


class TestOutputs:
    """What a command writes about people, in a folder where somebody else put links before."""

    @pytest.mark.parametrize("name", OUTPUTS)
    def test_for_its_owner_and_through_no_link(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The file is its owner's whatever the mask, and neither under its name nor beside it is a link followed."""
        monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
        monkeypatch.chdir(Path(__file__).parent.parent)
        victim, out = tmp_path / "victim", tmp_path / name
        victim.write_text("precious")
        for link_ in (name, f"{name}.part", f".{name}.part", f".{name}.{os.getpid()}.part"):
            (tmp_path / link_).symlink_to(victim)
        before = os.umask(0o022)
        try:
            assert run([*OUTPUTS[name], str(out)]) == 0
        finally:
            os.umask(before)

        assert victim.read_text() == "precious"
        assert not out.is_symlink()
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
