"""The rules of the office. Pure functions: no web, no database, no clock; time is an argument.

In: a Case, who acts, what they decide. Out: the next Case and the Event to remember, or NotAllowed with a Chinese sentence.
"""

from review_ui.flow.case import Action, Case, Decision, Event, NotAllowed, Person, Role, Stage
from review_ui.flow.chain import TABLE, open_moves, step

__all__ = ["TABLE", "Action", "Case", "Decision", "Event", "NotAllowed", "Person", "Role", "Stage", "open_moves", "step"]
