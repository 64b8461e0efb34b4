"""A report as one document of plain data: who and when, its sections in order, and what it is not."""

from __future__ import annotations

from typing import Any

from expressentry.advise.dossier import Dossier
from expressentry.dates import long_day
from expressentry.present.report.ahead import timeline
from expressentry.present.report.answer import answer
from expressentry.present.report.blocks import Block, Writer, tidy
from expressentry.present.report.documents import documents, facts, law, open_questions
from expressentry.present.report.nominee import nominee_streams
from expressentry.present.report.plan import plan
from expressentry.present.report.score import score
from expressentry.present.report.selection import categories, programs, rounds
from expressentry.text import Lang, Text, same

MOST_LETTERS = 200
DISCLAIMER = Text(
    "This report is not a Government of Canada product, and it is not legal advice. It applies published rules to the "
    "facts that you gave; only an officer decides. Facts, law and rounds may have changed since the days named above.",
    "Ce rapport n'est pas un produit du gouvernement du Canada, ni un avis juridique. Il applique des règles publiées "
    "aux faits que vous avez donnés; seul un agent décide. Les faits, le droit et les rondes ont pu changer depuis les "
    "jours nommés ci-dessus.",
)


def sections(dossier: Dossier, lang: Lang) -> list[Block]:
    """Every section of a report, in order; an empty section is left out."""
    w = Writer(lang)
    made = [
        answer(dossier, w),
        programs(dossier, w),
        categories(dossier, w),
        rounds(dossier, w),
        nominee_streams(dossier, w),
        timeline(dossier, w),
        plan(dossier, w),
        score(dossier, w),
        open_questions(dossier, w),
        documents(dossier, w),
        facts(dossier, w),
        law(dossier, w),
        w.section(Text("What this report is not", "Ce que ce rapport n'est pas"), w.words("para", DISCLAIMER)),
    ]
    return [one for one in made if one is not None]


def report_data(dossier: Dossier, lang: Lang, *, name: str | None = None) -> dict[str, Any]:
    """The whole document as data; `name` is in the title and is kept nowhere else."""
    from expressentry.version import VERSION

    kind, day = Text("Express Entry report", "Rapport Entrée express"), long_day(dossier.day)
    under = Text("As of {d}", "Au {d}").fill(d=day)
    titled = Text("{k} · {n}", "{k} · {n}").fill(k=kind, n=name) if name else kind
    footer = Text("{k} as of {d} · not legal advice", "{k} au {d} · n'est pas un avis juridique").fill(k=kind, d=day)
    made = {
        "lang": lang,
        "title": Text("{t}, {d}", "{t}, {d}").fill(t=titled, d=day).say(lang),
        "over": kind.say(lang) if name else same(f"expressentry {VERSION}").say(lang),
        "heading": name or kind.say(lang),
        "under": under.say(lang),
        "footer": footer.say(lang),
        "sections": sections(dossier, lang),
    }
    return {**tidy(made, lang), "date": [dossier.day.year, dossier.day.month, dossier.day.day]}
