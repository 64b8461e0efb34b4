"""What changes, and what to do: the score over time, and the check after an invitation.

    timeline(profile, start, until)          every day on which something changes, and only those
    invited(profile, round, received)        does an invitation still stand on the day of receipt

Nothing here draws or prints.
"""
