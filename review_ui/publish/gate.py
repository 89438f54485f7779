"""The last gate: every condition of publication as one line a person can read, held or not."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.core.assessment import Attribute
from review_ui.flow.case import Case, Role, Stage
from review_ui.flow.verdict import opening

REQUIRED = (Role.DRAFTER, Role.OFFICE_CLERK, Role.SECRECY_REVIEWER, Role.DEPUTY_LEADER, Role.PRINCIPAL_LEADER)
"""Whose standing signatures a publication needs."""

_BOUND = (Role.SECRECY_REVIEWER, Role.DEPUTY_LEADER, Role.PRINCIPAL_LEADER)
"""Whose signatures must stand under exactly the text that goes out: nobody judges findings after the secrecy review."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of publication."""

    holds: bool
    text: str


def gate(case: Case, content: str, *, packaged: str | None, undecided: int) -> tuple[Condition, ...]:
    """All conditions; the paper may go out only when every one holds. `packaged` is the content hash of the built package."""
    signed = {event.role: event for event in case.signatures}
    conditions = [Condition(role in signed, f"{role.label}已签署") for role in REQUIRED]
    people = [event.actor for event in case.signatures]
    conditions += [
        Condition(len(set(people)) == len(people), "各环节由不同的人办理"),
        Condition(case.stage in (Stage.LEADER_APPROVED, Stage.PUBLISHED), "主要领导已审批"),
        Condition(case.attribute is Attribute.ACTIVE, "审批结论为主动公开"),
        Condition(opening(case).is_settled, "由不予公开改为主动公开的，已由第二人复核"),
        Condition(undecided == 0, "可遮蔽的命中都已有人判断"),
        Condition(bool(content), "有可以发布的文字"),
        Condition(
            bool(content) and all(role in signed and signed[role].content == content for role in _BOUND),
            "待发布内容与保密审查、审核、审批时一致",
        ),
        Condition(packaged is not None and packaged == content, "发布包已生成，遮蔽后复核扫描通过"),
    ]
    return tuple(conditions)


def missing(conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    """What still stands against publication."""
    return tuple(condition.text for condition in conditions if not condition.holds)
