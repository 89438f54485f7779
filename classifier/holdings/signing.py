"""Sign-off of a list of changes: who, in what duty, when, of which list; each entry bound to the one before it.

The entries stand in the ledger. They are sealed with the key of the batch: whoever has only the folder can neither add one nor change
one without its being seen. A signature holds for the list that was signed and for no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from classifier.core.errors import BadLedger, BadSettings
from classifier.holdings.ledger import Ledger
from classifier.holdings.seal import Seal

SHOWN = "changes"
"""The name under which the ledger holds the hash of the list that was last shown."""
_ENTRY = "signature"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Signature:
    """One entry."""

    number: int
    name: str
    duty: str
    signed: str
    """ISO moment."""
    list: str
    """Hash of the list of changes."""
    papers: int
    """Papers in it."""
    hours: float
    """The estimate that was shown."""
    before: str
    """The binding of the entry before; empty for the first."""

    def binding(self, seal: Seal) -> str:
        """A keyed hash of all of it."""
        return seal.key_of("signature:" + json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)).hex()


def sign(ledger: Ledger, seal: Seal, *, name: str, duty: str, now: str, list_: str, papers: int, hours: float) -> Signature:
    """Enter a signature of the list with hash `list_`, which is the list as it is now.

    Raises:
        BadSettings: no name or duty, or the list is another than the one last shown.
        BadLedger: an entry before it has been changed.
    """
    if not name.strip() or not duty.strip() or max(len(name), len(duty)) > _LONGEST:
        raise BadSettings("请写明签认人的姓名和职务（各不超过 60 字）。")
    if ledger.noted(SHOWN) != list_:
        raise BadSettings("变动清单在上次查看之后有变动，或者还没有查看过。请先运行 mishen batch changes 查看，再签认。")
    entries = list(read_signatures(ledger, seal))
    before = entries[-1].binding(seal) if entries else ""
    entry = Signature(len(entries) + 1, name.strip(), duty.strip(), now, list_, papers, round(hours, 1), before)
    told = {**asdict(entry), "binding": entry.binding(seal)}
    ledger.note(f"{_ENTRY}:{entry.number}", json.dumps(told, ensure_ascii=False))
    return entry


def read_signatures(ledger: Ledger, seal: Seal) -> Iterator[Signature]:
    """Every signature, first to last.

    Raises:
        BadLedger: one was changed, added by somebody without the key, or taken out from between.
    """
    before, number = "", 1
    while (held := ledger.noted(f"{_ENTRY}:{number}")) is not None:
        try:
            told = json.loads(held)
            binding = told.pop("binding")
            entry = Signature(**told)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise BadLedger(_BROKEN) from error
        if entry.number != number or entry.before != before or entry.binding(seal) != binding:
            raise BadLedger(_BROKEN)
        yield entry
        before, number = binding, number + 1
    if ledger.read("SELECT COUNT(*) FROM meta WHERE name LIKE ?", (f"{_ENTRY}:%",)).fetchone()[0] != number - 1:
        raise BadLedger(_BROKEN)


_BROKEN = "批次账本里的签认记录被改动过，不能作数。请用备份的账本核对。"
