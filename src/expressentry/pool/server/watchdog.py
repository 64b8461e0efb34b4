"""The watcher of an embedded server: stops it when every holder has ended without closing, by SIGKILL say.

It sleeps on the lock of the holders, which the kernel frees with the last of them, and ends with the server.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    from expressentry.pool.server.supervisor import watch_over

    watch_over(Path(sys.argv[1]), int(sys.argv[2]))
