"""The verdict on one document: attribute, reasons, findings, and what made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from classifier.core.document import Elements, Problem, Receipt, Snippet, Span, Where
from classifier.core.finding import Finding


class Attribute(StrEnum):
    """The disclosure attribute（公开属性）, 条例 第十三至十六条."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"active": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}[self.value]


class Route(StrEnum):
    """How the document should travel to a person. No route publishes anything."""

    SUGGEST = "suggest"
    REVIEW = "review"
    MANUAL = "manual"
    BLOCKED = "blocked"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"suggest": "建议确认", "review": "需要审查", "manual": "人工判定", "blocked": "疑似涉密停止"}[self.value]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an attribute, in Chinese, with the articles and the findings it stands on."""

    attribute: Attribute | None
    """None for reasons that only force a person (unread parts, conflicts)."""
    law: tuple[str, ...]
    text: str
    findings: tuple[int, ...] = ()
    """Indices into `Assessment.findings`."""
    step: str = ""
    """The ladder step that gave it, `S4` (domain/09 §1)."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities of the three attributes; they sum to 1."""

    active: float
    on_request: float
    withheld: float

    def of(self, attribute: Attribute) -> float:
        """The probability of one attribute."""
        return {"active": self.active, "on_request": self.on_request, "withheld": self.withheld}[attribute.value]

    def best(self) -> Attribute:
        """The most probable attribute; a tie goes to the more closed one."""
        return max((Attribute.WITHHELD, Attribute.ON_REQUEST, Attribute.ACTIVE), key=self.of)


@dataclass(frozen=True, slots=True)
class Voice:
    """One of the five that are asked（五方核对）: what it says of the paper, or None when it is silent."""

    name: str
    """`learned`, `note`, `form`, `marking`, `forwarded`."""
    attribute: Attribute | None

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return VOICES[self.name]


VOICES = {"learned": "同类文件", "note": "附注", "form": "文种和内容", "marking": "标志", "forwarded": "所转发的原件"}
"""The five voices and their names on screen."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What would change the verdict: were this reason found untrue, the attribute would be another."""

    reason: int
    """Index into `Assessment.reasons`."""
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class Partial:
    """区分处理（条例:37）: the smallest set of passages whose masking makes a closed paper publishable, proved by judging it again."""

    spans: tuple[Span, ...]
    attribute: Attribute
    """What the masked paper was judged."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a verdict, so that it can be replayed."""

    code: str
    rules: str
    model: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything mishen says about one document. `attribute` is None only when blocked."""

    source: str
    sha256: str
    format: str
    attribute: Attribute | None
    in_scope: bool
    confidence: float
    route: Route
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    provenance: Provenance
    elements: Elements = Elements()
    scores: Scores | None = None
    problems: tuple[Problem, ...] = ()
    redactions: tuple[Span, ...] = ()
    publishable_after_redaction: bool = False
    partial: Partial | None = None
    """Set where the paper is closed, and would be open once these passages were masked."""
    voices: tuple[Voice, ...] = ()
    turns: tuple[Turn, ...] = ()
    shadow: tuple[Finding, ...] = ()
    """What rules on trial found: recorded to measure them, no part of the verdict, shown to nobody who decides."""
    member: str | None = None
    pages: int | None = None
    chars: int = 0
    receipt: Receipt = Receipt()
    places: tuple[tuple[Span, Where], ...] = field(default=(), repr=False)
    """Where the text that is not BODY stands (for the screen and the cleaned copy); empty when blocked."""
    snippets: tuple[Snippet, ...] = field(default=(), repr=False)
    """Pictures of what was not read surely, for the screen only (not in the contract); empty when blocked."""
    text: str = field(default="", repr=False)
    """The document's text, for the caller's screen only; empty when blocked or unread."""

    @property
    def needs_human(self) -> bool:
        """Whether more than a confirming click is asked of a person."""
        return self.route is not Route.SUGGEST
