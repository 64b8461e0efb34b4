"""Law and record that stay current: read again where a file of theirs has changed, whole, or left as they were.

    current = Current(Sources(home))
    current.context          the law and the record to answer from
    current.look()           whether they are others now; `current.problems` says why newer files are not used

A server looks every few seconds. Files are read between two looks at their marks that are the same, so that what was
written meanwhile is never half of what is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from expressentry.answers.context import HISTORY_FOLDER, LAW_FOLDER, Context, history_of, law_of, read_record
from expressentry.assess.rehearse import rehearse
from expressentry.errors import ExpressEntryError, Problem
from expressentry.law.verify.known import KEPT, look_in

Marks = Mapping[str, tuple[int, int, int]]
"""Of each file its number, its size and when it was written: another file in its place has other ones."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Sources:
    """Where law and record are read from: a user's folder, and the law that is named.

    >>> Sources().read().record.newest.number
    '447'
    """

    home: Path | None = None
    laws: Sequence[str] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    def read(self) -> Context:
        """Read everything again.

        Raises:
            LawError: A law file is wrong, or refuses somebody.
            RecordError: A stored file of rounds is wrong.
            FileError: A file cannot be read.
        """
        law = law_of(self.home, self.laws, self.numbers)
        if self._added():
            rehearse(law)
        found = Context(law, read_record(self.home, law), history_of(self.home))
        _ = found.draws  # read now: a file that is wrong must keep the old ones, and not fail an answer
        return found

    def marks(self) -> Marks:
        """The files that there are, each with what changes when it does."""
        found = {}
        for path in self._files():
            with suppress(OSError):  # it has just gone
                told = path.stat()
                found[str(path)] = (told.st_ino, told.st_size, told.st_mtime_ns)
        return found

    def _added(self) -> bool:
        """Whether there is law beside the shipped one."""
        folder = None if self.home is None else self.home / LAW_FOLDER
        return bool(self.laws) or (folder is not None and any(folder.glob("*.toml")))

    def _files(self) -> Iterator[Path]:
        for law in self.laws:
            if law.endswith(".toml"):
                yield Path(law)
                yield from Path(law).parent.glob("*.csv")  # lists may lie beside it
        if self.home is not None:
            for folder, endings in ((LAW_FOLDER, ("toml", "csv")), (HISTORY_FOLDER, ("json", "csv"))):
                for ending in endings:
                    yield from (self.home / folder).glob(f"*.{ending}")
            yield self.home / KEPT


class Current:
    """The law and the record of a service that runs on: those of the newest files that could be read.

    Args:
        sources: Where they are read from.

    Raises:
        ExpressEntryError: What is there at the start cannot be read.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources, self.problems = sources, tuple[Problem, ...]()
        self._seen = sources.marks()
        self.context = sources.read()
        look_in(sources.home)

    def newest(self) -> Context:
        """What to answer with now: looks first."""
        if self.look():
            look_in(self.sources.home)
        return self.context

    def look(self) -> bool:
        """Read again where a file has changed; whether law and record are others now.

        Files that are wrong change nothing but `problems`; files that are being written are read at the next look.
        What a user recorded of a comparison with the statutes is taken over by `look_in`.
        """
        marks = self.sources.marks()
        if marks == self._seen:
            return False
        for _ in range(_TRIES):
            found, problems = self._read()
            before, marks = marks, self.sources.marks()
            if before == marks:
                break
        else:
            return False
        self._seen, self.problems = marks, problems
        if found is not None:
            self.context = found
        return found is not None

    def _read(self) -> tuple[Context | None, tuple[Problem, ...]]:
        try:
            return self.sources.read(), ()
        except ExpressEntryError as error:
            return None, tuple(error.problems)
