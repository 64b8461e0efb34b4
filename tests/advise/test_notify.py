"""News sent on: to a mail server and a program on this machine, once, whatever happens in between."""

from __future__ import annotations

import email
import http.server
import json
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from email.message import Message as Mail
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

import expressentry.cli.commands.watch as watch
from expressentry.advise.watch.state import Message, read_outbox
from expressentry.answers import notify
from expressentry.cli import run
from expressentry.errors import UsageError
from tests.advise.notify_storm import words
from tests.forecast.test_chances import FACTS
from tests.often import LONG

ENGINEER = "examples/people/engineer.toml"
KILLS = 50 if LONG else 6
ROOT = Path(__file__).parent.parent.parent


class Program:
    """A program that takes messages over HTTP, and what it got: the id of the event, title and text."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, str]] = []
        self.refuse = 0
        self.leads_to: tuple[int, str] | None = None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if outer.leads_to is not None:
                    self.send_response(outer.leads_to[0])
                    self.send_header("Location", outer.leads_to[1])
                elif outer.refuse:
                    outer.refuse -= 1
                    self.send_response(503)
                else:
                    outer.got.append((self.headers[notify.EVENT], told["title"], told["message"]))
                    self.send_response(200)
                self.end_headers()

            def do_GET(self) -> None:
                outer.got.append(("", "asked", self.path))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"json://127.0.0.1:{self.server.server_address[1]}/news"

    @property
    def ids(self) -> list[str]:
        """The ids of the events."""
        return [id_ for id_, _, _ in self.got]


@pytest.fixture
def program() -> Iterator[Program]:
    """A program that takes messages."""
    found = Program()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's folder of its own, beside the examples."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(ROOT)


def look(state: Path, day: str, *addresses: str, lang: str = "en") -> int:
    """Look for news on a day, and send it."""
    to = [word for one in addresses for word in ("--notify", one)]
    return run(["watch", ENGINEER, "--since", str(state), "--on", day, "--lang", lang, *to])


class TestOnce:
    """Each event is a message, once."""

    def test_a_round(self, program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A round that the person could enter comes once; the first run sends what lies ahead; then all is quiet."""
        state = tmp_path / "s.json"
        assert look(state, "2024-04-10", program.address) == 0
        first = list(program.got)
        assert look(state, "2024-04-11", program.address) == 10
        new = program.got[len(first) :]
        capsys.readouterr()
        assert look(state, "2024-04-11", program.address) == 0

        assert len(program.got) == len(first) + len(new)
        assert capsys.readouterr().out == ""
        assert [title.partition(" · ")[0] for _, title, _ in new] == ["Express Entry: round", "Express Entry: engineer"]
        assert "round 293, STEM" in new[0][1]
        assert len(set(program.ids)) == len(program.ids)
        assert read_outbox(state) == []

    def test_warnings_once_while_it_runs_on(
        self, program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A command that looks every hour says that rounds are missing once, and again when something else is so."""
        days = iter([date(2026, 10, 20), date(2026, 11, 28), date(2026, 11, 28), date(2026, 11, 29)])
        monkeypatch.setattr(watch, "today", lambda: next(days))
        monkeypatch.setattr(watch, "repeat", lambda turn, *_: [turn() for _ in range(4)])
        words = ["watch", ENGINEER, "--since", str(tmp_path / "s.json"), "--every", "1h", "--lang", "en"]
        assert run([*words, "--notify", program.address]) == 0
        told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Warning: ")]

        assert len(told) == 2
        assert "rounds since" in told[1]

    def test_rounds_of_others_are_left_out(self, program: Program, tmp_path: Path) -> None:
        """Of all rounds of a year only those that the person could enter are sent."""
        look(tmp_path / "s.json", "2024-01-02", program.address)
        look(tmp_path / "s.json", "2024-12-31", program.address)
        rounds = [title for _, title, _ in program.got if title.startswith("Express Entry: round")]

        assert rounds
        assert not any("Provincial Nominee" in one or "French" in one for one in rounds)

    def test_days_ahead(self, program: Program, tmp_path: Path) -> None:
        """A test that expires and a birthday that costs points are sent within sixty days of them, once each."""
        state, me = tmp_path / "s.json", tmp_path / "me.json"
        me.write_text(json.dumps(FACTS))
        for day in ("2026-10-01", "2026-11-01", "2026-12-01", "2027-01-15", "2027-09-01", "2027-11-01", "2027-12-01"):
            run(["watch", str(me), "--since", str(state), "--on", day, "--lang", "en", "--notify", program.address])
        told = [(title, text) for _, title, text in program.got if "coming up" in title]
        birthdays = [text for title, text in told if "30" in title and "20 January 2027" in text]
        expiries = [text for title, text in told if "after 2 years" in title and "December 2027" in text]

        assert (len(birthdays), len(expiries)) == (1, 1)
        assert "score 514 → 509" in birthdays[0]
        assert len(told) == len(set(told))

    def test_two_receivers_each_once_in_french(self, program: Program, tmp_path: Path) -> None:
        """Every receiver gets every event; words are those of the language of the run."""
        other = Program()
        for day in ("2024-04-10", "2024-04-11", "2024-04-11"):
            look(tmp_path / "s.json", day, program.address, other.address, lang="fr")
        other.server.shutdown()
        other.server.server_close()

        assert program.ids == other.ids
        assert len(set(program.ids)) == len(program.ids)
        assert any(title.startswith("Entrée express") and "ronde 293" in title for _, title, _ in program.got)

    def test_ids_are_the_same_in_both_languages(self, program: Program, tmp_path: Path) -> None:
        """An event has one id, whatever the language, so that a receiver can tell it."""
        for lang in ("en", "fr"):
            for day in ("2024-04-10", "2024-04-11"):
                look(tmp_path / f"{lang}.json", day, program.address, lang=lang)

        assert all(n == 2 for n in Counter(program.ids).values())


class TestFailures:
    """What is not taken comes again."""

    def test_refused_and_sent_again(self, program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A receiver that refuses gets everything later, in order; the failure is said, without the address."""
        state = tmp_path / "s.json"
        look(state, "2024-04-10", program.address)
        before, program.refuse = len(program.got), 1
        assert look(state, "2024-04-11", program.address) == 1
        err = capsys.readouterr().err
        assert "not taken" in err
        assert "127.0.0.1" not in err
        assert len(program.got) == before
        assert len(read_outbox(state)) == 2

        assert look(state, "2024-04-12", program.address) in (0, 10)
        assert len(program.got) >= before + 2
        assert len(set(program.ids)) == len(program.ids)
        assert read_outbox(state) == []

    def test_away_keeps_nobody_else_waiting(self, program: Program, tmp_path: Path) -> None:
        """Where one receiver is away the other gets its messages; the first has them when it is named and there."""
        state, away = tmp_path / "s.json", "json://127.0.0.1:9/x"
        look(state, "2024-04-10", program.address)
        assert look(state, "2024-04-11", away, program.address) == 1
        assert {title.partition(" · ")[0] for _, title, _ in program.got} >= {"Express Entry: round"}
        assert {one.receiver for one in read_outbox(state)} == {notify.receivers([away])[0].key}

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_nothing_is_sent_where_an_answer_leads(self, program: Program, tmp_path: Path, status: int) -> None:
        """A receiver that names another address has taken nothing: the message waits, and the other gets none."""
        state, other = tmp_path / "s.json", Program()
        program.leads_to = (status, other.address.replace("json:", "http:"))
        look(state, "2024-04-10", program.address)
        assert look(state, "2024-04-11", program.address) == 1
        waiting = len(read_outbox(state))
        program.leads_to = None
        look(state, "2024-04-11", program.address)
        other.server.shutdown()
        other.server.server_close()

        assert other.got == []
        assert len(program.got) == waiting > 0

    def test_a_service_that_fails(self) -> None:
        """What nobody foresaw in a service is a message that was not taken; its words, with the address, go nowhere."""

        class Sender:
            def notify(self, body: str, title: str) -> bool:
                raise LookupError("json://me:secret-word@example.org")

        assert notify.deliver(MESSAGES, [notify.Receiver("a", "json", Sender())], lambda _: None) == len(MESSAGES)

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "exec:///bin/sh", "json://me:secret-word@[::1/", "://"])
    def test_what_is_no_receiver(self, address: str) -> None:
        """Neither a file nor a program of this machine is one; a broken address is refused without its password."""
        with pytest.raises(UsageError) as caught:
            notify.receivers([address])

        assert "secret-word" not in caught.value.say()

    def test_no_password_is_kept(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Neither the state nor what is written has the address."""
        state = tmp_path / "s.json"
        for day in ("2024-04-10", "2024-04-11"):
            look(state, day, "json://me:secret-word@127.0.0.1:9/x")
        told = capsys.readouterr()

        assert "secret-word" not in state.read_text() + told.out + told.err
        assert state.stat().st_mode & 0o777 == 0o600

    def test_wrong_addresses(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every address that is none is said at once, without repeating it."""
        assert run(["watch", ENGINEER, "--notify", "nope://secret", "--notify", "x", "--on", "2024-04-10"]) == 2
        err = capsys.readouterr().err
        assert "notify 1" in err
        assert "notify 2" in err
        assert "secret" not in err

    def test_the_extra_is_named(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """Without apprise the extra is named."""
        monkeypatch.setattr("expressentry.errors.find_spec", lambda name: None)
        assert run(["watch", ENGINEER, "--notify", "json://127.0.0.1/x", "--on", "2024-04-10"]) == 2
        assert "expressentry[notify]" in capsys.readouterr().err


class EndedError(BaseException):
    """The process is ended here."""


MESSAGES = [Message("a", f"urn:{n}", f"t{n}", "x") for n in range(3)]


class TestEndedAnywhere:
    """A process that is ended between any two steps."""

    @pytest.mark.parametrize("step", ["before it is sent", "taken, answer unread", "taken, not written", "written"])
    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_nothing_is_lost(self, step: str, at: int) -> None:
        """Nothing is lost, and only a message whose answer was not written yet comes twice, with the same id."""
        kept: list[Sequence[Message]] = [MESSAGES]
        got: list[str] = []

        def to(faulty: bool) -> notify.Receiver:
            class Sender:
                headers: dict[str, str] = {}  # noqa: RUF012

                def notify(self, body: str, title: str) -> bool:
                    now = faulty and title == f"t{at}"
                    if now and step == "before it is sent":
                        raise EndedError
                    got.append(self.headers[notify.EVENT])
                    if now and step == "taken, answer unread":
                        raise EndedError
                    return True

            return notify.Receiver("a", "json", Sender())

        def keep(faulty: bool) -> Callable[[Sequence[Message]], None]:
            def write(waiting: Sequence[Message]) -> None:
                now = faulty and len(waiting) == len(MESSAGES) - at - 1
                if now and step == "taken, not written":
                    raise EndedError
                kept.append(list(waiting))
                if now and step == "written":
                    raise EndedError

            return write

        with pytest.raises(EndedError):
            notify.deliver(kept[-1], [to(True)], keep(True))
        assert notify.deliver(kept[-1], [to(False)], keep(False)) == 0

        twice = [id_ for id_, n in Counter(got).items() if n > 1]
        assert list(dict.fromkeys(got)) == [one.event for one in MESSAGES]
        assert twice == ([f"urn:{at}"] if step.startswith("taken") else [])
        assert kept[-1] == []

    def test_killed_at_random(self, program: Program, tmp_path: Path) -> None:
        """Killed again and again: every event of an undisturbed run comes, and no more than one a kill comes twice."""
        storm = Path(__file__).parent / "notify_storm.py"
        args = [str(KILLS), "7", ENGINEER, str(tmp_path / "s.json"), program.address]
        done = subprocess.run(
            [sys.executable, str(storm), *args], capture_output=True, text=True, check=True, cwd=ROOT, timeout=600
        )
        killed, disturbed = int(done.stdout.split()[-1]), list(program.got)
        program.got.clear()
        for at in (0, 1, KILLS + 1):
            run(words(ENGINEER, str(tmp_path / "t.json"), program.address, at))

        def of_rounds(got: list[tuple[str, str, str]]) -> set[str]:
            return {id_ for id_, title, _ in got if "round" in title or "cut-off" in title}

        assert killed > KILLS // 3
        assert of_rounds(disturbed) == of_rounds(program.got)
        assert of_rounds(disturbed)
        extra = Counter(id_ for id_, _, _ in disturbed)
        assert sum(n - 1 for n in extra.values()) <= killed
        assert read_outbox(tmp_path / "s.json") == []


class Postbox:
    """What a mail server does with mail: it refuses some, and keeps the others."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.refuse = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail, or put it off."""
        if self.refuse:
            self.refuse -= 1
            return "451 later"
        self.mails.append(email.message_from_bytes(envelope.content))
        return "250 taken"


def test_by_mail(tmp_path: Path) -> None:
    """A mail is put off and sent again; each has its event's id, a title and a text in French."""
    postbox = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(postbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        address = f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org&mode=insecure"
        state = tmp_path / "s.json"
        look(state, "2024-04-10", address, lang="fr")
        before, postbox.refuse = len(postbox.mails), 1
        assert look(state, "2024-04-11", address, lang="fr") == 1
        assert len(postbox.mails) == before
        look(state, "2024-04-11", address, lang="fr")
    finally:
        server.stop()

    new = postbox.mails[before:]
    ids = [one[notify.EVENT] for one in postbox.mails]
    subjects = [str(email.header.make_header(email.header.decode_header(one["Subject"]))) for one in new]
    texts = "".join(
        part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for one in new
        for part in one.walk()
        if part.get_content_maintype() == "text"
    )
    assert len(new) == 2
    assert all(ids)
    assert len(set(ids)) == len(ids)
    assert any("ronde 293" in one for one in subjects)
    assert "note minimale 491" in texts.replace("\u202f", " ").replace("\xa0", " ")
