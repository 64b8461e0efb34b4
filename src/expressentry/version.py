"""The version of this installation, looked up when it is first asked for."""

from importlib.metadata import version

VERSION = version("expressentry")
