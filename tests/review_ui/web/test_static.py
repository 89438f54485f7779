"""What the browser gets: no inline code, nothing younger than Chromium 90, and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "review_ui" / "web"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
SCRIPTS = sorted((WEB / "static").glob("*.js"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_inline_code(path: Path) -> None:
    """No inline script, style or handler, nothing marked safe, nothing from elsewhere; every POST form has its token."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|<style|style=|<script(?![^>]*src=)|\son\w+=|https?://|javascript:", text)
    assert text.count('method="post"') == text.count('name="csrf_token"')


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_stay_in_es2019(path: Path) -> None:
    """No younger syntax, no storage in the browser, no markup from strings."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"\?\.|\?\?|innerHTML|insertAdjacentHTML|localStorage|sessionStorage|eval\(|\.at\(|structuredClone", text
    )
    assert len(text.encode()) < 20_000


def test_the_sheet_is_small_and_old_enough() -> None:
    """At most 20 kB; no :has, layers, container queries or nesting."""
    text = (WEB / "static" / "office.css").read_text(encoding="utf-8")
    assert len(text.encode()) <= 20_000
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    assert not re.search(r":has\(|@layer|@container|&\s*[.:>]|https?://|@import", text)


def luminance(color: str) -> float:
    digits = color.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_words_stand_out_from_their_ground() -> None:
    """Every pair of ink and ground has at least 4.5:1（WCAG AA）."""
    text = (WEB / "static" / "office.css").read_text(encoding="utf-8")
    tones = dict(re.findall(r"--([\w-]+): (#\w+)", text))
    pairs = [(ink, ground) for ink in ("ink", "soft", "link") for ground in ("ground", "paper")]
    pairs += [(tone, f"{tone}-ground") for tone in ("red", "green", "amber")]
    marks = [("ink", ground) for ground in re.findall(r"mark[.\w, -]* \{[^}]*background: (#\w+)", text)]
    for ink, ground in [*pairs, *marks, ("paper", "navy"), ("paper", "navy-dark")]:
        light, dark = sorted((luminance(tones.get(t, t)) for t in (ink, ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
