"""What the site does to links: files outside `docs/` are shown where the source is, French pages by their own address.

In the source every link is one of files, so that the pages can be read there too.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

_FRENCH_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\.fr\.png\)")
_LINK = re.compile(r"\]\(([^)\s#:]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Rewrite the links of a page."""
    here = posixpath.dirname(page.file.src_uri)
    of_french = page.file.src_uri.endswith(".fr.md")

    def rewritten(found: re.Match[str]) -> str:
        link, anchor = found[1], found[2] or ""
        target = posixpath.normpath(posixpath.join(here, link))
        if target.startswith("../"):
            return f"]({config.extra['source']}/blob/main/{target.removeprefix('../')}{anchor})"
        if not target.endswith(".fr.md"):
            english = of_french and target.endswith(".md")
            twin = Path(config.docs_dir, f"{target.removesuffix('.md')}.fr.md")
            return f"]({_to(_page(target), page)}{anchor})" if english and twin.is_file() else found[0]
        if of_french:
            # Beside another French page the plugin takes the name without the language for the French one.
            return f"]({link.removesuffix('.fr.md')}.md{anchor})"
        return f"]({_to(f'fr/{_page(target)}', page)}{anchor})"

    def pictured(found: re.Match[str]) -> str:
        # The plugin takes the name for the French twin of a picture: there is none beside an English page.
        name = posixpath.normpath(posixpath.join(here, found[2]))
        if of_french:
            return f"![{found[1]}]({found[2]}.png)"
        return f'<img alt="{found[1]}" src="{_to(f"fr/{name}.png", page)}">'

    return _LINK.sub(rewritten, _FRENCH_PICTURE.sub(pictured, markdown))


def _page(source: str) -> str:
    """The address of a page within its language."""
    name = source.removesuffix(".md").removesuffix(".fr")
    return f"{name.removesuffix('README')}/".lstrip("/").replace("//", "/")


def _to(place: str, page: Any) -> str:
    """The way from a page to another place of the site."""
    return posixpath.relpath(place or ".", page.url or ".") + ("" if place.endswith(".png") else "/")
