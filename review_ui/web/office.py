"""What every page needs, made once by `create_app` and handed through the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import current_app, g

from classifier.knowledge import Law
from review_ui.flow.case import Person
from review_ui.store import accounts
from review_ui.store.engine import Database
from review_ui.store.place import MEMORY, Place
from review_ui.store.tables import User

KEY = "mishen"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What may differ between installations of the web application."""

    data: Path
    law: Path
    """corpus/law."""
    packs: Path | None = None
    """The bureau's rule packs; their local regulations are cited too."""
    https: bool = False
    """Whether people reach us through TLS: then the cookie is Secure."""
    bureau: str = ""
    """The bureau's name in the page head."""
    memory: Path = MEMORY
    """Where uploads wait for the scan."""
    most_bytes: int = 200 * 1024 * 1024
    """Largest request."""
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """The opened installation."""

    settings: WebSettings
    place: Place
    database: Database
    law: Law

    def now(self) -> dt.datetime:
        """The time of this request."""
        return self.settings.clock()


def office() -> Office:
    """The installation this application serves."""
    return cast(Office, current_app.extensions[KEY])


def me() -> User:
    """The account behind this request; `access.guard` has put it there."""
    return cast(User, g.user)


def as_person() -> Person:
    """The flow's view of the account behind this request."""
    return accounts.person(me())
