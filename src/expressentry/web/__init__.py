"""The site and the API: one ASGI app over the same functions as the command line, without a database.

    create_app(settings)        the app; everything it knows hangs on the settings it was given

Nothing here keeps what a visitor says: an answer is computed and forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expressentry.web.app import create_app
    from expressentry.web.settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from expressentry.web.app import create_app

        return create_app
    if name == "Settings":
        from expressentry.web.settings import Settings

        return Settings
    raise AttributeError(f"module 'expressentry.web' has no attribute {name!r}")
