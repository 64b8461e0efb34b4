"""What a process that works for another needs: a bound on its memory, an end with its parent, a start that is safe.

Memory is limited by RLIMIT_DATA, which counts what can be written to. RLIMIT_AS would not do: polars and the engine
that draws reserve tens of gigabytes of addresses that they never use. The memory in use (RSS) is known only when it is
taken already.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import parent_process, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

_MEMORY = Path("/proc/self/statm")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_method(read_before: Sequence[str]) -> ForkServerContext | SpawnContext:
    """The fork server where the system has one, else new interpreters: a copy of a process with threads may hang.

    `read_before` are the modules that the fork server reads once for all; none that starts threads.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(list(read_before))
    return found


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that never hear Ctrl-C, not even while they begin and `begin_process` has not run yet.

    Here it is heard when the block is left.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # first: where it begins it lets Ctrl-C be heard again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_process() -> None:
    """Leave Ctrl-C to the parent, which ends its processes, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()


def _end_with_parent() -> None:
    """End this process as soon as the one that it works for is gone, however that came."""
    parent = parent_process()
    if parent is None:
        return

    def watch(ends: Callable[[int], None] = os._exit) -> None:
        wait([parent.sentinel])
        ends(1)

    threading.Thread(target=watch, daemon=True).start()


def where(error: BaseException) -> str:
    """An error by its kind and its places in the code, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " < ".join(
        f"{'/'.join(Path(one.filename).parts[-2:])}:{one.lineno}" for one in reversed(frames[-8:])
    )


def memory() -> tuple[int, int]:
    """The memory in use and what could be written to, in bytes; 0 where the system does not say."""
    try:
        pages = _MEMORY.read_text().split()
    except OSError:
        return 0, 0
    size = os.sysconf("SC_PAGE_SIZE")
    return int(pages[1]) * size, int(pages[5]) * size


def limit_memory(more_bytes: int | None) -> None:
    """Let this process take so much more memory than it has, or as much as it may."""
    if sys.platform != "linux":
        return  # the limit exists elsewhere, but does not count what is mapped
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = hard if more_bytes is None else memory()[1] + more_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
