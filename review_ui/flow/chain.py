"""The seed chain as one table, and the step that walks it.

科室提供 → 办公室收集 → 保密审查 → 分管领导审核 → 主要领导审批 → 网上发布（domain/05 §2）.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from classifier.core.assessment import Attribute
from review_ui.flow.case import Action, Case, Decision, Event, NotAllowed, Person, Role, Stage
from review_ui.flow.clock import stamp
from review_ui.flow.duty import check_person
from review_ui.flow.verdict import check_note, check_signature, opening

CHAIN: tuple[tuple[Stage, Role, Stage], ...] = (
    (Stage.DRAFT_SUBMITTED, Role.OFFICE_CLERK, Stage.OFFICE_COLLECTED),
    (Stage.OFFICE_COLLECTED, Role.SECRECY_REVIEWER, Stage.SECRECY_REVIEWED),
    (Stage.SECRECY_REVIEWED, Role.DEPUTY_LEADER, Stage.DEPUTY_APPROVED),
    (Stage.DEPUTY_APPROVED, Role.PRINCIPAL_LEADER, Stage.LEADER_APPROVED),
)
"""The four desks between the drafter and the publisher: waiting at, signed by, goes to."""

TABLE: Mapping[tuple[Stage, Action], tuple[Role, Stage]] = MappingProxyType(
    {
        (Stage.RECEIVED, Action.SUBMIT): (Role.DRAFTER, Stage.DRAFT_SUBMITTED),
        (Stage.RETURNED, Action.SUBMIT): (Role.DRAFTER, Stage.DRAFT_SUBMITTED),
        (Stage.RECEIVED, Action.WITHDRAW): (Role.DRAFTER, Stage.WITHDRAWN),
        (Stage.RETURNED, Action.WITHDRAW): (Role.DRAFTER, Stage.WITHDRAWN),
        (Stage.RECEIVED, Action.REFER_UP): (Role.DRAFTER, Stage.REFER_UP),
        (Stage.RETURNED, Action.REFER_UP): (Role.DRAFTER, Stage.REFER_UP),
        **{(at, Action.SIGN): (role, to) for at, role, to in CHAIN},
        **{(at, Action.RETURN): (role, Stage.RETURNED) for at, role, _ in CHAIN},
        **{(at, Action.REFER_UP): (role, Stage.REFER_UP) for at, role, _ in CHAIN},
        (Stage.DRAFT_SUBMITTED, Action.RECALL): (Role.DRAFTER, Stage.RECEIVED),
        **{(to, Action.RECALL): (role, at) for at, role, to in CHAIN},
        (Stage.REFER_UP, Action.RESUME): (Role.SECRECY_REVIEWER, Stage.RETURNED),
        (Stage.LEADER_APPROVED, Action.RETURN): (Role.PUBLISHER, Stage.RETURNED),
        (Stage.LEADER_APPROVED, Action.PUBLISH): (Role.PUBLISHER, Stage.PUBLISHED),
        (Stage.PUBLISHED, Action.WITHDRAW): (Role.PUBLISHER, Stage.WITHDRAWN),
        (Stage.BLOCKED, Action.CLOSE_INCIDENT): (Role.SECURITY_OFFICER, Stage.INCIDENT_CLOSED),
    }
)
"""Every move there is. What is not here cannot be done by anyone."""

_MUST_EXPLAIN = {
    Action.RETURN: "退回必须写明原因。",
    Action.REFER_UP: "上报确定必须写明不能确定的事项。",
    Action.RESUME: "请写明上级答复的文号和结论。",
    Action.WITHDRAW: "撤回必须写明原因。",
    Action.CLOSE_INCIDENT: "请写明报告对象、时间和处置结论。",
}


def step(case: Case, action: Action, person: Person, decision: Decision, now: dt.datetime, content: str) -> tuple[Case, Event]:
    """Walk one step: the next Case and the Event to remember.

    Raises:
        NotAllowed: when the table, a duty or a missing entry stands against it.
    """
    move = TABLE.get((case.stage, action))
    if move is None:
        raise NotAllowed("no_such_move", f"文件当前“{case.stage.label}”，不能{action.label}。请刷新后再看。")
    role, target = move
    check_person(case, action, person, role)
    if action.signs:
        check_signature(case, person.id, decision, target)
    if action in _MUST_EXPLAIN:
        check_note(decision, _MUST_EXPLAIN[action])
    if action is Action.PUBLISH:
        _check_publication(case, content)
    event = Event(action, role, person.id, stamp(now), case.stage, target, decision, content)
    return replace(case, stage=target, events=(*case.events, event)), event


def open_moves(case: Case, person: Person) -> tuple[Action, ...]:
    """The actions this person could take now, were the form filled in properly."""
    found = []
    for (stage, action), (role, _) in TABLE.items():
        if stage is not case.stage:
            continue
        try:
            check_person(case, action, person, role)
        except NotAllowed:
            continue
        found.append(action)
    return tuple(found)


def _check_publication(case: Case, content: str) -> None:
    """The last refusal before 网上发布; the gate of publish.gate shows the same list beforehand."""
    if case.attribute is not Attribute.ACTIVE:
        raise NotAllowed("not_active", "审批结论不是主动公开，不能发布。")
    if not opening(case).is_settled:
        raise NotAllowed("second_person", "由不予公开改为主动公开缺少第二人复核，不能发布。")
    if not content or case.signatures[-1].content != content:
        raise NotAllowed("content_changed", "待发布内容与审批时不一致，不能发布。请退回重新会签。")
