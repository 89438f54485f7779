"""Network addresses of machines: IPv4, IPv6 and MAC."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from classifier.core.finding import Finding, Grade
from classifier.detect import labels
from classifier.detect.labels import Surroundings, enabled, survey
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?<![0-9A-Za-z.]){_OCTET}(?:\.{_OCTET}){{3}}(?:/(?:3[0-2]|[12]?[0-9])(?![0-9]))?(?![0-9A-Za-z]|\.[0-9])")
_RUN = re.compile(r"[0-9A-Fa-f:][0-9A-Fa-f:.\-]+")
"""Everything an address can be made of; the rules look only into runs with enough dots or colons."""
_JOINTS = re.compile(r"[.:\-][0-9A-Fa-f]{0,4}[.:\-]")
_FEWEST_DASHES = 5
_PREFIX = re.compile(r"/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])(?![0-9])")
_NOT_HEX = re.compile("[.-]+$|-.*")
_ZONE = re.compile(r"%[A-Za-z0-9]{1,12}")
_MAC = re.compile(
    r"(?<![0-9A-Za-z:.-])(?:[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![0-9A-Za-z]|[:.-][0-9A-Fa-f])"
)
_VERSION = re.compile(
    r"(?:版本|版|version|ver\.?|(?<![a-z])v|build|固件|章|节|条|款|第|表|图|目录)[号\s:：为是至到.]{0,3}$", re.I
)
_MASKED = re.compile("/[0-9]")
_LONGEST = 50


def _is_section(near: Surroundings, match: re.Match[str]) -> bool:
    """3.2.1.4 总则: small parts, no word for an address before, at the start of a line or directly after Chinese."""
    value = match.group()
    if (
        "/" in value
        or _MASKED.match(near.view.folded, match.end())
        or any(int(part) >= 100 for part in value.split("."))
        or near.mentions(labels.IP, match.start())
    ):
        return False
    before = near.view.folded[max(0, match.start() - 16) : match.start()].rstrip(" \u3000")
    return not before or before.endswith("\n") or re.search(r"[\u4e00-\u9fff]$", before) is not None


def _find_ipv4(near: Surroundings, rule: Rule, start: int, end: int) -> Iterator[Finding]:
    text = near.view.folded
    for match in _IPV4.finditer(text, start, min(end + 4, len(text))):
        before = text[max(0, match.start() - 16) : match.start()]
        if not _VERSION.search(before) and not _is_section(near, match):
            yield near.view.finding(rule, match.start(), match.end(), grade=Grade.CONFIRMED)


def _find_ipv6(near: Surroundings, rule: Rule, start: int, end: int) -> Iterator[Finding]:
    text = near.view.folded
    value = _NOT_HEX.sub("", text[start:end])
    value = value if value.endswith("::") else value.rstrip(":")
    if not 2 <= len(value) <= _LONGEST or value.count(":") < 2:
        return
    end = start + len(value)
    if re.match("[0-9A-Za-z]", text[end : end + 1]) or (start and re.match("[0-9A-Za-z_]", text[start - 1])):
        return
    try:
        address = ipaddress.IPv6Address(value)
    except ValueError:
        return
    if address.is_unspecified and not labels.IP.search(text[max(0, start - 20) : start]) and not _PREFIX.match(text, end):
        return
    for tail in (_PREFIX, _ZONE):
        if (found := tail.match(text, end)) is not None:
            end = found.end()
    yield near.view.finding(rule, start, end, grade=Grade.CONFIRMED)


def _find_macs(near: Surroundings, rule: Rule, start: int, end: int) -> Iterator[Finding]:
    for match in _MAC.finditer(near.view.folded, start, min(end + 1, len(near.view.folded))):
        digits = re.sub("[^0-9A-Fa-f]", "", match.group())
        if len(set(digits.lower())) > 1:
            yield near.view.finding(rule, match.start(), match.end(), grade=Grade.CONFIRMED)


def _has_joints(text: str) -> bool:
    """Whether two dots, colons or dashes stand near each other anywhere."""
    many = text.count(".") >= 2 or text.count(":") >= 2 or text.count("-") >= _FEWEST_DASHES
    return many and _JOINTS.search(text) is not None


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """IPv4, IPv6 and MAC addresses."""
    ip, mac = enabled(book, "personal.ip"), enabled(book, "personal.mac")
    if not (ip or mac) or not _has_joints(view.folded):
        return
    near = survey(view)
    for run in _RUN.finditer(view.folded):
        piece = run.group()
        dots, colons = piece.count("."), piece.count(":")
        if ip and colons >= 2:
            yield from _find_ipv6(near, ip, run.start(), run.end())
        if ip and dots >= 3:
            yield from _find_ipv4(near, ip, run.start(), run.end())
        if mac and (colons >= 5 or piece.count("-") >= 5 or dots >= 2):
            yield from _find_macs(near, mac, run.start(), run.end())
