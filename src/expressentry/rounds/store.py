"""What `rounds update` brought, in the user's folder beside the shipped record.

    manifest.json               what was laid on the record, in order, and the marks for the next request
    2026-11-24-1f2e3d4c.json    the rows of one feed that were new or different, exactly as published

The record is the shipped one with these laid on it, each by the same rule as on the day it came; a later release that
ships the same rows changes nothing. The manifest is written last and whole, so that an update is there or is not.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from expressentry.errors import FileError, Problem, RecordError
from expressentry.rounds.feed import Feed, read_feed
from expressentry.rounds.record import Record, RecordSource
from expressentry.rounds.update import Update, lay
from expressentry.words import Text, same

MANIFEST = "manifest.json"
_AGAIN = Text(
    "move the folder away and run `expressentry rounds update`",
    "déplacer le dossier et lancer `expressentry rounds update`",
)


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; an empty one where there is none.

    Raises RecordError where it cannot be read.
    """
    path = folder / MANIFEST
    if not path.exists():
        return {"updates": []}
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found["updates"] = list(found["updates"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _broken(path, error) from None
    return found


def with_updates(record: Record, folder: Path) -> Record:
    """Lay everything that a folder holds on a record, in the order in which it came.

    Raises RecordError where a file is missing, cut or changed.
    """
    for entry in manifest_of(folder)["updates"]:
        path = folder / str(entry.get("file") or MANIFEST)
        try:
            source = _source(entry["source"])
            if entry.get("file"):
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() != entry["sha256"]:
                    raise ValueError("sha256")
                record = lay(record, read_feed(data, source.id, source.seen, entry["lang"]), source).record
            record = _confirmed(record, source.seen, date.fromisoformat(entry["newest"]), frozenset(entry["missing"]))
        except (OSError, ValueError, KeyError, TypeError, RecordError) as error:
            raise _broken(path, error) from None
    return record


def _broken(path: Path, error: Exception) -> RecordError:
    rule = Text("cannot be read, or was changed ({e})", "illisible, ou modifié ({e})")
    told = type(error).__name__ if isinstance(error, RecordError) else error
    return RecordError(Problem("stored_record_broken", str(path), rule.fill(e=told), _AGAIN))


def _confirmed(record: Record, seen: date, newest: date, missing: frozenset[str]) -> Record:
    """Every round that a feed carried was checked on the day it was seen, changed or not."""
    rounds = tuple(
        replace(one, checked=seen) if one.checked < seen and one.date <= newest and one.number not in missing else one
        for one in record.rounds
    )
    return replace(record, rounds=rounds, as_of=max(record.as_of, seen))


def save(folder: Path, update: Update, feed: Feed, marks: Mapping[str, str | None] | None = None) -> Path | None:
    """Store what a feed brought, and that it was seen; return the file of its rows, None where it brought nothing.

    Raises FileError where the folder cannot be written.
    """
    manifest = manifest_of(folder)
    entry: dict[str, Any] = {
        "source": _source_record(update.source),
        "newest": feed.newest.isoformat(),
        "missing": update.missing,
        "lang": feed.lang,
    }
    path = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if update.news:
            rows = [row for number, row in feed.raw.items() if number in update.touched]
            data = (json.dumps({"rounds": rows}, ensure_ascii=False, indent=1) + "\n").encode()
            digest = hashlib.sha256(data).hexdigest()
            path = folder / f"{update.source.seen}-{digest[:8]}.json"
            _write(path, data)
            entry |= {"file": path.name, "sha256": digest}
        _append(manifest["updates"], entry)
        if marks is not None:
            manifest["marks"] = dict(marks)
        _write(folder / MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        cure = Text("check the folder and its rights", "vérifier le dossier et ses droits")
        raise FileError(Problem("unwritable", str(folder), same(error.strerror or error), cure)) from None
    return path


def unchanged(folder: Path, seen: date) -> None:
    """Note that the server said on a day that nothing changed since the last whole answer."""
    manifest = manifest_of(folder)
    last = manifest["updates"][-1]
    entry = {key: last[key] for key in ("newest", "missing", "lang")}
    _append(manifest["updates"], {"source": {**last["source"], "seen": seen.isoformat()}, **entry})
    _write(folder / MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())


def _append(updates: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """Add an entry; days on which nothing was new do not pile up, the latest of them says it all."""
    if updates and not entry.get("file") and not updates[-1].get("file"):
        entry = max(updates.pop(), entry, key=lambda one: str(one["source"]["seen"]))
    updates.append(entry)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _source_record(one: RecordSource) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": list(one.title),
        "address": one.address,
        "seen": one.seen.isoformat(),
        "confidence": one.confidence,
    }


def _source(one: Mapping[str, Any]) -> RecordSource:
    en, fr = one["title"]
    return RecordSource(one["id"], Text(en, fr), one["address"], date.fromisoformat(one["seen"]), one["confidence"])
