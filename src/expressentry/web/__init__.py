"""The site and the API: one ASGI app over the same functions as the command line, without a database.

    create_app(settings, context)       the app; without a context, law and record are read from the settings' folder

Nothing that a visitor enters is kept: an answer is computed and forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expressentry.lazy import lazy

if TYPE_CHECKING:
    from expressentry.web.app import create_app as create_app
    from expressentry.web.state import Limits as Limits
    from expressentry.web.state import Settings as Settings

_PLACES = {"Limits": "state", "Settings": "state", "create_app": "app"}

__getattr__, __dir__, __all__ = lazy(__name__, _PLACES)
