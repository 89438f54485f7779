"""The audit chain: every way of tampering is seen."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from review_ui.flow import Role
from review_ui.store import audit

_TABLES = ("audit_event", "case_event")


@pytest.fixture
def chain(bureau):
    """An office in which a paper was handed in."""
    no = bureau.assessed()
    assert bureau.visit(Role.DRAFTER).act(no, choice="active", note="同意公开", declared="on").status_code == 302
    return bureau


def verdict(bureau, known=None):
    with bureau.database.reading() as session:
        return audit.verify(session, known)


def tamper(bureau, *statements: str) -> None:
    """What somebody with the database file can do: drop the triggers, then write."""
    with bureau.database.engine.connect() as connection:
        for table in _TABLES:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()


def test_an_untouched_chain_holds(chain) -> None:
    """Count and head are reported for the paper record."""
    result = verdict(chain)
    assert result.broken_at is None
    assert verdict(chain, (result.count, result.head[:16])).broken_at is None


@pytest.mark.parametrize("table", _TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET body = body", "DELETE FROM {}"])
def test_the_tables_refuse_change(chain, table: str, statement: str) -> None:
    """Triggers: append-only."""
    with chain.database.writing() as session, pytest.raises(exc.IntegrityError, match="append-only"):
        session.execute(text(statement.format(table)))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_event SET body = replace(body, 'upload', 'u') WHERE seq = 1", 1),
        ("UPDATE audit_event SET actor = 'x' WHERE seq = 2", 2),
        ("UPDATE audit_event SET at = '2020-01-01T00:00:00Z' WHERE seq = 3", 3),
        ("DELETE FROM audit_event WHERE seq = 2", 2),
        ("UPDATE audit_event SET seq = seq + 100 WHERE seq = 1", 1),
        ("UPDATE case_event SET body = replace(body, '同意公开', '不同意的')", 0),
        ("UPDATE case_event SET actor = 'x'", 0),
        ("DELETE FROM case_event", 0),
        ("INSERT INTO case_event (case_no, actor, role, body, digest) SELECT case_no, actor, role, body, 'x' FROM case_event", 0),
    ],
)
def test_tampering_is_seen(chain, statement: str, broken: int) -> None:
    """Edits, deletions, reordering and slipped-in opinions are found where they are."""
    tamper(chain, statement)
    result = verdict(chain)
    assert result.broken_at is not None
    assert result.broken_at == broken


def test_a_cut_tail_is_seen_with_a_noted_link(chain) -> None:
    """The chain alone cannot see its missing end; the number and hash on paper can."""
    before = verdict(chain)
    tamper(chain, f"DELETE FROM audit_event WHERE seq = {before.count}", "DELETE FROM case_event")
    assert verdict(chain, (before.count, before.head[:16])).broken_at == before.count


def test_the_chain_holds_no_opinions(chain) -> None:
    """The auditor learns that an opinion was given, not what it says."""
    with chain.database.reading() as session:
        bodies = session.execute(text("SELECT body FROM audit_event")).scalars().all()
    assert not any("同意公开" in body or "绿化" in body or "通知.txt" in body for body in bodies)
