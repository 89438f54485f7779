"""Recipes in the ledger: written down sealed when a run begins, and read again by the run that asks what has changed since."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from classifier.core.errors import BadLedger
from classifier.holdings.blooms import Need
from classifier.holdings.ledger import Ledger
from classifier.holdings.recipes import Recipe, RulePrint
from classifier.holdings.seal import Seal

_NAME = "recipe"


def remember(ledger: Ledger, seal: Seal, maker: int, recipe: Recipe) -> None:
    """Write down the recipe of a maker; what stands there already stays."""
    name = f"{_NAME}:{maker}"
    if ledger.noted(name) is None:
        plain = zlib.compress(json.dumps(_told(recipe), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        ledger.note(name, base64.b64encode(seal.close(plain, name.encode())).decode("ascii"))


def recall(ledger: Ledger, seal: Seal, maker: int) -> Recipe | None:
    """The recipe of a maker; None where nobody wrote it down.

    Raises:
        BadLedger: sealed with another key, or changed since.
    """
    name = f"{_NAME}:{maker}"
    held = ledger.noted(name)
    if held is None:
        return None
    try:
        plain = zlib.decompress(seal.open(base64.b64decode(held), name.encode()))
        return _recipe(json.loads(plain.decode("utf-8", "surrogatepass")))
    except (ValueError, TypeError, LookupError, zlib.error) as error:
        raise BadLedger("批次账本里的规则记录打不开，可能被改动过。请用备份的账本。") from error


def _told(recipe: Recipe) -> dict[str, Any]:
    rules = [
        [r.id, r.frame, None if r.terms is None else sorted(r.terms), [sorted(words) for words in r.need.sets]]
        for r in recipe.rules
    ]
    return {
        "code": recipe.code,
        "reader": recipe.reader,
        "around": recipe.around,
        "law": recipe.law,
        "model": recipe.model,
        "lines": dict(recipe.lines),
        "limits": dict(recipe.limits),
        "rules": rules,
    }


def _recipe(told: dict[str, Any]) -> Recipe:
    rules = tuple(
        RulePrint(name, frame, None if terms is None else frozenset(terms), Need(tuple(map(frozenset, sets))))
        for name, frame, terms, sets in told["rules"]
    )
    plain = {name: told[name] for name in ("code", "reader", "around", "law", "model", "lines", "limits")}
    return Recipe(**plain, rules=rules)
