"""Who may open what: one table, deny by default. An endpoint that is not listed does not exist for anyone."""

from __future__ import annotations

import datetime as dt

from flask import Flask, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from review_ui.flow.case import Role, Stage
from review_ui.flow.clock import read, stamp
from review_ui.flow.duty import BATCH_READERS, DOUBTERS, LABELLERS, OFFICERS, READERS
from review_ui.store import accounts, logins
from review_ui.store.tables import ReviewCase, User, UserSession
from review_ui.web.office import me, office

OPEN = ("login.form", "login.enter", "login.activation", "login.activate", "static", "pages.healthz")
"""What a stranger may open. Nothing else."""

ANYONE = frozenset(Role)
"""Anyone with at least one role."""

_CHAIN = READERS | {Role.SECURITY_OFFICER}

RIGHTS: dict[str, frozenset[Role]] = {
    "pages.home": ANYONE,
    "pages.account": ANYONE,
    "pages.save_account": ANYONE,
    "desk.queue": _CHAIN,
    "doubtful.show": DOUBTERS,
    "batches.listing": BATCH_READERS,
    "batches.show": READERS,
    "batches.label": LABELLERS,
    "batches.put": LABELLERS,
    "batches.original": LABELLERS,
    "intake.upload_page": frozenset({Role.DRAFTER}),
    "intake.upload": frozenset({Role.DRAFTER}),
    "intake.states": frozenset({Role.DRAFTER}),
    "intake.retry": frozenset({Role.DRAFTER}),
    "intake.to_manual": frozenset({Role.DRAFTER}),
    "review.show": _CHAIN,
    "opinion.act": _CHAIN,
    "opinion.save_draft": READERS,
    "review.judge": READERS,
    "review.history": READERS,
    "review.preview": READERS,
    "review.original": READERS,
    "review.snippet": READERS,
    "release.show": frozenset({Role.PUBLISHER}),
    "release.build": frozenset({Role.PUBLISHER}),
    "release.download": frozenset({Role.PUBLISHER}),
    "officers.users": frozenset({Role.SYSTEM_ADMIN}),
    "officers.create_user": frozenset({Role.SYSTEM_ADMIN}),
    "officers.new_code": frozenset({Role.SYSTEM_ADMIN}),
    "officers.switch": frozenset({Role.SYSTEM_ADMIN}),
    "officers.roles": frozenset({Role.SECURITY_ADMIN}),
    "officers.grant": frozenset({Role.SECURITY_ADMIN}),
    "officers.revoke": frozenset({Role.SECURITY_ADMIN}),
    "officers.audit_log": frozenset({Role.AUDIT_ADMIN}),
}
"""Endpoint → the roles that may open it. `login.leave` (logging out) needs a login and no role."""

LOGIN_ONLY = ("login.leave",)

_TOUCH = dt.timedelta(seconds=60)
"""How stale `seen_at` may grow: not every click needs a write."""


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host, but browsers accept it only over TLS."""
    return "__Host-sid" if office().settings.https else "mishen_sid"


def give_cookie(response: AnyResponse, token: str) -> None:
    """Send the login token to the browser; it ends with the browser's session."""
    response.set_cookie(cookie_name(), token, httponly=True, samesite="Lax", secure=office().settings.https, path="/")


def take_cookie(response: AnyResponse) -> None:
    """Tell the browser to forget the token."""
    response.delete_cookie(cookie_name(), httponly=True, samesite="Lax", secure=office().settings.https, path="/")


def install(app: Flask) -> None:
    """Put the guard in front of every request."""
    app.before_request(guard)


def guard() -> AnyResponse | None:
    """Find the login, then look the endpoint up; what is not listed is answered like what does not exist."""
    g.user = None
    _find_login()
    endpoint = request.endpoint
    if endpoint in OPEN:
        return None
    if g.user is None:
        return _to_login()
    if endpoint in LOGIN_ONLY:
        return None
    if endpoint is None or not accounts.roles(me()) & RIGHTS.get(endpoint, frozenset()):
        abort(404)
    return None


def _find_login() -> None:
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint == "static":
        return
    now = office().now()
    with office().database.reading() as session:
        found = logins.find(session, token, now)
    if found is None:
        return
    row, user = found
    g.user = user
    if now - read(row.seen_at) > _TOUCH:
        _touch(row, now)


def _touch(row: UserSession, now: dt.datetime) -> None:
    with office().database.writing() as session:
        held = session.get(UserSession, row.token)
        if held is not None:
            held.seen_at = stamp(now)
        session.commit()


def _to_login() -> AnyResponse:
    if request.accept_mimetypes.best == "application/json":
        return Response(status=401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("login.form", next=wanted if wanted != "/" else None))


def may_read(user: User, row: ReviewCase) -> bool:
    """Whether a person may see a case at all: their own, or (chain roles) one that was handed in and is not blocked."""
    roles = accounts.roles(user)
    if roles & OFFICERS:
        return False
    stage = Stage(row.stage)
    if stage in (Stage.BLOCKED, Stage.INCIDENT_CLOSED):
        return Role.SECURITY_OFFICER in roles or row.uploader_id == user.id
    if row.uploader_id == user.id:
        return True
    return bool(roles & (READERS - {Role.DRAFTER})) and stage not in (Stage.INCOMING, Stage.RECEIVED)
