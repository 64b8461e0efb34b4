"""The site and the API: one ASGI app over the same functions as the command line, without a database.

    create_app(settings, context)       the app; without a context, law and record are read from the settings' folder

Nothing that a visitor enters is kept: an answer is computed and forgotten.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expressentry.web.app import create_app
    from expressentry.web.state import Limits, Settings

__all__ = ["Limits", "Settings", "create_app"]
_PLACES = {"Limits": "state", "Settings": "state", "create_app": "app"}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'expressentry.web' has no attribute {name!r}")
    return getattr(import_module(f"expressentry.web.{_PLACES[name]}"), name)
