"""What all files inside one file may cost together: depth, members and unpacked bytes (design/SECURITY §3.3)."""

from __future__ import annotations

from classifier.core.settings import Limits


class Budget:
    """Counts over one whole tree of files. State that outlives a call: members and bytes so far."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._members = 0
        self._bytes = 0

    def refuse(self, depth: int, size: int) -> str | None:
        """The problem code that keeps the next member shut, or None. `depth` is 1 for a member of the file itself."""
        if depth > self._limits.depth:
            return "too_deep"
        if self._members >= self._limits.members:
            return "too_many_members"
        if self._bytes + size > self._limits.unpacked:
            return "bomb"
        self._members += 1
        self._bytes += size
        return None
