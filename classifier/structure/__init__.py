"""The grammar of official papers. In: a Document as read. Out: the same Document with roles on its blocks and its Elements.

Touches nothing: same input, same output. Source: GB/T 9704-2012 as summarised in domain/03.
"""

from classifier.structure.elements import annotate

__all__ = ["annotate"]
