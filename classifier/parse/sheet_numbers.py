"""Numbers as a spreadsheet shows them: dates, times, percents, fixed decimals, padded codes; everything else with all digits.

In: the stored number and its format code. Out: the text in the cell, or None where the format shows nothing (`;;;`). A number
of up to 18 digits (an identity number typed as a number) never turns into 1.1E+17. Source: ECMA-376 part 1, 18.8.30.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "yyyy年m月",
    28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 34: "h时mm分",
    35: "h时mm分ss秒", 36: "yyyy年m月", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss",
    47: "mm:ss", 49: "@", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "yyyy年m月",
    56: "m月d日", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
"""The formats a file need not spell out, as Excel shows them in China."""
_PIECE = re.compile(
    r'"([^"]*)"|\\(.)|[_*].|\[([^\]]*)\]|(AM/PM|上午/下午|y+|m+|d+|h+|s+(?:\.0+)?|a{3,4}|[0#?,.%@]+|E[+-]0+|General|G/通用格式)|(.)',
    re.I | re.S,
)
_PLAIN = re.compile(r"([#0?,]*)(?:\.([0#?]+))?(%?)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ELAPSED = re.compile(r"[hms]+", re.I)


def exact(stored: str) -> str:
    """The stored number with all its digits and no exponent: `1.10101199001011E+17` is 110101199001011000."""
    if stored.isdecimal():
        return stored
    try:
        number = Decimal(stored)
        if not number.is_finite():
            return stored
        if number == number.to_integral_value():
            return str(int(number)) if number.adjusted() < 30 else stored
        short = Decimal(f"{float(stored):.15g}")
    except (InvalidOperation, ValueError, OverflowError):
        return stored
    return format(short, "f") if short.adjusted() > -15 else stored


@lru_cache(maxsize=2048)
def sections(code: str) -> tuple[str, ...]:
    """The parts of a format between semicolons that are not quoted."""
    parts, current, quoted, escaped = [], "", False, False
    for char in code:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            parts.append(current)
            current = ""
            continue
        current += char
    return (*parts, current)


def hides_text(code: str) -> bool:
    """Whether a format shows nothing for words: its fourth section is there and blank."""
    parts = sections(code)
    return len(parts) >= 4 and not parts[3].strip()


def show(stored: str, code: str, is_1904: bool = False) -> str | None:
    """The number as shown; None when its format shows nothing."""
    if code in ("", "General", "@", "G/通用格式", "general", "GENERAL"):
        return exact(stored)
    parts = sections(code)
    try:
        value = float(stored)
    except ValueError:
        return stored
    section = parts[0]
    if len(parts) > 1 and "[" not in parts[0].replace("[$", "").replace("[Red", ""):
        section = parts[1] if value < 0 else parts[2] if value == 0 and len(parts) > 2 else parts[0]
    if len(parts) > 1 and not section.strip():
        return None if value or not parts[0].strip() else exact(stored)  # leaving out zeros hides nothing
    pieces = _pieces(section)
    if any(kind == "clock" for kind, _ in pieces):
        return _moment(value, pieces, is_1904) or exact(stored)
    return _number(stored, value, pieces, len(parts) > 1 and value < 0 and section is not parts[0])


@lru_cache(maxsize=2048)
def _pieces(section: str) -> tuple[tuple[str, str], ...]:
    """A section as (kind, text): `words`, `clock`, `digits`, `general`."""
    pieces: list[tuple[str, str]] = []
    for found in _PIECE.finditer(section):
        quoted, escaped, bracket, code, other = found.groups()
        if bracket is not None:
            if _ELAPSED.fullmatch(bracket):
                pieces.append(("clock", f"[{bracket.lower()}]"))
            elif bracket.startswith("$") and (money := bracket[1:].partition("-")[0]):
                pieces.append(("words", money))
        elif code is not None:
            low = code.lower()
            if low[0] in "ymdhsa" or low in ("am/pm", "上午/下午"):
                pieces.append(("clock", low))
            else:
                pieces.append(("general" if low[0] in "g@" else "science" if low[0] == "e" else "digits", code))
        elif words := quoted or escaped or other:
            pieces.append(("words", words))
    return tuple(pieces)


def _number(stored: str, value: float, pieces: tuple[tuple[str, str], ...], absolute: bool) -> str:
    """Literal words around the digits; a pattern that is not plain (fractions, exponents) gives all digits."""
    kinds = [kind for kind, _ in pieces if kind != "words"]
    if not kinds:
        return "".join(text for _, text in pieces) or exact(stored)
    pattern = next((text for kind, text in pieces if kind == "digits"), "")
    plain = _PLAIN.fullmatch(pattern) if kinds == ["digits"] else None
    amount = abs(value) if absolute else value
    digits = _fixed(stored, amount, plain[1], plain[2] or "", plain[3]) if plain else exact(stored)
    out, said = "", False
    for kind, text in pieces:
        if kind == "words":
            out += text
        elif not said:
            out, said = out + digits, True
    return out.strip() if said else digits


def _fixed(stored: str, value: float, whole: str, decimals: str, percent: str) -> str:
    if percent:
        value *= 100
    if whole.endswith(","):  # shown in thousands: the reader of the file gets the real number
        return exact(stored)
    comma = "," if "," in whole else ""
    if abs(value) >= 1e15 and not decimals and not percent:
        text = exact(stored)
    else:
        text = f"{value:{comma}.{len(decimals)}f}"
    optional = len(decimals) - len(decimals.rstrip("#"))
    if optional and "." in text:
        kept = len(text) - optional
        text = text[:kept] + text[kept:].rstrip("0")
        text = text.rstrip(".")
    zeros = whole.count("0")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not comma and zeros > 1:
        before, dot, after = digits.partition(".")
        digits = before.zfill(zeros) + dot + after
    return sign + digits + percent


def _moment(value: float, pieces: tuple[tuple[str, str], ...], is_1904: bool) -> str | None:
    """A date or time; None for numbers no calendar has."""
    if not -1 < value < 2_958_466:
        return None
    days = value + 1462 if is_1904 else value
    start = datetime(1899, 12, 30) if days >= 61 or days < 1 else datetime(1899, 12, 31)
    moment = start + timedelta(seconds=round(days * 86400))
    out, last = "", ""
    half = any(text in ("am/pm", "上午/下午") for _, text in pieces)
    clocks = [text for kind, text in pieces if kind == "clock"]
    seen = -1
    for kind, text in pieces:
        if kind != "clock":
            out += "" if kind != "words" else text
            continue
        seen += 1
        following = clocks[seen + 1] if seen + 1 < len(clocks) else ""
        minutes = text.startswith("m") and len(text) < 3 and (last[:1] in ("h", "[") or following.startswith("s"))
        out += _clock(text, moment, minutes, half, value)
        last = text
    return out.strip()


def _clock(text: str, moment: datetime, minutes: bool, half: bool, value: float) -> str:
    if text.startswith("["):
        total = round(abs(value) * 86400)
        return str(total // {"h": 3600, "m": 60, "s": 1}[text[1]])
    width = 2 if len(text) > 1 else 1
    first = text[0]
    if first == "y":
        return f"{moment.year:04d}" if len(text) > 2 else f"{moment.year % 100:02d}"
    if first == "m" and not minutes:
        return f"{moment.month:0{width}d}" if len(text) < 3 else _MONTHS[moment.month - 1]
    if first == "d":
        return f"{moment.day:0{width}d}" if len(text) < 3 else _DAYS[moment.weekday()]
    if first == "m":
        return f"{moment.minute:0{width}d}"
    if first == "h":
        return f"{(moment.hour - 1) % 12 + 1 if half else moment.hour:0{width}d}"
    if first == "s":
        return f"{moment.second:0{width}d}"
    if text in ("aaa", "aaaa"):
        return ("星期" if len(text) > 3 else "") + "一二三四五六日"[moment.weekday()]
    early = moment.hour < 12
    return ("AM" if early else "PM") if text == "am/pm" else ("上午" if early else "下午")
