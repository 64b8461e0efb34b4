"""The questions: one function each, plain values in, an answer out; no HTTP, no terminal.

    context.py     the law and the record that a face answers from; one person's facts
    person.py      assess, and what a profile gives on a day
    clients.py     many people: rows of a table, side by side, under two laws
    findings.py    programs and categories with their reasons, open questions
    score.py       lines of JSON, many people at once
    rounds.py      rounds, the pool, a score in it, rounds replayed for a person
    timeline.py    the days on which something changes, news since last time
    plan.py        what a person could do
    invitation.py  an invitation, on the day of receipt
    provinces.py   nominee streams, their published rounds
    streams.py     the nominee streams that a person meets
    law.py         instruments, grids, what changed between two
    lookups.py     categories, occupations, language tests
    basis.py       what an answer rests on: law, record, citations
    why.py         findings in words
    problems.py    what is wrong, as plain data
    records/       the shape of every answer as plain data

Where text is more than data in a language, a question is two functions: `replay(…)` finds, and
`replay_record(found, lang)` is the same as plain data. The command line prints what was found or dumps the record;
the API, the assistant and the pages give the record.
"""
