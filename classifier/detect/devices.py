"""Network addresses of machines: IPv4, IPv6 and MAC."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from classifier.core.finding import Finding, Grade
from classifier.detect import labels
from classifier.detect.labels import enabled, survey
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?<![0-9A-Za-z.]){_OCTET}(?:\.{_OCTET}){{3}}(?:/(?:3[0-2]|[12]?[0-9])(?![0-9]))?(?![0-9A-Za-z]|\.[0-9])")
_COLONS = re.compile(r"[0-9A-Fa-f:.]{2,}")
_PREFIX = re.compile(r"/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])(?![0-9])")
_ZONE = re.compile(r"%[A-Za-z0-9]{1,12}")
_MAC = re.compile(
    r"(?<![0-9A-Za-z:.-])(?:[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![0-9A-Za-z]|[:.-][0-9A-Fa-f])"
)
_VERSION = re.compile(r"(?:版本|版|version|ver\.?|(?<![a-z])v|build|固件|章|节|条|款|第|表|图|目录)[号\s:：为是至到.]{0,3}$", re.I)
_LONGEST = 50


def _find_ipv4(view: View, rule: Rule) -> Iterator[Finding]:
    text = view.folded
    near = survey(view)
    for match in _IPV4.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()]
        if _VERSION.search(before):
            continue
        small = all(int(part) < 100 for part in match.group().partition("/")[0].split("."))
        if small and "/" not in match.group() and not near.says(labels.IP, match.start()) and not before.rstrip(" ").endswith((":", "：")):
            starts_line = not before or before.endswith("\n") or not before.strip(" \u3000")
            if starts_line or re.search(r"[\u4e00-\u9fff]$", before):
                continue  # 3.2.1.4 总则: a section number
        yield view.finding(rule, match.start(), match.end(), grade=Grade.CONFIRMED)


def _find_ipv6(view: View, rule: Rule) -> Iterator[Finding]:
    text = view.folded
    for match in _COLONS.finditer(text):
        value = match.group().rstrip(".")
        value = value if value.endswith("::") else value.rstrip(":")
        if not 2 <= len(value) <= _LONGEST or value.count(":") < 2:
            continue
        start, end = match.start(), match.start() + len(value)
        if re.match("[0-9A-Za-z]", text[end : end + 1]) or (start and re.match("[0-9A-Za-z_]", text[start - 1])):
            continue
        try:
            address = ipaddress.IPv6Address(value)
        except ValueError:
            continue
        if value == "::" and not labels.IP.search(text[max(0, start - 20) : start]) and not _PREFIX.match(text, end):
            continue
        for tail in (_PREFIX, _ZONE):
            if (found := tail.match(text, end)) is not None:
                end = found.end()
        yield view.finding(rule, start, end, grade=Grade.SUSPECTED if address.is_unspecified else Grade.CONFIRMED)


def _find_macs(view: View, rule: Rule) -> Iterator[Finding]:
    for match in _MAC.finditer(view.folded):
        digits = re.sub("[^0-9A-Fa-f]", "", match.group())
        if len(set(digits.lower())) > 1:
            yield view.finding(rule, match.start(), match.end(), grade=Grade.CONFIRMED)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """IPv4, IPv6 and MAC addresses."""
    if rule := enabled(book, "personal.ip"):
        if view.folded.count(".") >= 3:
            yield from _find_ipv4(view, rule)
        if view.folded.count(":") >= 2:
            yield from _find_ipv6(view, rule)
    if rule := enabled(book, "personal.mac"):
        yield from _find_macs(view, rule)
