"""Roles: officers are apart from everybody and from each other."""

from __future__ import annotations

from itertools import product

import pytest

from review_ui.flow import NotAllowed, Role
from review_ui.flow.duty import OFFICERS, READERS, check_grant, check_revoke


@pytest.mark.parametrize(("held", "new"), list(product(Role, Role)))
def test_an_officer_holds_nothing_else(held: Role, new: Role) -> None:
    """A second role is refused as soon as one of the two is an officer's."""
    mixes = held is not new and bool({held, new} & OFFICERS)
    if mixes:
        with pytest.raises(NotAllowed):
            check_grant([held], new, to_self=False)
    else:
        check_grant([held], new, to_self=False)


def test_nobody_grants_themselves() -> None:
    """Not even the security officer."""
    with pytest.raises(NotAllowed):
        check_grant([], Role.DRAFTER, to_self=True)


def test_the_last_officer_stays() -> None:
    """The office is never without its three officers."""
    with pytest.raises(NotAllowed):
        check_revoke(Role.AUDIT_ADMIN, holders=1)
    check_revoke(Role.AUDIT_ADMIN, holders=2)
    check_revoke(Role.PUBLISHER, holders=1)


def test_officers_read_no_documents() -> None:
    """三员无业务数据读写权."""
    assert not OFFICERS & READERS
