"""From dated facts to factors: what a profile says on any day, with what is open and why.

    derived = derive(profile, date(2026, 10, 1))
    derived.facts["age"]             the first reading
    derived.readings                 one where nothing is open, else one for each set of facts possible
    derived.doubts                   what is open, and what would settle it
    derived.because["education"]     which documents and which rule

No Polars. Everything that does not depend on the day is computed once for each profile, so that thousands of days are
cheap.
"""

from expressentry.factors.derive.days import Variants, derive
from expressentry.factors.derive.model import Because, Derived, Doubt, Reading, ReportChoice

__all__ = ["Because", "Derived", "Doubt", "Reading", "ReportChoice", "Variants", "derive"]
