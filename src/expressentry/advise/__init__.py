"""What changes, and what to do: the score over time, plans, and the check after an invitation.

    timeline(profile, start, until)          every day on which something changes, and only those
    plan(profile, start)                     every combination of steps, and what it brings
    invited(profile, round, received)        whether an invitation is still valid on the day of receipt
    what_if(profile, on, wishes, record)     the answers with some facts changed
    build_dossier(profile, on, record)       everything that a report on one person contains

Nothing here draws or prints.
"""
