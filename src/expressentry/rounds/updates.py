"""What `rounds update` brought, in the user's folder beside the shipped record.

    manifest.json               what was merged into the record, in order, and the marks for the next request
    2026-11-24-1f2e3d4c.json    the rows of one feed that were new or different, exactly as published

The record is the shipped one with these merged into it, each by the same rule as on the day it came; a later release
that ships the same rows changes nothing. The manifest is written last and whole, so that an update is there or is not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from expressentry.documents import load_json, read_bytes
from expressentry.errors import FileError, Problem, RecordError
from expressentry.files import PUBLIC, write_into_folder
from expressentry.law.round_names import RoundNames
from expressentry.rounds.feed import MOST_BYTES, Feed, read_feed
from expressentry.rounds.merge import Update, merge
from expressentry.rounds.record import Record, RecordSource
from expressentry.text import Text, same

MANIFEST = "manifest.json"
MOST_UPDATES, MOST_KEPT_BYTES = 2000, 200_000_000
"""So many updates are kept, and so much of them: twenty years of rounds, and no server that changes its mind each time
fills the disk."""
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
        found: dict[str, Any] = load_json(read_bytes(path, most=MOST_BYTES))
        found["updates"] = list(found["updates"])
    except (FileError, ValueError, KeyError, TypeError) as error:
        raise _broken(path, error) from None
    return found


def with_updates(record: Record, folder: Path, names: RoundNames | None = None) -> Record:
    """Merge everything that a folder holds into a record, in the order in which it came.

    Raises RecordError where a file is missing, cut or changed.
    """
    for entry in manifest_of(folder)["updates"]:
        path = folder / str(entry.get("file") or MANIFEST)
        try:
            source = _source(entry["source"])
            if entry.get("file"):
                data = read_bytes(path, most=MOST_BYTES)
                if hashlib.sha256(data).hexdigest() != entry["sha256"]:
                    raise ValueError("sha256")
                feed = read_feed(data, source.id, source.seen, source.lang, names)
                record = merge(record, feed, source).record
            record = _confirmed(record, source.seen, entry)
        except (FileError, ValueError, KeyError, TypeError, AttributeError, RecordError) as error:
            raise _broken(path, error) from None
    return record


def _broken(path: Path, error: Exception) -> RecordError:
    rule = Text("cannot be read, or was changed ({e})", "fichier illisible ou modifié ({e})")
    reason: object = error
    if isinstance(error, RecordError | FileError):
        reason = error.problems[0].rule if isinstance(error, FileError) else type(error).__name__
    return RecordError(Problem("stored_record_broken", str(path), rule.fill(e=reason), _AGAIN))


def _confirmed(record: Record, seen: date, entry: Mapping[str, Any]) -> Record:
    """Every round and distribution that a feed carried was checked on the day it was seen, changed or not."""
    newest, missing = date.fromisoformat(entry["newest"]), frozenset(entry["missing"])
    dropped = frozenset(entry["lost"])
    carried = {one.number for one in record.rounds if one.date <= newest and one.number not in missing}
    rounds = tuple(
        replace(one, checked=seen) if one.checked < seen and one.number in carried else one for one in record.rounds
    )
    pool = tuple(
        replace(day, checked=seen)
        if day.checked < seen and carried.intersection(day.rounds) and str(day.as_of) not in dropped
        else day
        for day in record.pool
    )
    return replace(record, rounds=rounds, pool=pool, as_of=max(record.as_of, seen))


def save(folder: Path, update: Update, feed: Feed) -> Path | None:
    """Store what a feed brought, and that it was seen; return the file of its rows, None where it brought nothing.

    Raises FileError where the folder cannot be written, RecordError where it holds too much already.
    """
    manifest = manifest_of(folder)
    entry: dict[str, Any] = {
        "source": _source_record(update.source),
        "newest": feed.newest.isoformat(),
        "missing": update.missing,
        "lost": update.dropped,
    }
    path = None
    if update.news:
        rows = [row for number, row in feed.raw.items() if number in update.touched]
        data = (json.dumps({"rounds": rows}, ensure_ascii=False, indent=1) + "\n").encode()
        digest = hashlib.sha256(data).hexdigest()
        _check_room(folder, manifest["updates"], len(data))
        path = folder / f"{update.source.seen}-{digest[:8]}.json"
        write_into_folder(path, data, mode=PUBLIC)
        entry |= {"file": path.name, "sha256": digest}
    _append(manifest["updates"], entry)
    _write_manifest(folder, manifest)
    return path


def _check_room(folder: Path, updates: list[dict[str, Any]], more: int) -> None:
    """Refuse to keep more than there is room for.

    Raises RecordError.
    """
    kept = [folder / str(entry["file"]) for entry in updates if entry.get("file")]
    if len(kept) >= MOST_UPDATES or sum(one.stat().st_size for one in kept if one.is_file()) + more > MOST_KEPT_BYTES:
        rule = Text(
            "{n} updates are kept here, and no more fit", "{n} mises à jour sont gardées ici; il n'y a plus de place"
        )
        raise RecordError(Problem("too_much_kept", str(folder), rule.fill(n=len(kept)), _AGAIN))


def unchanged(folder: Path, seen: date) -> None:
    """Record that on a day the server reported no change since its last complete answer."""
    manifest = manifest_of(folder)
    last = manifest["updates"][-1]
    entry = {key: last[key] for key in ("newest", "missing", "lost")}
    _append(manifest["updates"], {"source": {**last["source"], "seen": seen.isoformat()}, **entry})
    _write_manifest(folder, manifest)


def _mark(folder: Path, marks: Mapping[str, str | None]) -> None:
    """Keep the server's marks of a complete answer, for the next request."""
    _write_manifest(folder, {**manifest_of(folder), "marks": dict(marks)})


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    write_into_folder(folder / MANIFEST, text, mode=PUBLIC)


def _append(updates: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """Add an entry; of several days on which one feed brought nothing new, only the latest is kept."""
    same_rows = ("newest", "missing", "lost", "file")
    if updates and not entry.get("file") and all(updates[-1].get(key) == entry.get(key) for key in same_rows):
        entry = max(updates.pop(), entry, key=lambda one: str(one["source"]["seen"]))
    updates.append(entry)


def _source_record(one: RecordSource) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": list(one.title),
        "address": one.address,
        "seen": one.seen.isoformat(),
        "confidence": one.confidence,
        "lang": one.lang,
    }


def _source(one: Mapping[str, Any]) -> RecordSource:
    en, fr = one["title"]
    seen = date.fromisoformat(one["seen"])
    return RecordSource(
        one["id"], Text(en, fr), one["address"], seen, one["confidence"], lang="fr" if one["lang"] == "fr" else "en"
    )


def bring(data: bytes, record: Record, folder: Path, name: str, on: date, names: RoundNames | None = None) -> Update:
    """Read a feed from an address or a file, merge it into the record and store what it brought.

    What comes from the department's own host was seen on the day `on`; anything else dates from its newest round.
    Raises RecordError for a feed that is wrong, FileError where the folder cannot be written; then nothing is stored.
    """
    id_ = f"update-{hashlib.sha256(data).hexdigest()[:8]}"
    feed = read_feed(data, id_, names=names)
    own = _own(name)
    seen = on if own else min(feed.newest, on)
    feed = read_feed(data, id_, seen, names=names)
    source = RecordSource(id_, same(name), name, seen, "primary" if own else "one_source", lang=feed.lang)
    update = merge(record, feed, source)
    ahead = [one.number for one in feed.rounds.values() if one.date > on]
    if ahead:
        wording = Text("dated after {d}: rounds {a}", "datées d'après le {d} : rondes {a}")
        update.remarks.append(wording.fill(d=on, a=", ".join(ahead)))
    save(folder, update, feed)
    return update


def bring_from(address: str, record: Record, folder: Path, on: date, names: RoundNames | None = None) -> Update:
    """Fetch a feed, if it changed since it was last fetched from there, and bring what it has.

    Raises as `fetch` and `bring` do.
    """
    from expressentry.rounds.fetch import fetch

    marks = manifest_of(folder).get("marks") or {}
    known = marks if marks.get("address") == address else {}
    found = fetch(address, etag=known.get("etag"), last_modified=known.get("last_modified"))
    if found.data is None:
        own = _own(found.address)
        seen = on if own else record.as_of
        if own:
            unchanged(folder, seen)
        source = RecordSource("unchanged", same(address), address, seen, "primary" if own else "one_source")
        return Update(replace(record, as_of=max(record.as_of, seen)), source, remarks=[_NOTHING])
    # By the address that it came from: what the department's host only sends on to is not the department's.
    update = bring(found.data, record, folder, found.address, on, names)
    _mark(folder, {"address": address, "etag": found.etag, "last_modified": found.last_modified})
    return update


def _own(name: str) -> bool:
    """Whether an address is one of the department's own host."""
    from urllib.parse import urlsplit

    from expressentry.rounds import fetch

    return fetch.is_address(name) and urlsplit(name).hostname == fetch.DEPARTMENT


_NOTHING = Text("not changed since it was last fetched", "inchangé depuis le dernier téléchargement")
