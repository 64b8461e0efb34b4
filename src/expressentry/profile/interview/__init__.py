"""The questions that make a profile: data, and one small engine that asks only what is needed.

interview = Interview()
interview.step.ask.text        the question, in both languages
interview.answer("1993-04-12") the problems of that answer, in the words of the file's own checks; none: next step
interview.back()               one question back
interview.answers              what a draft keeps; `Interview(answers)` continues from it
interview.step is None         all is asked; interview.facts is the profile
"""

from expressentry.profile.interview.engine import Interview, Step

__all__ = ["Interview", "Step"]
