"""Pages in the layout of the department's, made from the law of a day, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from expressentry.law.grid.tree import Leaf, Node
from expressentry.law.languages import ABILITIES, ABILITY_NAMES, NAMES, TESTS
from expressentry.law.law import Law
from expressentry.law.verify.pages.others import _shown, _spans
from expressentry.text import Lang, Text
from tests.law.verify.sentences import PROGRAM_TITLES, conditions, items, program

TITLES = {
    "crs": Text(
        "Comprehensive Ranking System (CRS) criteria – Express Entry",
        "Critères du Système de classement global (SCG) – Entrée express",
    ),
    "language": Text("Language test results – Express Entry", "Résultats des tests de langue – Entrée express"),
    "funds": Text("Proof of funds – Express Entry", "Preuve de fonds – Entrée express"),
    "categories": Text(
        "Category-based selection – Express Entry", "Rondes fondées sur les catégories – Entrée express"
    ),
    **PROGRAM_TITLES,
}
SECTIONS = {
    "A": Text("A. Core/human capital factors", "A. Capital humain/facteurs essentiels"),
    "B": Text("B. Spouse or common-law partner factors", "B. Facteurs liés à l’époux ou au conjoint de fait"),
    "C": Text(
        "C. Skill transferability factors (Maximum 100 points)",
        "C. Facteurs de transférabilité des compétences (Maximum de 100 points)",
    ),
    "D": Text("D. Additional points (Maximum 600 points)", "D. Points supplémentaires (Maximum de 600 points)"),
}
WITH = Text("With a spouse or common-law partner", "Avec un époux ou conjoint de fait")
WITHOUT = Text("Without a spouse or common-law partner", "Sans époux ou conjoint de fait")
POINTS = Text("Points {c}", "Points {c}")
MAXIMUM = Text("{c} (Maximum {n} points)", "{c} (Maximum de {n} points)")
EDUCATION = {
    "none": Text("Less than secondary school (high school)", "Niveau inférieur aux études secondaires"),
    "secondary": Text("Secondary diploma (high school graduation)", "Diplôme d’études secondaires"),
    "one_year": Text("One-year degree, diploma or certificate", "Diplôme ou certificat d’un programme d’un an"),
    "two_year": Text(
        "Two-year program at a university or college", "Programme de deux ans d’une université ou d’un collège"
    ),
    "three_year": Text(
        "Bachelor’s degree OR a three or more year program", "Baccalauréat OU programme de trois ans ou plus"
    ),
    "two_or_more": Text(
        "Two or more certificates, diplomas, or degrees. One must be for a program of three or more years",
        "Deux certificats, diplômes ou grades ou plus, dont un d’un programme de trois ans ou plus",
    ),
    "masters": Text("Master’s degree, OR professional degree", "Maîtrise OU grade professionnel"),
    "doctoral": Text("Doctoral level university degree (Ph.D.)", "Doctorat"),
}
JOINED = (
    (
        ("none", "secondary"),
        Text("Secondary school (high school) credential or less", "Diplôme d’études secondaires ou moins"),
    ),
    (
        ("one_year", "two_year", "three_year"),
        Text(
            "Post-secondary program credential of one year or longer",
            "Diplôme postsecondaire d’un programme d’au moins un an",
        ),
    ),
    (
        ("two_or_more",),
        Text(
            "Two or more post-secondary program credentials, one of three years or longer",
            "Au moins deux diplômes postsecondaires, dont un de trois ans ou plus",
        ),
    ),
    (
        ("masters",),
        Text(
            "A university-level credential at the master’s level", "Un diplôme universitaire au niveau de la maîtrise"
        ),
    ),
    (
        ("doctoral",),
        Text("A university-level credential at the doctoral level", "Un diplôme universitaire au niveau du doctorat"),
    ),
)
ABOUT = {
    "core.age": Text("Age", "Âge"),
    "core.education": Text("Level of Education", "Niveau de scolarité"),
    "core.first_language": Text(
        "First official language: CLB level per ability", "Première langue officielle : niveau NCLC par habileté"
    ),
    "core.second_language": Text(
        "Second official language: CLB level per ability", "Seconde langue officielle : niveau NCLC par habileté"
    ),
    "core.canadian_work": Text("Canadian work experience", "Expérience de travail au Canada"),
    "partner.education": Text("Spouse’s level of education", "Niveau de scolarité de l’époux"),
    "partner.language": Text(
        "Spouse’s official language: CLB level per ability", "Langue officielle de l’époux : niveau NCLC par habileté"
    ),
    "partner.canadian_work": Text("Spouse’s Canadian work experience", "Expérience de travail au Canada de l’époux"),
    "transferability.education.language": Text("Education", "Études"),
    "transferability.education.canadian_work": Text("Education", "Études"),
    "transferability.foreign_work.language": Text("Foreign work experience", "Expérience de travail à l’étranger"),
    "transferability.foreign_work.canadian_work": Text("Foreign work experience", "Expérience de travail à l’étranger"),
    "transferability.certificate": Text("Certificate of qualification", "Certificat de compétence"),
}
SUMMARY = {
    "A": ("core.age", "core.education", "languages", "core.canadian_work"),
    "B": ("partner.education", "partner.language", "partner.canadian_work"),
    "C": (
        "transferability.education.language",
        "transferability.education.canadian_work",
        "transferability.foreign_work.language",
        "transferability.foreign_work.canadian_work",
        "transferability.certificate",
    ),
}
SUMMED = {
    "languages": Text("Official languages proficiency", "Compétence dans les langues officielles"),
    "core.education": Text("Level of education", "Niveau de scolarité"),
    "partner.education": Text("Level of education", "Niveau de scolarité"),
    "partner.language": Text("Official language proficiency", "Compétence dans les langues officielles"),
    "partner.canadian_work": Text("Canadian work experience", "Expérience de travail au Canada"),
    "transferability.education.language": Text(
        "With good language proficiency and a post-secondary degree",
        "Avec une bonne maîtrise des langues et un diplôme postsecondaire",
    ),
    "transferability.education.canadian_work": Text(
        "With Canadian work experience and a post-secondary degree",
        "Avec une expérience de travail au Canada et un diplôme postsecondaire",
    ),
    "transferability.foreign_work.language": Text(
        "With good language proficiency and foreign work experience",
        "Avec une bonne maîtrise des langues et une expérience de travail à l’étranger",
    ),
    "transferability.foreign_work.canadian_work": Text(
        "With Canadian work experience and foreign work experience",
        "Avec une expérience de travail au Canada et une expérience de travail à l’étranger",
    ),
    "transferability.certificate": Text(
        "With good language proficiency and a certificate of qualification",
        "Avec une bonne maîtrise des langues et un certificat de compétence",
    ),
}
ADDITIONAL = {
    ("additional.sibling", True): Text(
        "Brother or sister living in Canada (citizen or permanent resident)",
        "Frère ou sœur vivant au Canada (citoyen ou résident permanent)",
    ),
    ("additional.french", 0): Text(
        "Scored NCLC 7 or higher on all four French language skills and scored CLB 4 or lower in English "
        "(or did not take an English test)",
        "NCLC 7 ou plus aux quatre habiletés en français et NCLC 4 ou moins en anglais (ou pas de test d’anglais)",
    ),
    ("additional.french", 5): Text(
        "Scored NCLC 7 or higher on all four French language skills and scored CLB 5 or higher on all four English "
        "skills",
        "NCLC 7 ou plus aux quatre habiletés en français et NCLC 5 ou plus aux quatre habiletés en anglais",
    ),
    ("additional.canadian_study", "one_or_two_year"): Text(
        "Post-secondary education in Canada – credential of one or two years",
        "Études postsecondaires au Canada – diplôme d’un ou deux ans",
    ),
    ("additional.canadian_study", "three_year_or_more"): Text(
        "Post-secondary education in Canada – credential three years or longer",
        "Études postsecondaires au Canada – diplôme de trois ans ou plus",
    ),
    ("additional.job_offer", "major_group_00"): Text(
        "Arranged employment – Major Group 00", "Emploi réservé – grand groupe 00"
    ),
    ("additional.job_offer", "other"): Text(
        "Arranged employment – any other skilled occupation", "Emploi réservé – toute autre profession qualifiée"
    ),
    ("additional.nomination", True): Text(
        "Provincial or territorial nomination", "Désignation par une province ou un territoire"
    ),
}
Rows = list[list[str]]


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """One table in HTML; the first cell of a row is its header."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<table class="table table-bordered">{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n'


def page(kind: str, body: str, day: date, lang: Lang) -> bytes:
    """A whole page with its title and its day."""
    title = TITLES[kind].say(lang)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} - Canada.ca</title>'
        f"<script>document.write('999')</script></head><body><main>"
        f'<h1 property="name">{title}</h1>{body}</main><footer><dl id="wb-dtmd"><dt>Date modified:</dt>'
        f'<dd><time property="dateModified">{day}</time></dd></dl></footer></body></html>'
    ).encode()


def make(kind: str, law: Law, day: date, lang: Lang, shown: date | None = None) -> bytes:
    """A page of a kind with the figures of a day; `shown` is the day that it gives itself, else the same."""
    if kind in PROGRAM_TITLES:
        return page(kind, program(kind, law, day, lang), shown or day, lang)
    body = {"crs": crs, "language": languages, "funds": funds, "categories": categories}[kind](law, day, lang)
    return page(kind, body, shown or day, lang)


# ---- the ranking system


def crs(law: Law, day: date, lang: Lang) -> str:
    """Four sections: a summary and one table a factor; additional points in one table."""
    nodes = {node.id: node for node in law.on(day).crs.root.walk()}
    parts: list[str] = []
    for letter, top in zip("ABC", ("core", "partner", "transferability"), strict=True):
        parts += [f"<h2>{SECTIONS[letter].say(lang)}</h2>", _summary(letter, nodes, lang)]
        for place, about in ABOUT.items():
            if place.startswith(f"{top}."):
                parts.append(f"<h3>{about.say(lang)}</h3>{_factor(nodes[place], about.say(lang), lang)}")
    parts += [f"<h2>{SECTIONS['D'].say(lang)}</h2>", _additional(nodes, lang)]
    return "\n".join(parts)


def _summary(letter: str, nodes: dict[str, Node], lang: Lang) -> str:
    rows: Rows = []
    for place in SUMMARY[letter]:
        both = ("core.first_language", "core.second_language") if place == "languages" else (place,)
        alone, accompanied = (sum(nodes[one].maximum[case] for one in both) for case in (0, 1))
        label = (SUMMED.get(place) or ABOUT[place]).say(lang)
        rows.append([label, str(accompanied), "n/a" if letter == "B" else str(alone)])
    if letter == "C":
        return table(
            [Text("Factors", "Facteurs").say(lang), Text("Points per factor", "Points par facteur").say(lang)],
            [row[:2] for row in rows],
        )
    columns = [POINTS.fill(c=WITH).say(lang), POINTS.fill(c=WITHOUT).say(lang)]
    return table([Text("Factors", "Facteurs").say(lang), *columns], rows)


def _factor(node: Node, about: str, lang: Lang) -> str:
    leaf = node.leaf
    assert leaf is not None
    if len(leaf.inputs) == 2:
        return _pairs(node, leaf, about, lang)
    rows = []
    partner = node.id.startswith("partner.")
    for at, label in _labels(leaf, 0, lang, node.id):
        alone = "n/a" if partner else str(leaf.cells[0][at])
        rows.append([label, str(leaf.cells[1][at]), alone])
    columns = [
        MAXIMUM.fill(c=WITH, n=node.maximum[1]).say(lang),
        (WITHOUT if partner else MAXIMUM.fill(c=WITHOUT, n=node.maximum[0])).say(lang),
    ]
    return table([about, *columns], rows)


def _labels(leaf: Leaf, which: int, lang: Lang, place: str) -> list[tuple[int, str]]:
    """The rows of a table of one input: the position of a value and its label."""
    column = leaf.inputs[which].column
    if column.kind != "integer":
        return [(at, EDUCATION[value].say(lang)) for at, value in enumerate(column.values)]
    unit = "age" if column.name == "age" else "years" if column.unit else "clb"
    unit = "clb" if "language" in place and which == 0 and column.name != "foreign_work_years" else unit
    starts = [row[0] for row in leaf.rows]
    if unit == "age":
        starts = [0, *range(18, 21), *range(30, 46)]
    elif unit == "years":
        starts = list(range(6))
    ends = [*(start - 1 for start in starts[1:]), None]
    return [(column.values.index(a), label(a, b, unit, lang)) for a, b in zip(starts, ends, strict=True)]


def label(low: int, high: int | None, unit: str, lang: Lang) -> str:
    """A range of numbers as the pages word it."""
    if unit == "age":
        en, fr = {0: ("{h} years of age or less", "{h} ans ou moins")}.get(
            low, ("{l} to {h} years of age", "{l} à {h} ans")
        )
        if high is None:
            en, fr = "{l} years of age or more", "{l} ans ou plus"
        elif low == high:
            en, fr = "{l} years of age", "{l} ans"
    elif unit == "years":
        en, fr = ("{l} years or more", "{l} ans ou plus") if high is None else ("{l} or {h} years", "{l} ou {h} ans")
        if low == high:
            en, fr = ("{l} year", "{l} an") if low == 1 else ("{l} years", "{l} ans")
        if low == 0:
            en, fr = "None or less than a year", "Aucune ou moins d’un an"
    else:
        en, fr = ("CLB {l} or {h}", "NCLC {l} ou {h}") if high != low else ("CLB {l}", "NCLC {l}")
        if high is None:
            en, fr = "CLB {l} or more", "NCLC {l} ou plus"
        elif low == 0:
            en, fr = "Less than CLB {n}", "Moins de NCLC {n}"
    return Text(en, fr).fill(l=low, h=high, n=(high or 0) + 1).say(lang)


def _pairs(node: Node, leaf: Leaf, about: str, lang: Lang) -> str:
    across = leaf.inputs[1].column
    starts = [one for one in leaf.columns if one != 0]
    columns = []
    for low, high in zip(starts, [*starts[1:], None], strict=True):
        most = max(leaf.cells[0][leaf.at((d, across.values.index(low)))] for d in range(leaf.inputs[0].size))
        if across.name == "canadian_work_years":
            text = Text(
                "Points for {a} + {l} year of Canadian work experience",
                "Points pour {a} + {l} an d’expérience de travail au Canada",
            )
            if high is None:
                text = Text(
                    "Points for {a} + {l} years or more of Canadian work experience",
                    "Points pour {a} + {l} ans ou plus d’expérience de travail au Canada",
                )
        else:
            text = Text(
                "Points for {a} + CLB {l} or more on all abilities, one or more under {h}",
                "Points pour {a} + NCLC {l} ou plus à toutes les habiletés, au moins une inférieure à {h}",
            )
            if high is None:
                text = Text(
                    "Points for {a} + CLB {l} or more on all abilities",
                    "Points pour {a} + NCLC {l} ou plus à toutes les habiletés",
                )
        columns.append(MAXIMUM.fill(c=text.fill(a=about.lower(), l=low, h=high), n=most).say(lang))
    rows: Rows = []
    for at, shown in _down(leaf, lang):
        cells = [str(leaf.cells[0][leaf.at((at, across.values.index(low)))]) for low in starts]
        rows.append([shown, *cells])
    return table([about, *columns], rows)


def _down(leaf: Leaf, lang: Lang) -> list[tuple[int, str]]:
    column = leaf.inputs[0].column
    if column.kind == "boolean":
        return [(1, Text("With a certificate of qualification", "Avec un certificat de compétence").say(lang))]
    if column.kind == "integer":
        none = Text("No foreign work experience", "Aucune expérience de travail à l’étranger")
        return [(0, none.say(lang)), (1, label(1, 2, "years", lang)), (3, label(3, None, "years", lang))]
    return [(column.values.index(values[0]), text.say(lang)) for values, text in JOINED]


def _additional(nodes: dict[str, Node], lang: Lang) -> str:
    rows: Rows = []
    for (place, value), shown in ADDITIONAL.items():
        node = nodes.get(place)
        if node is None or node.leaf is None:
            continue
        leaf = node.leaf
        at = leaf.at((7, int(str(value)))) if len(leaf.inputs) == 2 else leaf.inputs[0].column.values.index(value)
        rows.append([shown.say(lang), str(leaf.cells[0][int(at)])])
    heads = [Text("Additional points", "Points supplémentaires"), Text("Maximum 600 points", "Maximum de 600 points")]
    return table([one.say(lang) for one in heads], rows)


# ---- the lists


def languages(law: Law, day: date, lang: Lang) -> str:
    """One chart a test."""
    parts = []
    for test in TESTS:
        spans = {ability: _spans(law, test, ability, day) for ability in ABILITIES}
        if not spans["reading"]:
            continue
        first = Text("CLB level", "Niveau NCLC")
        rows = [
            [
                f"{level} and above"
                if level == 10 and lang == "en"
                else f"{level} et plus"
                if level == 10
                else str(level)
            ]
            + [(_shown(spans[ability][level]) or "").replace("–", " – ") for ability in ABILITIES]
            for level in sorted(spans["reading"], reverse=True)
        ]
        columns = [first.say(lang), *(ABILITY_NAMES[ability].say(lang).capitalize() for ability in ABILITIES)]
        if lang == "fr":
            rows = [[cell.replace(".", ",") for cell in row] for row in rows]
        parts.append(f"<h2>{NAMES[test]}</h2>{table(columns, rows)}")
    return "\n".join(parts)


def money(amount: str, lang: Lang) -> str:
    """An amount as each language writes it."""
    grouped = f"{int(amount):,}"
    return f"${grouped}" if lang == "en" else f"{grouped.replace(',', chr(160))} $"


def funds(law: Law, day: date, lang: Lang) -> str:
    """The table of settlement funds."""
    values = law.row("settlement_funds", day).values
    columns = [
        Text("Number of family members", "Nombre de membres de la famille"),
        Text("Funds required (in Canadian dollars)", "Fonds exigés (en dollars canadiens)"),
    ]
    rows = [[str(n), money(values[f"size_{n}"], lang)] for n in range(1, 8)]
    more = Text(
        "If more than 7 people, for each additional family member",
        "Si plus de 7 personnes, pour chaque membre supplémentaire de la famille",
    )
    if values["each_more"]:
        rows.append([more.say(lang), money(values["each_more"], lang)])
    return table([one.say(lang) for one in columns], rows)


def categories(law: Law, day: date, lang: Lang) -> str:
    """The conditions of each category, and its table where it has a list."""
    parts = []
    columns = [
        Text("Occupation", "Profession"),
        Text("2021 NOC code", "Code de la CNP 2021"),
        Text("2021 TEER category", "Catégorie FÉER 2021"),
    ]
    for version in law.category_versions(day):
        parts.append(f"<h3>{version.title.say(lang)}</h3>{items(conditions(version), lang)}")
        if version.occupations:
            rows = [[f"Occupation {code[-2:]}", code, code[1]] for code in version.occupations]
            parts.append(table([one.say(lang) for one in columns], rows))
    return "\n".join(parts)
