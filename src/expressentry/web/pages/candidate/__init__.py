"""The pages for a candidate: the questions, their check, the answer, what-if, chances, plan, streams, files.

Nothing of it is kept here: every page has the answers in its own form, and a link or a file holds them for later.
"""

from __future__ import annotations

from fastapi import APIRouter

from expressentry.web.pages.candidate import answer, chances, files, plan, questions, streams

router = APIRouter()
for part in (questions, answer, chances, plan, streams, files):
    router.include_router(part.router)
