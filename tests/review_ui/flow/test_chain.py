"""The table of the office, walked in full: every stage × action × role."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from classifier.core.assessment import Attribute
from review_ui.flow import TABLE, Action, Case, Decision, NotAllowed, Person, Role, Stage, open_moves, step
from review_ui.flow.chain import CHAIN
from review_ui.flow.verdict import opening

NOW = dt.datetime(2026, 11, 24, 2, 5, tzinfo=dt.UTC)
FULL = Decision(Attribute.ACTIVE, ("条例:19",), "理由写在这里", checked=True, confirms=True, declared=True)
DESKS = [
    (Role.OFFICE_CLERK, "clerk"),
    (Role.SECRECY_REVIEWER, "secrecy"),
    (Role.DEPUTY_LEADER, "deputy"),
    (Role.PRINCIPAL_LEADER, "boss"),
]


def person(name: str, *roles: Role) -> Person:
    return Person(name, frozenset(roles))


def walk(machine: Attribute | None, decisions: list[Decision], *, unread: bool = False) -> Case:
    """Submit, then sign at as many desks as there are decisions."""
    case = Case("A", Stage.RECEIVED, "drafter", machine, unread)
    case, _ = step(case, Action.SUBMIT, person("drafter", Role.DRAFTER), decisions[0], NOW, "c")
    for (role, name), decision in zip(DESKS, decisions[1:], strict=False):
        case, _ = step(case, Action.SIGN, person(name, role), decision, NOW, "c")
    return case


def standing_at(stage: Stage) -> Case:
    """A case at any stage, with the signatures that lead there."""
    order = [Stage.DRAFT_SUBMITTED, *(to for _, _, to in CHAIN)]
    if stage in order:
        return walk(Attribute.ACTIVE, [FULL] * (order.index(stage) + 1))
    if stage is Stage.PUBLISHED:
        case, _ = step(standing_at(Stage.LEADER_APPROVED), Action.PUBLISH, person("pub", Role.PUBLISHER), FULL, NOW, "c")
        return case
    return Case("A", stage, "drafter", Attribute.ACTIVE)


def fitting(case: Case, action: Action, role: Role) -> Person:
    """Somebody with the role whom no duty stands against, when there is such a person."""
    if role is Role.DRAFTER:
        return person("drafter", role)
    if action is Action.RECALL and case.signatures and case.signatures[-1].role is role:
        return person(case.signatures[-1].actor, role)
    same = [e.actor for e in case.events if e.role is role]
    return person(same[-1] if same else "fresh", role)


@pytest.mark.parametrize(("stage", "action", "role"), list(product(Stage, Action, Role)))
def test_only_the_table_moves_a_case(stage: Stage, action: Action, role: Role) -> None:
    """A move succeeds exactly when the table names this stage, action and role."""
    case = standing_at(stage)
    move = TABLE.get((stage, action))
    who = fitting(case, action, role)
    if move is not None and move[0] is role:
        after, event = step(case, action, who, FULL, NOW, "c")
        assert after.stage is move[1]
        assert (event.before, event.after, event.actor, event.role) == (stage, move[1], who.id, role)
        assert action in open_moves(case, who)
    else:
        with pytest.raises(NotAllowed) as refused:
            step(case, action, who, FULL, NOW, "c")
        assert refused.value.code in ("no_such_move", "role")
        assert action not in open_moves(case, who)


def test_every_stage_is_reachable_and_ends_are_ends() -> None:
    """From 待科室提交 every stage of the chain can be reached; only withdrawn and closed cases stop."""
    seen, todo = set(), [Stage.RECEIVED, Stage.BLOCKED, Stage.INCOMING]
    while todo:
        stage = todo.pop()
        if stage not in seen:
            seen.add(stage)
            todo += [to for (at, _), (_, to) in TABLE.items() if at is stage]
    assert seen == set(Stage)
    assert set(Stage) - {at for at, _ in TABLE} == {Stage.INCOMING, Stage.WITHDRAWN, Stage.INCIDENT_CLOSED}


def refusal(case: Case, action: Action, who: Person, decision: Decision, content: str = "c") -> str:
    with pytest.raises(NotAllowed) as refused:
        step(case, action, who, decision, NOW, content)
    assert refused.value.message.endswith("。") or "）" in refused.value.message
    return refused.value.code


def test_nobody_reviews_their_own_paper() -> None:
    """The uploader may hold every role and still signs only as drafter."""
    everything = person("drafter", *Role)
    for at, _, _ in CHAIN:
        assert refusal(standing_at(at), Action.SIGN, everything, FULL) == "own_file"
    assert refusal(standing_at(Stage.LEADER_APPROVED), Action.PUBLISH, everything, FULL) == "own_file"


def test_one_person_one_desk() -> None:
    """Whoever signed at one desk cannot sign, approve or publish at another."""
    case = standing_at(Stage.SECRECY_REVIEWED)
    assert refusal(case, Action.SIGN, person("secrecy", Role.SECRECY_REVIEWER, Role.DEPUTY_LEADER), FULL) == "second_role"
    approved = standing_at(Stage.LEADER_APPROVED)
    assert refusal(approved, Action.PUBLISH, person("secrecy", Role.PUBLISHER), FULL) == "second_role"


def test_somebody_elses_draft_is_not_yours() -> None:
    """Another drafter cannot submit the paper."""
    assert refusal(Case("A", Stage.RECEIVED, "drafter"), Action.SUBMIT, person("other", Role.DRAFTER), FULL) == "not_yours"


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (Decision(None, (), "理由理由", declared=True), "no_attribute"),
        (Decision(Attribute.WITHHELD, (), "理由理由", declared=True), "no_basis"),
        (Decision(Attribute.WITHHELD, ("条例:20.1",), "理由理由", declared=True), "no_basis"),
        (Decision(Attribute.WITHHELD, ("条例:14",), "", declared=True), "no_reason"),
        (Decision(Attribute.ON_REQUEST, (), " ", declared=True), "override"),
        (Decision(Attribute.ACTIVE, (), ""), "undeclared"),
    ],
)
def test_a_signature_must_be_complete(decision: Decision, code: str) -> None:
    """Each missing entry is refused by name; the machine says 主动公开."""
    case = Case("A", Stage.RECEIVED, "drafter", Attribute.ACTIVE)
    assert refusal(case, Action.SUBMIT, person("drafter", Role.DRAFTER), decision) == code


def test_unread_parts_need_a_tick_before_active() -> None:
    """A Problem blocks 主动公开 until 已人工核对, and blocks nothing else."""
    case = Case("A", Stage.RECEIVED, "drafter", Attribute.ACTIVE, unread=True)
    drafter = person("drafter", Role.DRAFTER)
    assert refusal(case, Action.SUBMIT, drafter, Decision(Attribute.ACTIVE, declared=True)) == "unread"
    step(case, Action.SUBMIT, drafter, Decision(Attribute.ACTIVE, checked=True, declared=True), NOW, "c")
    step(case, Action.SUBMIT, drafter, Decision(Attribute.ON_REQUEST, note="理由理由", declared=True), NOW, "c")


@pytest.mark.parametrize("action", [Action.RETURN, Action.REFER_UP])
def test_a_return_needs_a_note(action: Action) -> None:
    """退回 and 上报确定 must be explained."""
    case = standing_at(Stage.DRAFT_SUBMITTED)
    assert refusal(case, action, person("clerk", Role.OFFICE_CLERK), Decision(Attribute.ACTIVE, note="")) == "no_note"


def test_withheld_to_active_takes_two_people() -> None:
    """The first signature opens, only another person's tick confirms, and the leader's approval waits for it."""
    plain = Decision(Attribute.ACTIVE, (), "可以公开的理由", declared=True)
    confirming = Decision(Attribute.ACTIVE, (), "可以公开的理由", confirms=True)
    assert walk(Attribute.WITHHELD, [plain, plain, confirming, plain, plain]).stage is Stage.LEADER_APPROVED
    unconfirmed = walk(Attribute.WITHHELD, [plain, plain, plain, plain])
    assert refusal(unconfirmed, Action.SIGN, person("boss", Role.PRINCIPAL_LEADER), plain) == "second_person"
    step(unconfirmed, Action.SIGN, person("boss", Role.PRINCIPAL_LEADER), confirming, NOW, "c")


def test_a_leader_alone_cannot_open_what_others_closed() -> None:
    """When people said 不予公开, the last signature alone cannot turn it into 主动公开."""
    closed = Decision(Attribute.WITHHELD, ("条例:15",), "涉及商业秘密", declared=True)
    case = walk(Attribute.ACTIVE, [closed] * 4)
    opened = Decision(Attribute.ACTIVE, (), "可以公开的理由", confirms=True)
    assert refusal(case, Action.SIGN, person("boss", Role.PRINCIPAL_LEADER), opened) == "second_person"


@pytest.mark.parametrize("undo", [Action.RETURN, Action.RECALL])
def test_withheld_once_said_is_not_unsaid(undo: Action) -> None:
    """After a return or a recall the paper still opens only with a second person's confirmation."""
    closed = Decision(Attribute.WITHHELD, ("条例:14",), "可能涉密不公开")
    plain = Decision(Attribute.ACTIVE, (), "可以公开的理由", declared=True)
    confirming = Decision(Attribute.ACTIVE, (), "可以公开的理由", confirms=True)
    case = walk(Attribute.ACTIVE, [plain, plain, closed])
    if undo is Action.RETURN:
        case, _ = step(case, undo, person("deputy", Role.DEPUTY_LEADER), plain, NOW, "c")
        case, _ = step(case, Action.SUBMIT, person("drafter", Role.DRAFTER), plain, NOW, "c")
        case, _ = step(case, Action.SIGN, person("clerk", Role.OFFICE_CLERK), plain, NOW, "c")
    else:
        case, _ = step(case, undo, person("secrecy", Role.SECRECY_REVIEWER), Decision(), NOW, "c")
    # After a recall the two signatures below 保密审查 stand, but they were made before it: they open nothing.
    assert (opening(case).opened_by is None) is (undo is Action.RECALL)
    for name, role in (("secrecy", Role.SECRECY_REVIEWER), ("deputy", Role.DEPUTY_LEADER)):
        case, _ = step(case, Action.SIGN, person(name, role), plain, NOW, "c")
    assert not opening(case).is_settled
    boss = person("boss", Role.PRINCIPAL_LEADER)
    assert refusal(case, Action.SIGN, boss, plain) == "second_person"
    opened, _ = step(case, Action.SIGN, boss, confirming, NOW, "c")
    assert opening(opened).confirmed_by == "boss"


def test_changing_the_attribute_needs_a_reason() -> None:
    """Going back to the machine's word still means leaving a colleague's."""
    on_request = Decision(Attribute.ON_REQUEST, (), "理由理由", declared=True)
    case = walk(Attribute.ACTIVE, [on_request])
    assert refusal(case, Action.SIGN, person("clerk", Role.OFFICE_CLERK), Decision(Attribute.ACTIVE)) == "differs"


def test_only_the_approved_content_is_published() -> None:
    """A changed text, an attribute other than 主动公开, or no text at all stops the publication."""
    pub = person("pub", Role.PUBLISHER)
    assert refusal(standing_at(Stage.LEADER_APPROVED), Action.PUBLISH, pub, FULL, content="other") == "content_changed"
    assert refusal(standing_at(Stage.LEADER_APPROVED), Action.PUBLISH, pub, FULL, content="") == "content_changed"
    closed = Decision(Attribute.WITHHELD, ("条例:15",), "涉及商业秘密", declared=True)
    assert refusal(walk(Attribute.WITHHELD, [closed] * 5), Action.PUBLISH, pub, FULL) == "not_active"


def test_return_clears_and_recall_takes_back() -> None:
    """After a return no signature stands; a recall takes back one's own and nobody else's."""
    case = standing_at(Stage.OFFICE_COLLECTED)
    assert refusal(case, Action.RECALL, person("other", Role.OFFICE_CLERK), FULL) == "not_author"
    back, _ = step(case, Action.RECALL, person("clerk", Role.OFFICE_CLERK), Decision(), NOW, "c")
    assert [e.role for e in back.signatures] == [Role.DRAFTER]
    returned, _ = step(case, Action.RETURN, person("secrecy", Role.SECRECY_REVIEWER), FULL, NOW, "c")
    assert returned.signatures == ()
    assert returned.attribute is None
