"""三员: accounts, roles, audit. None of these pages shows a word of a document."""

from __future__ import annotations

import json
import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from review_ui.flow.case import NotAllowed, Role
from review_ui.flow.duty import OFFICERS, check_grant, check_revoke
from review_ui.store import accounts, audit
from review_ui.store.tables import AuditEvent, User
from review_ui.web.office import me, office

blueprint = Blueprint("officers", __name__)

_LOGIN = re.compile(r"[a-z][a-z0-9_.-]{2,31}")
AUDIT_PAGE = 50


def _user(session: Session, identifier: str) -> User:
    user = session.get(User, identifier)
    if user is None:
        abort(404)
    return user


@blueprint.get("/users")
def users() -> ResponseReturnValue:
    """All accounts."""
    with office().database.reading() as session:
        everyone = accounts.everyone(session)
    return render_template("users.html", everyone=everyone, code=None, error=None)


def _with_code(login: str, code: str) -> ResponseReturnValue:
    """The one page that ever shows a code; it is not stored and cannot be shown again."""
    with office().database.reading() as session:
        everyone = accounts.everyone(session)
    return render_template("users.html", everyone=everyone, code=(login, code), error=None)


@blueprint.post("/users")
def create_user() -> ResponseReturnValue:
    """A new account: no rights until the security officer grants them."""
    login, name = request.form.get("login", "").strip().lower(), request.form.get("name", "").strip()[:40]
    unit = request.form.get("unit", "").strip()[:40]
    with office().database.writing() as session:
        taken = accounts.by_login(session, login) is not None
        if taken or not name or not _LOGIN.fullmatch(login):
            error = "这个用户名已有人使用。" if taken else "用户名用 3 至 32 个小写字母、数字，以字母开头；姓名必填。"
            return render_template("users.html", everyone=accounts.everyone(session), code=None, error=error), 400
        user = accounts.create(session, login, name, office().now(), unit)
        code = accounts.issue_code(session, user, office().now())
        audit.append(session, office().now(), me().id, "user_created", user.id, {"login": login})
        session.commit()
    return _with_code(login, code)


@blueprint.post("/users/<identifier>/code")
def new_code(identifier: str) -> ResponseReturnValue:
    """A new one-time code (forgotten password)."""
    with office().database.writing() as session:
        user = _user(session, identifier)
        code = accounts.issue_code(session, user, office().now())
        audit.append(session, office().now(), me().id, "code_issued", user.id)
        session.commit()
    return _with_code(user.login, code)


@blueprint.post("/users/<identifier>/switch")
def switch(identifier: str) -> ResponseReturnValue:
    """Disable or enable an account."""
    with office().database.writing() as session:
        user = _user(session, identifier)
        if user.id == me().id:
            raise NotAllowed("self", "不能停用自己的账号。")
        if user.active:
            for role in accounts.roles(user) & OFFICERS:
                check_revoke(role, accounts.holders(session, role))
        accounts.disable(session, user, active=not user.active)
        audit.append(session, office().now(), me().id, "user_enabled" if user.active else "user_disabled", user.id)
        session.commit()
    flash(f"账号 {user.login} 已{'启用' if user.active else '停用'}。")
    return redirect(url_for("officers.users"))


@blueprint.get("/roles")
def roles() -> ResponseReturnValue:
    """Who holds what."""
    with office().database.reading() as session:
        everyone = [(user, accounts.roles(user)) for user in accounts.everyone(session)]
    return render_template("roles.html", everyone=everyone, all_roles=list(Role))


@blueprint.post("/roles/<identifier>/grant")
def grant(identifier: str) -> ResponseReturnValue:
    """Give a role."""
    role = _role()
    with office().database.writing() as session:
        user = _user(session, identifier)
        check_grant(accounts.roles(user), role, to_self=user.id == me().id)
        accounts.grant(session, user, [role], office().now())
        audit.append(session, office().now(), me().id, "granted", user.id, {"role": role.value})
        session.commit()
    flash(f"已授予 {user.name}“{role.label}”。")
    return redirect(url_for("officers.roles"))


@blueprint.post("/roles/<identifier>/revoke")
def revoke(identifier: str) -> ResponseReturnValue:
    """Take a role away."""
    role = _role()
    with office().database.writing() as session:
        user = _user(session, identifier)
        check_revoke(role, accounts.holders(session, role))
        accounts.revoke(session, user, role)
        audit.append(session, office().now(), me().id, "revoked", user.id, {"role": role.value})
        session.commit()
    flash(f"已撤销 {user.name}“{role.label}”，其登录已退出。")
    return redirect(url_for("officers.roles"))


def _role() -> Role:
    wanted = request.form.get("role", "")
    if wanted not in set(Role):
        abort(404)
    return Role(wanted)


@blueprint.get("/audit")
def audit_log() -> ResponseReturnValue:
    """The audit chain, newest first; `verify=1` walks all of it."""
    before = request.args.get("before", type=int)
    with office().database.reading() as session:
        query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(AUDIT_PAGE + 1)
        links = list(session.scalars(query.where(AuditEvent.seq < before) if before else query))
        verdict = audit.verify(session) if request.args.get("verify") else None
        names = accounts.names(session)
    more = links[AUDIT_PAGE - 1].seq if len(links) > AUDIT_PAGE else None
    shown = [(link, _detail(link.body)) for link in links[:AUDIT_PAGE]]
    return render_template("audit.html", links=shown, names=names, verdict=verdict, more=more)


def _detail(body: str) -> dict[str, str | int]:
    """What a link says beyond its columns."""
    fields: dict[str, str | int] = json.loads(body)
    return {key: value for key, value in fields.items() if key not in ("seq", "at", "actor", "action", "object")}
