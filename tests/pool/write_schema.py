"""Write `schema.sql` anew from the migrations: `python -m tests.pool.write_schema`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from expressentry.pool import migrate, open_embedded
from tests.pool.test_server import SCHEMA, dumped

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, open_embedded(Path(folder) / "server") as server:
        migrate(server.admin_url())
        SCHEMA.write_text(dumped(server.admin_url()), encoding="utf-8")
