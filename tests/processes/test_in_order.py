"""Many pieces of work on every core: the answers in order, whatever becomes of some of them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from expressentry.processes import in_order as module
from expressentry.processes.in_order import in_order
from expressentry.processes.lane import Unfinished, Work
from tests.processes.jobs import Job, begin, fails_to_begin


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No work is done in this process."""
    monkeypatch.setattr(module, "_can_be_stopped", lambda: False)


def jobs(count: int, **odd: str) -> list[Job]:
    """So many jobs, some of which are odd: `n7="killed"`."""
    return [(odd.get(f"n{number}", "plain"), number) for number in range(count)]


def done_by(folder: Path) -> dict[int, set[int]]:
    """For each job the processes that began it."""
    found: dict[int, set[int]] = {}
    for path in folder.iterdir():
        number, pid, _ = path.name.split("-")
        found.setdefault(int(number), set()).add(int(pid))
    return found


def numbers(answers: Sequence[tuple[int, int] | Unfinished]) -> list[int | str]:
    """The numbers of the jobs done, or why one was not."""
    return [one.kind if isinstance(one, Unfinished) else one[0] for one in answers]


def gone(pid: int) -> bool:
    """Whether a process is gone, or waits only for its parent to take note."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] in "ZX"
    except OSError:
        return True


def soon(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something holds within some time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class TestHere:
    """A short list is done in this process."""

    def test_short(self, tmp_path: Path) -> None:
        """No process is started for what is done at once."""
        found = list(in_order(Work(begin, (str(tmp_path),)), jobs(50), total=50, jobs=2))

        assert numbers(found) == list(range(50))
        assert done_by(tmp_path) == {number: {os.getpid()} for number in range(50)}

    def test_late(self, tmp_path: Path) -> None:
        """What takes too long is given up here too, even where it takes every error for its own."""
        work = Work(begin, (str(tmp_path),), seconds=0.2)
        found = [*in_order(work, jobs(5, n1="for ever", n3="caught"), total=5, jobs=1)]

        assert numbers(found) == [0, "late", 2, "late", 4]
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL

    def test_error(self, tmp_path: Path) -> None:
        """An error of the work is raised."""
        with pytest.raises(ValueError, match="1993"):
            list(in_order(Work(begin, (str(tmp_path),)), jobs(5, n1="wrong"), jobs=1))

    def test_nothing(self, tmp_path: Path) -> None:
        """Of nobody there is no answer, in this process and in others."""
        found = list(in_order(Work(begin, (str(tmp_path),)), [], jobs=1))

        assert not found


class TestOthers:
    """A long list is done by other processes too."""

    def test_long(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first jobs are done here, the others elsewhere, each once, and their answers come in order."""
        monkeypatch.setattr(module, "_START_SECONDS", 0.2)
        work = Work(begin, (str(tmp_path),))
        listed = [("slow" if number % 7 == 0 else "plain", number) for number in range(400)]
        found = [*in_order(work, listed, total=400, jobs=3)]
        processes = Counter(pid for one in found if not isinstance(one, Unfinished) for pid in one[1:])

        assert numbers(found) == list(range(400))
        assert all(len(pids) == 1 for pids in done_by(tmp_path).values())
        assert os.getpid() in processes
        assert len(processes) > 2
        assert soon(lambda: all(gone(pid) for pid in processes if pid != os.getpid()))

    @pytest.mark.usefixtures("elsewhere")
    def test_nothing(self, tmp_path: Path) -> None:
        """Of nobody there is no answer."""
        found = list(in_order(Work(begin, (str(tmp_path),)), iter([]), jobs=2))

        assert not found

    @pytest.mark.usefixtures("elsewhere")
    def test_odd_ones(self, tmp_path: Path) -> None:
        """One that never ends and one over which its process ends have no answer; every other has its own."""
        odd = jobs(60, n0="killed", n5="caught", n6="killed", n7="killed", n30="for ever", n59="killed")
        found = list(in_order(Work(begin, (str(tmp_path),), seconds=1), odd, total=60, jobs=2))
        expected: list[int | str] = list(range(60))
        for number, kind in {0: "ended", 5: "late", 6: "ended", 7: "ended", 30: "late", 59: "ended"}.items():
            expected[number] = kind

        assert numbers(found) == expected
        assert soon(lambda: all(gone(pid) for pids in done_by(tmp_path).values() for pid in pids))

    @pytest.mark.usefixtures("elsewhere")
    def test_errors_of_ours(self, tmp_path: Path) -> None:
        """An error of the work is raised without its words, which may repeat what a file says; no process is left."""
        with pytest.raises(RuntimeError) as caught:
            list(in_order(Work(begin, (str(tmp_path),)), jobs(9, n4="wrong"), jobs=2))

        assert "ValueError at processes/jobs.py" in str(caught.value)
        assert "1993" not in str(caught.value)
        assert soon(lambda: all(gone(pid) for pids in done_by(tmp_path).values() for pid in pids))

    @pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
    @pytest.mark.usefixtures("elsewhere")
    def test_memory(self, tmp_path: Path) -> None:
        """Memory is bounded: the work itself hears of it."""
        with pytest.raises(RuntimeError, match="MemoryError"):
            list(in_order(Work(begin, (str(tmp_path),)), jobs(3, n1="memory"), jobs=2))

    @pytest.mark.usefixtures("elsewhere")
    def test_left_early(self, tmp_path: Path) -> None:
        """Who takes no more answers leaves no process behind, and not every item was read."""
        read = []

        def items() -> object:
            for number in range(100_000):
                read.append(number)
                yield ("plain", number)

        answers = in_order(Work(begin, (str(tmp_path),)), items(), jobs=2)  # type: ignore[arg-type]
        assert next(answers) is not None
        answers.close()  # type: ignore[attr-defined]

        assert len(read) < 1000
        assert soon(lambda: all(gone(pid) for pids in done_by(tmp_path).values() for pid in pids))

    @pytest.mark.usefixtures("elsewhere")
    def test_cannot_begin(self) -> None:
        """Where no process can begin, that is said, and nothing waits for ever."""
        with pytest.raises(RuntimeError, match="could be started"):
            list(in_order(Work(fails_to_begin, (os.getpid(),)), jobs(9), jobs=2))

    def test_far_ahead(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """One slow item does not let the others run ahead without end."""
        monkeypatch.setattr(module, "_can_be_stopped", lambda: False)
        monkeypatch.setattr(module, "_MOST_AHEAD", 20)
        given = []

        def items() -> object:
            for job in jobs(300, n3="for ever"):
                given.append(job)
                yield job

        work = Work(begin, (str(tmp_path),), seconds=1)
        for at, _ in enumerate(in_order(work, items(), jobs=2)):  # type: ignore[arg-type]
            assert len(given) <= at + 20 + 2 * module._MOST_CHUNK + 2

    def test_parent_killed(self, tmp_path: Path) -> None:
        """Processes end with the one that they work for, even where it is killed."""
        code = f"from tests.processes.jobs import main; main({str(tmp_path)!r})"
        parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
        try:
            assert soon(lambda: len({pid for pids in done_by(tmp_path).values() for pid in pids}) == 2)
        finally:
            parent.kill()
            parent.wait()

        assert soon(lambda: all(gone(pid) for pids in done_by(tmp_path).values() for pid in pids))

    @pytest.mark.long
    def test_storm(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """In a thousand jobs of which every thirtieth is odd, each has its answer."""
        monkeypatch.setattr(module, "_can_be_stopped", lambda: False)
        drawn = random.Random(4)
        odd = ["killed", "killed", "killed", "for ever"]
        kinds = [drawn.choice(odd) if drawn.random() < 0.03 else "plain" for _ in range(1000)]
        listed = list(zip(kinds, range(1000), strict=True))
        told = {"killed": "ended", "for ever": "late"}
        found = list(in_order(Work(begin, (str(tmp_path),), seconds=5), listed, total=1000, jobs=3))

        assert numbers(found) == [told.get(kind, number) for kind, number in listed]
