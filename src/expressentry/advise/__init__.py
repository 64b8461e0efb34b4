"""What changes, and what to do: the score over time, plans, and the check after an invitation.

    timeline(profile, start, until)          every day on which something changes, and only those
    plan(profile, start)                     every combination of moves, and what it brings
    invited(profile, round, received)        does an invitation still stand on the day of receipt
    what_if(profile, on, wishes, record)     the answers with some facts other than they are
    gather(profile, on, record)              all that a report on one person says

Nothing here draws or prints.
"""
