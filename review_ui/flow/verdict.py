"""What a decision must carry before anyone may put a name under it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from classifier.core.assessment import Attribute
from review_ui.flow.case import Case, Decision, NotAllowed, Stage

WITHHELD_BASIS = ("条例:14", "条例:15", "条例:16.1", "条例:16.2")
"""The only articles on which a paper may be withheld."""

SHORTEST_REASON = 4
"""A reason shorter than this many characters says nothing."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The double signature that makes a withheld paper 主动公开（domain/05 §5：低→高公开方向须双人）."""

    needed: bool = False
    opened_by: str | None = None
    confirmed_by: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is open: not needed, or two different people stand behind it."""
        return not self.needed or self.confirmed_by is not None


def opening(case: Case, person: str | None = None, decision: Decision | None = None) -> Opening:
    """How far the withheld → active change has come, with the decision at hand counted as the last one."""
    closed, since = _floor(case)
    named = [(e.actor, e.decision) for e in since.signatures]
    if person is not None and decision is not None:
        named.append((person, decision))
    state = Opening()
    for actor, choice in named:
        if choice.attribute is not Attribute.ACTIVE:
            state = Opening()
        elif closed and state.opened_by is None:
            state = Opening(needed=True, opened_by=actor)
        elif state.opened_by not in (None, actor) and choice.confirms and state.confirmed_by is None:
            state = Opening(needed=True, opened_by=state.opened_by, confirmed_by=actor)
    return state


def _floor(case: Case) -> tuple[bool, Case]:
    """Whether machine or people ever said 不予公开, and the case as it went on after they last did.

    The stricter of machine and people is the floor: lifting either takes two persons, and neither a return nor a recall
    makes it unsaid. Signatures made before it opened nothing.
    """
    last = max(
        (i for i, e in enumerate(case.events) if e.action.signs and e.decision.attribute is Attribute.WITHHELD), default=-1
    )
    return case.machine is Attribute.WITHHELD or last >= 0, replace(case, events=case.events[last + 1 :])


def check_signature(case: Case, person: str, decision: Decision, target: Stage) -> None:
    """Refuse a signature that lacks attribute, basis, reason, or the second person.

    Raises:
        NotAllowed: naming the one thing that is missing.
    """
    if decision.attribute is None:
        raise NotAllowed("no_attribute", "请选择公开属性。系统建议只供参考，不会代您选择。")
    reasoned = len(decision.note.strip()) >= SHORTEST_REASON
    if decision.attribute is Attribute.WITHHELD:
        if not any(b in WITHHELD_BASIS for b in decision.basis):
            raise NotAllowed("no_basis", "不予公开必须选择依据（《政府信息公开条例》第十四、十五、十六条）。")
        if not reasoned:
            raise NotAllowed("no_reason", "不予公开必须写明理由。")
    if decision.attribute is not case.machine and not reasoned:
        raise NotAllowed("override", "您的决定与系统建议不同，请写明理由。")
    if case.attribute is not None and decision.attribute is not case.attribute and not reasoned:
        raise NotAllowed("differs", "您的决定与上一环节的意见不同，请写明理由。")
    if decision.attribute is Attribute.ACTIVE and case.unread and not decision.checked:
        raise NotAllowed("unread", "有内容系统没有读到。请人工核对后勾选“已人工核对”，再选主动公开。")
    if target is Stage.DRAFT_SUBMITTED and not decision.declared:
        raise NotAllowed("undeclared", "请先完成涉密自查并勾选声明。")
    if target is Stage.LEADER_APPROVED and not opening(case, person, decision).is_settled:
        raise NotAllowed("second_person", "由不予公开改为主动公开，须由两个不同的人先后签署并勾选复核。请退回补签。")


def check_note(decision: Decision, message: str) -> None:
    """Refuse an action that must be explained.

    Raises:
        NotAllowed: with `message` when the note is too short to say anything.
    """
    if len(decision.note.strip()) < SHORTEST_REASON:
        raise NotAllowed("no_note", message)
