"""Separation of duties: who may hold which roles, and who may not act on which case（domain/05 §6）."""

from __future__ import annotations

from collections.abc import Iterable

from review_ui.flow.case import Action, Case, NotAllowed, Person, Role

OFFICERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员: each shuts out every other role, and none of them sees a document."""

READERS = frozenset(
    {Role.DRAFTER, Role.OFFICE_CLERK, Role.SECRECY_REVIEWER, Role.DEPUTY_LEADER, Role.PRINCIPAL_LEADER, Role.PUBLISHER}
)
"""The roles that may see the text of a document (the drafter only of their own)."""

DOUBTERS = READERS - {Role.DRAFTER, Role.PUBLISHER} | {Role.AUDIT_ADMIN}
"""Who may look at signed attributes that may be errors: those who sign for others, and the auditor (numbers only)."""

LABELLERS = frozenset({Role.OFFICE_CLERK, Role.SECRECY_REVIEWER, Role.DEPUTY_LEADER, Role.PRINCIPAL_LEADER})
"""Whose word counts for the certificate of an archive's batch."""

BATCH_READERS = READERS | {Role.AUDIT_ADMIN}
"""Who may see which sets came from archives and how far they are (the auditor: numbers only)."""


def check_grant(held: Iterable[Role], new: Role, *, to_self: bool) -> None:
    """Refuse a grant that would let one person watch over themselves.

    Raises:
        NotAllowed: for a grant to oneself, or one that mixes an officer with any other role.
    """
    if to_self:
        raise NotAllowed("self_grant", "不能给自己授权。请由另一位安全保密管理员办理。")
    held = set(held) - {new}
    if held and (new in OFFICERS or held & OFFICERS):
        raise NotAllowed("officer_exclusive", "系统管理员、安全保密管理员、安全审计员须由专人担任，不能兼任其他角色。")


def check_revoke(role: Role, holders: int) -> None:
    """Refuse to take away the last officer of a kind.

    Raises:
        NotAllowed: when `role` is an officer's and only one person holds it.
    """
    if role in OFFICERS and holders <= 1:
        raise NotAllowed("last_officer", "这是该岗位的最后一个人，不能撤销。请先授权接任的人。")


def check_person(case: Case, action: Action, person: Person, role: Role) -> None:
    """Refuse a person who acts in a role they lack, on someone else's draft, or for a second time in another role.

    Raises:
        NotAllowed: with the duty that stands against it.
    """
    if role not in person.roles:
        raise NotAllowed("role", f"此环节由“{role.label}”办理，您没有这个角色。")
    if role is Role.DRAFTER and person.id != case.uploader:
        raise NotAllowed("not_yours", "只有提供这份文件的人可以办理这一步。")
    if role is not Role.DRAFTER and person.id == case.uploader:
        raise NotAllowed("own_file", "不能审查、审批或发布自己提供的文件。请由其他人办理。")
    if any(e.actor == person.id and e.role is not role for e in case.events):
        raise NotAllowed("second_role", "您已在另一环节办理过这份文件。同一人不能办理同一文件的两个环节。")
    if action is Action.RECALL:
        signed = case.signatures
        if not signed or signed[-1].actor != person.id:
            raise NotAllowed("not_author", "只能收回自己刚签署的意见。")
