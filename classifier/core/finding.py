"""A sensitive passage: where it is, which rule found it, and which article makes it matter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from classifier.core.document import Span, Where


class Category(StrEnum):
    """The families of sensitive passages (glossary identifiers)."""

    STATE_SECRET = "state_secret"  # noqa: S105 - a glossary identifier, not a password
    WORK_SECRET = "work_secret"  # noqa: S105 - a glossary identifier, not a password
    PERSONAL_INFO = "personal_info"
    TRADE_SECRET = "trade_secret"  # noqa: S105 - a glossary identifier, not a password
    PROCESS_INFO = "process_info"
    INTERNAL_AFFAIRS = "internal_affairs"
    ENFORCEMENT_FILE = "enforcement_file"
    NATIONAL_SECURITY = "national_security"
    PUBLIC_SECURITY = "public_security"
    ECONOMIC_SECURITY = "economic_security"
    SOCIAL_STABILITY = "social_stability"
    LEGAL_BAN = "legal_ban"
    HIDDEN = "hidden"
    DISCLOSURE = "disclosure"
    """Evidence *for* openness (an active-list document kind), so that 主动公开 carries its reason too."""

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return _CATEGORY_LABELS[self]


_CATEGORY_LABELS = {
    Category.STATE_SECRET: "国家秘密标志",
    Category.WORK_SECRET: "工作秘密",
    Category.PERSONAL_INFO: "个人信息",
    Category.TRADE_SECRET: "商业秘密",
    Category.PROCESS_INFO: "过程性信息",
    Category.INTERNAL_AFFAIRS: "内部事务",
    Category.ENFORCEMENT_FILE: "执法案卷",
    Category.NATIONAL_SECURITY: "国家安全",
    Category.PUBLIC_SECURITY: "公共安全",
    Category.ECONOMIC_SECURITY: "经济安全",
    Category.SOCIAL_STABILITY: "社会稳定",
    Category.LEGAL_BAN: "法律禁止公开",
    Category.HIDDEN: "隐藏内容",
    Category.DISCLOSURE: "公开事项",
}


class Grade(StrEnum):
    """How sure a finding is: checksum or full grammar, shape with label, or a hint only."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"confirmed": "确证", "suspected": "疑似", "hint": "提示"}[self.value]


class Severity(StrEnum):
    """What a finding asks for: stop everything, mask, look, or just know."""

    BLOCK = "block"
    REDACT = "redact"
    REVIEW = "review"
    INFO = "info"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"block": "停止", "redact": "遮蔽", "review": "审查", "info": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One passage. Never carries the words themselves: the span points into the Document's text."""

    category: Category
    type: str
    """`id_card`, `mobile`, `marking`, `caution_marking`, `request_report` … (corpus/rules lists them)."""
    rule: str
    """Rule id and version, `personal.id_card@1`."""
    span: Span
    grade: Grade
    severity: Severity
    law: tuple[str, ...]
    """Article ids of corpus/law, `条例:15`."""
    why: str
    """One plain Chinese sentence from the rule; holds no words of the document."""
    where: Where = Where.BODY
    page: int | None = None
    mask: str | None = None
    """What should stand there instead (`138****1234`); None when the passage is not masked but judged."""
