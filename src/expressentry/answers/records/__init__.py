"""The shapes of all answers as plain data, one type each; the API and the assistant describe themselves from them.

    records.common      the law and the record behind an answer, citations, problems
    records.person      assess, profile show, compare, changes, lists of clients
    records.advice      replay, timeline, plan, invited, watch
    records.published   law, rounds, pool, categories, occupations, language tests

A type named `…Record` is called by the word before it in the descriptions. Keys are a contract: they are added, never
taken away. Only type checkers and the web read these modules, so that a cold command does not pay for them.
"""
