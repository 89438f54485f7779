"""The hands. In: one function and many items. Out: one Outcome per item, exactly once, whatever dies on the way.

Touches processes only: each item is worked in a killable child that shut itself in before its first item (cage.py: no network,
no program, no written file, little memory); a child that dies, hangs or answers garbage costs that one item.
`layers()` tells how much of the cage this machine can close.
"""

from classifier.batch.cage import Cage
from classifier.batch.engine import Outcome, layers, run

__all__ = ["Cage", "Outcome", "layers", "run"]
