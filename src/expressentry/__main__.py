"""`python -m expressentry`: the command line."""

from expressentry.cli import entry

entry()
