"""Numbers with a check digit: citizen numbers, social credit codes, bank cards and accounts, vehicle identification numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from classifier.core.finding import Finding, Grade
from classifier.detect import labels
from classifier.detect.islands import UNMASK_DIGITS, UNMASK_LETTERS, Candidate, Joint, find_candidates, repeat, shorten, spaced
from classifier.detect.labels import Surroundings, enabled, survey
from classifier.detect.masks import mask_for
from classifier.detect.validators import check_bank_card, check_id_card, check_id_card_15, check_uscc, check_vin
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_SHORTEST = 9
"""Digits of the shortest of these numbers."""
_YEAR = ("[12]", "[089]", "[0-9]", "[0-9]")
_DAY = ("[01]", "[0-9]", "[0-3]", "[0-9]")
_ID_18 = re.compile(
    spaced("[1-9]" + repeat("[0-9]", 5), *_YEAR, *_DAY, *["[0-9]"] * 3, "[0-9Xx×χΧхХ✕](?:[0-9]{2})?", bounded=False)
)
"""Letters may touch a citizen number (G and 18 signs is a pupil's number): then only the check digit counts."""
_ID_15 = re.compile(spaced("[1-8]" + repeat("[0-9]", 7), *_DAY, *["[0-9]"] * 3))
_USCC = re.compile(spaced("[1-9ANYany]", "[1-59S]" + repeat("[0-9SBZ]", 6) + repeat("[0-9A-Za-z]", 10)))
_CARD = re.compile(spaced("[0-9]" + repeat("[0-9]", 11, 18), bounded=False))
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ \u3000-]?[0-9]){8,29}(?![0-9A-Za-z])")
_VIN = re.compile(r"(?<![0-9A-Za-z])(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{11}[0-9A-Z]{2}[0-9]{4}(?![0-9A-Za-z])")
_CARD_GROUPS = {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 13), (6, 10), (4, 6, 5), (8, 8)}
_USCC_REGIONS = ("10", "11", "12", "13", "14", "15", "2", "3", "4", "5", "6", "71", "81", "82")


def _grade_id(near: Surroundings, found: Candidate) -> Grade | None:
    """Checksum proves a citizen number however it is written; a label makes it suspected."""
    value = found.value[:18]
    if len(found.value) == 20 and not near.says(labels.DISABILITY, found.start):
        return None  # twenty digits are a citizen number only on a disability card
    verdict = check_id_card(value)
    if verdict is True:
        return Grade.CONFIRMED
    if near.touches_letters(found):
        return None
    shaped = verdict is None or len(value) == 18
    return Grade.SUSPECTED if shaped and near.says(labels.ID_CARD, found.start) else None


def _find_ids(near: Surroundings, rule: Rule, found: Candidate) -> Iterator[Finding]:
    if grade := _grade_id(near, found):
        yield near.view.finding(rule, found.start, found.end, grade=grade, mask=mask_for(rule.mask, found.value))


def _find_old_ids(near: Surroundings, rule: Rule, found: Candidate) -> Iterator[Finding]:
    if check_id_card_15(found.value) is None and near.says(labels.ID_CARD, found.start):
        yield near.view.finding(rule, found.start, found.end, grade=Grade.SUSPECTED, mask=mask_for(rule.mask, found.value))


def _is_uscc(near: Surroundings, found: Candidate) -> bool:
    value = found.value
    if check_id_card(value) is True:
        return False
    labelled = near.says(labels.USCC, found.start)
    if check_uscc(value) is not True:
        return labelled and _repair_uscc(value)
    if labelled:
        return True
    if not value[2:].startswith(_USCC_REGIONS) or near.is_harmless(found):
        return False
    return not value.isdigit() or found.joint is Joint.NONE


_BLURRED = str.maketrans("SZB", "528")


def _repair_uscc(value: str) -> bool:
    """Whether the code is right once letters that scanners put for digits are put back: S and Z are never used in codes, B rarely."""
    plain = value[:8].translate(_BLURRED) + value[8:].replace("S", "5").replace("Z", "2")
    places = [i for i, c in enumerate(plain) if c == "B"][:4]
    for size in range(len(places) + 1):
        for chosen in combinations(places, size):
            repaired = "".join("8" if i in chosen else c for i, c in enumerate(plain))
            if check_uscc(repaired) is True:
                return True
    return False


def _find_uscc(near: Surroundings, rule: Rule, found: Candidate) -> Iterator[Finding]:
    if _is_uscc(near, found):
        grade = Grade.CONFIRMED if check_uscc(found.value) is True and not found.disguised else Grade.SUSPECTED
        yield near.view.finding(rule, found.start, found.end, grade=grade)


def _is_broken_card(found: Candidate) -> bool:
    """Over a line end, or in cells or brackets: only the numbers of UnionPay (62…), in two pieces, in fours or sign by sign."""
    groups = found.groups
    return found.value.startswith("62") and (len(groups) == 2 or groups in _CARD_GROUPS or set(groups) == {1})


def _stands_for_itself(near: Surroundings, found: Candidate) -> bool:
    """A card without a label: a known network, a right checksum, written plainly or in the usual groups."""
    if check_bank_card(found.value) is not True or near.touches_letters(found):
        return False
    if found.joint is Joint.HARD and not _is_broken_card(found):
        return False
    if found.disguised and found.is_mixed(near.view.folded):
        return False
    if found.joint is Joint.SOFT and found.groups not in _CARD_GROUPS and set(found.groups) != {1}:
        return False
    alone = found.joint is Joint.NONE or near.stands_alone(found)
    return alone and check_id_card(found.value) is not True and not near.is_harmless(found)


def _choose_card(near: Surroundings, found: Candidate) -> tuple[Grade, Candidate] | None:
    """The candidate or a part of it: a card may be followed by another number, so the last groups are tried off."""
    labelled = near.says(labels.BANK_CARD, found.start) or near.is_followed_by(labels.OWNED_CARD, found.end)
    if not labelled and found.value[0] not in "34569":
        return None  # no network numbers its cards so
    best: tuple[Grade, Candidate] | None = None
    current: Candidate | None = found
    while current is not None and len(current.value) >= 12:
        verdict = check_bank_card(current.value)
        if (verdict and labelled) or _stands_for_itself(near, current):
            return Grade.CONFIRMED if labelled or current.joint is not Joint.HARD else Grade.SUSPECTED, current
        if labelled and best is None and verdict is None and len(current.value) >= 15:
            best = Grade.SUSPECTED, current
        current = shorten(near.view.folded, current)
    return best


def _find_cards(near: Surroundings, rule: Rule, found: Candidate) -> Iterator[Finding]:
    if chosen := _choose_card(near, found):
        grade, card = chosen
        yield near.view.finding(rule, card.start, card.end, grade=grade, mask=mask_for(rule.mask, card.value))


def _find_accounts(near: Surroundings, rule: Rule, found: Candidate) -> Iterator[Finding]:
    if check_bank_card("".join(filter(str.isdigit, found.value))) is True:
        return  # personal.bank_card says it better
    if near.says(labels.ACCOUNT, found.start) and not near.says(labels.SOCIAL, found.start):
        yield near.view.finding(rule, found.start, found.end, grade=Grade.SUSPECTED, mask=mask_for(rule.mask, found.value))


def _find_vins(near: Surroundings, rule: Rule, found: Candidate) -> Iterator[Finding]:
    verdict = check_vin(found.value)
    labelled = near.says(labels.VIN, found.start)
    if verdict is False or (not labelled and (verdict is None or found.value[:3].isdigit() or near.is_harmless(found))):
        return
    grade = Grade.CONFIRMED if verdict else Grade.SUSPECTED
    yield near.view.finding(rule, found.start, found.end, grade=grade, mask=mask_for(rule.mask, found.value))


_FINDERS = (
    ("personal.id_card", _ID_18, 18, _find_ids),
    ("personal.id_card_15", _ID_15, 15, _find_old_ids),
    ("personal.bank_card", _CARD, 12, _find_cards),
    ("personal.bank_account", _ACCOUNT, _SHORTEST, _find_accounts),
    ("personal.vin", _VIN, 17, _find_vins),
    ("commercial.uscc", _USCC, 18, _find_uscc),
)
"""Rule, shape, the fewest signs it has, and who judges it."""


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Citizen numbers, cards, accounts, vehicle numbers and social credit codes."""
    islands = [island for island in view.islands if island.size >= _SHORTEST]
    if not islands:
        return
    near = survey(view)
    active = [(rule, shape, least, find) for name, shape, least, find in _FINDERS if (rule := enabled(book, name))]
    for island in islands:
        for rule, shape, least, find in active:
            if island.size >= least:
                unmask = UNMASK_LETTERS if shape is _USCC else UNMASK_DIGITS
                for found in find_candidates(view.folded, island, shape, unmask):
                    yield from find(near, rule, found)
