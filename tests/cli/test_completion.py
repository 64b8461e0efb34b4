"""Completion in bash, zsh and fish by the one line that the docs show for each."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/how-to/in-your-tools.md"
SHELLS = ("bash", "zsh", "fish")
ASKED = {
    "expressentry prov": {"provinces"},
    "expressentry rounds l": {"list"},
    "expressentry assess --for": {"--format"},
    "expressentry assess --format js": {"json"},
    "expressentry rounds list --category hea": {"healthcare"},
}
BASH = (
    "COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _expressentry_completion expressentry;"
    'printf "%s\\n" "${COMPREPLY[@]}"'
)
ZSH = """
compdef() { :; }
_describe() { print -rl -- ${(P)3[@]%%:*} ; }
compadd() { print -rl -- ${(P)${@[-1]}[@]} ; }
"""


def line_of(shell: str) -> str:
    """The line that the page shows for a shell."""
    found = re.search(rf"^\| {shell} \| `([^`]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1].replace("\\|", "|")


def shown(shell: str, words: str) -> set[str]:
    """What a shell that ran the line puts in for words."""
    line = line_of(shell)
    if shell == "bash":
        call = [shell, "--norc", "-c", f"{line}\n{BASH}", shell, words]
    elif shell == "fish":
        call = [shell, "--no-config", "-c", f"{line}\ncomplete -C '{words}'"]
    else:
        at = len(words.split())
        call = [shell, "-f", "-c", f"{ZSH}\n{line}\nwords=({words}) CURRENT={at} _expressentry_completion"]
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(call, env=environ, capture_output=True, text=True, timeout=60, check=False)
    return {one.split("\t")[0] for one in done.stdout.splitlines() if one}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("words", ASKED)
def test_the_line_works(shell: str, words: str) -> None:
    """After the line, the shell knows commands, options and the words of an option."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")

    assert shown(shell, words) == ASKED[words]


@pytest.mark.parametrize("words", ["assess", "score", "assess --out", "changes x.toml"])
def test_files(words: str) -> None:
    """Where a file is asked for, the shell is told to put in names of files."""
    listed = f"expressentry {words} ex"
    environ = {
        "COMP_WORDS": listed,
        "COMP_CWORD": str(len(listed.split()) - 1),
        "_EXPRESSENTRY_COMPLETE": "bash_complete",
    }
    call = [sys.executable, "-m", "expressentry"]
    told = subprocess.run(call, env={**os.environ, **environ}, capture_output=True, text=True, check=True).stdout

    assert told == "file,ex\n"
