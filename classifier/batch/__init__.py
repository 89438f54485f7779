"""The hands. In: one function and many items. Out: one Outcome per item, exactly once, whatever dies on the way.

Touches processes only: each item is worked in a killable child; a child that dies or hangs costs that one item.
"""

from classifier.batch.engine import Outcome, run

__all__ = ["Outcome", "run"]
