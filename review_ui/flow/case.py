"""The words of the office: stages, roles, actions, and the frozen values that describe one case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from classifier.core.assessment import Attribute


class NotAllowed(Exception):
    """The rules of the office refuse; `message` is a Chinese sentence that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class Stage(StrEnum):
    """Where a case stands. The seed chain of domain/05 §2, named by the step that was last finished."""

    INCOMING = "incoming"
    RECEIVED = "received"
    DRAFT_SUBMITTED = "draft_submitted"
    OFFICE_COLLECTED = "office_collected"
    SECRECY_REVIEWED = "secrecy_reviewed"
    DEPUTY_APPROVED = "deputy_approved"
    LEADER_APPROVED = "leader_approved"
    PUBLISHED = "published"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REFER_UP = "refer_up"
    BLOCKED = "blocked_suspected_secret"
    INCIDENT_CLOSED = "incident_closed"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen: what the case is waiting for, or how it ended."""
        return _STAGE_LABELS[self]


FINISHED = (Stage.LEADER_APPROVED, Stage.PUBLISHED)
"""Where the last signature stands. A paper withdrawn from publication is not here: somebody found a fault."""

_STAGE_LABELS = {
    Stage.INCOMING: "系统判定中",
    Stage.RECEIVED: "待科室提交",
    Stage.DRAFT_SUBMITTED: "待办公室收集",
    Stage.OFFICE_COLLECTED: "待保密审查",
    Stage.SECRECY_REVIEWED: "待分管领导审核",
    Stage.DEPUTY_APPROVED: "待主要领导审批",
    Stage.LEADER_APPROVED: "已审批",
    Stage.PUBLISHED: "已发布",
    Stage.RETURNED: "已退回科室",
    Stage.WITHDRAWN: "已撤回",
    Stage.REFER_UP: "待上报确定",
    Stage.BLOCKED: "疑似涉密停止",
    Stage.INCIDENT_CLOSED: "疑似涉密已处置",
}


class Role(StrEnum):
    """What a person may be asked to do. The last three are the officers（三员）, who never see a document."""

    DRAFTER = "drafter"
    OFFICE_CLERK = "office_clerk"
    SECRECY_REVIEWER = "secrecy_reviewer"
    DEPUTY_LEADER = "deputy_leader"
    PRINCIPAL_LEADER = "principal_leader"
    PUBLISHER = "publisher"
    SECURITY_OFFICER = "security_officer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.DRAFTER: "科室经办",
    Role.OFFICE_CLERK: "办公室收集",
    Role.SECRECY_REVIEWER: "保密审查",
    Role.DEPUTY_LEADER: "分管领导",
    Role.PRINCIPAL_LEADER: "主要领导",
    Role.PUBLISHER: "网上发布",
    Role.SECURITY_OFFICER: "保密员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全保密管理员",
    Role.AUDIT_ADMIN: "安全审计员",
}


class Action(StrEnum):
    """What a person does to a case."""

    SUBMIT = "submit"
    SIGN = "sign"
    RETURN = "return"
    RECALL = "recall"
    REFER_UP = "refer_up"
    RESUME = "resume"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    CLOSE_INCIDENT = "close_incident"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return _ACTION_LABELS[self]

    @property
    def signs(self) -> bool:
        """Whether the action puts a name under an attribute."""
        return self in (Action.SUBMIT, Action.SIGN)


_ACTION_LABELS = {
    Action.SUBMIT: "提交",
    Action.SIGN: "签署意见",
    Action.RETURN: "退回",
    Action.RECALL: "收回意见",
    Action.REFER_UP: "上报确定",
    Action.RESUME: "登记上级答复",
    Action.PUBLISH: "登记发布",
    Action.WITHDRAW: "撤回",
    Action.CLOSE_INCIDENT: "登记处置",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: an account id and the roles the security officer granted to it."""

    id: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person filled in. Nothing is pre-selected, so every field starts empty."""

    attribute: Attribute | None = None
    basis: tuple[str, ...] = ()
    """Article ids, `条例:15`."""
    note: str = ""
    checked: bool = False
    """已人工核对: the parts the machine did not read were read by this person."""
    confirms: bool = False
    """本人复核: confirms that a withheld paper may become 主动公开."""
    declared: bool = False
    """涉密自查: the drafter declares that the paper holds no state or work secret."""


@dataclass(frozen=True, slots=True)
class Event:
    """One action on one case, as it is remembered for ever."""

    action: Action
    role: Role
    actor: str
    at: str
    """UTC, `2026-11-24T02:05:00Z`."""
    before: Stage
    after: Stage
    decision: Decision
    content: str
    """SHA-256 of what would be published at that moment (masked text), empty when there is no text."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document on its way through the office."""

    no: str
    stage: Stage
    uploader: str
    machine: Attribute | None = None
    """What the machine suggested."""
    unread: bool = False
    """Whether the machine reported a part it did not read."""
    events: tuple[Event, ...] = ()

    @property
    def signatures(self) -> tuple[Event, ...]:
        """The signatures that still hold: a return clears them, a recall takes back the last one."""
        standing: list[Event] = []
        for event in self.events:
            if event.action.signs:
                standing.append(event)
            elif event.action is Action.RECALL:
                standing = standing[:-1]
            elif event.after in (Stage.RETURNED, Stage.REFER_UP):
                standing = []
        return tuple(standing)

    @property
    def attribute(self) -> Attribute | None:
        """What the last standing signature named."""
        signed = self.signatures
        return signed[-1].decision.attribute if signed else None
