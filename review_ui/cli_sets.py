"""Papers of an archive's batch on their way to the desk and their labels on the way back. `classifier.cli_desk` asks for it."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.core.assessment import Attribute
from classifier.core.errors import BadSettings
from review_ui.flow.case import Role
from review_ui.store import accounts, files, frozen, jobs
from review_ui.store.engine import Database
from review_ui.store.frozen import Wanted
from review_ui.store.place import Place

Row = tuple[int, str, Attribute | None]
"""One paper of a list, as the command line tells it: number, SHA-256 of its file, and what the machine said."""

_AHEAD = 50
"""Files of a set that may lie in the incoming folder, which is memory, while the worker reads others."""
_LOOK_AGAIN = 0.5


@dataclass(frozen=True, slots=True)
class Listed:
    """A list to freeze: the account that hands it in, its name on screen, a purpose of frozen.PURPOSES, and its papers."""

    login: str
    name: str
    purpose: str
    wanted: tuple[Wanted, ...]


def receive(
    place: Place, database: Database, listed: Listed, open_file: Callable[[int], Path | None], clock: Callable[[], dt.datetime]
) -> Iterator[tuple[int, int]]:
    """Freeze a list and bring its files in, no faster than the worker reads them.

    Yields (papers settled so far, papers in all) whenever something was brought in or the worker is waited for; `open_file` gives the
    path of the paper with a number. May be broken off and started again at any time.

    Raises:
        BadSettings: there is no such account.
    """
    with database.writing() as session:
        owner = accounts.by_login(session, listed.login)
        if owner is None or not owner.active:
            raise BadSettings(
                f"审查台没有“{listed.login}”这个可用的账号。请核对，或先由系统管理员建账号、安全保密管理员授予科室经办角色。"
            )
        if Role.DRAFTER not in accounts.roles(owner):
            raise BadSettings(f"“{listed.login}”没有科室经办角色，不能送文件。请换一个科室经办账号，或由安全保密管理员授权。")
        held, _ = frozen.freeze(session, owner, listed.name, listed.purpose, listed.wanted, clock())
        session.commit()
    with database.reading() as session:
        outside = frozen.to_bring(session, held.id)
    lane = frozen.SAMPLE if listed.purpose == "sample" else frozen.BATCH
    for done, (number, sha256) in enumerate(outside, held.size - len(outside)):
        yield done, held.size
        while _waiting(database, lane) >= _AHEAD:
            time.sleep(_LOOK_AGAIN)
            yield done, held.size
        token, reason = _copy(place, sha256, open_file(number))
        with database.writing() as session:
            if token is None:
                frozen.leave_out(session, held, number, reason, clock())
            else:
                frozen.bring(session, held, number, token, clock())
            session.commit()
    yield held.size, held.size


def _waiting(database: Database, lane: int) -> int:
    with database.reading() as session:
        return jobs.waiting(session, lane)


def _copy(place: Place, sha256: str, path: Path | None) -> tuple[str | None, str]:
    """The token of a copy in the incoming folder, or why there is none. The copy is what is compared: the file may change meanwhile."""
    try:
        if path is None:
            return None, "gone"
        with path.open("rb") as data:
            token = files.receive(place, data, files.clean_name(path.name))
    except (OSError, files.BadName):
        return None, "gone"
    copy = files.waiting(place, token)
    assert copy is not None
    with copy.open("rb") as data:
        if hashlib.file_digest(data, "sha256").hexdigest() == sha256:
            return token, ""
    files.destroy(place, token)
    return None, "changed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of one paper of a sample, on the desk."""

    number: int
    said: str
    """`active`, `on_request`, `withheld` or `secret`."""
    who: str
    at: str
    note: str


def sample_labels(database: Database, wanted: Sequence[Wanted]) -> list[Answer]:
    """The standing labels of a sample that was sent to the desk, by number.

    Raises:
        BadSettings: this sample was never sent there.
    """
    with database.reading() as session:
        held = frozen.find(session, "sample", wanted)
        if held is None:
            raise BadSettings("审查台没有收到过这份抽样清单。请先用 mishen batch send --which sample 送去。")
        names, standing = accounts.names(session), frozen.labels(session, held.id)
        return [Answer(n, label.said, names[label.user_id], label.at, label.note) for n, label in sorted(standing.items())]
