"""The conscience. In: a Document with Elements, its Findings, Scores and the Law. Out: an Assessment with reasons.

Touches nothing. The ladder S0-S10 of domain/09 §1 stands in `ladder.LADDER`; each step is a small function that gives
Opinions; `policy.judge` weighs them, `stop.stop` is S1. Never optimistic: what is unread or contradictory goes to a person.
"""

from classifier.judge.family import join, raise_by_members
from classifier.judge.policy import Case, judge

__all__ = ["Case", "join", "judge", "raise_by_members"]
