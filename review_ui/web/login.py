"""Logging in and out, and the first password."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import session as form_session
from flask.typing import ResponseReturnValue

from review_ui.store import accounts, audit, logins
from review_ui.web import access, passwords
from review_ui.web.office import me, office

blueprint = Blueprint("login", __name__)

_WRONG = "用户名或口令不对。连续输错 5 次将锁定 15 分钟。"
_LOCKED = "输错次数过多，已锁定。请过 15 分钟再试。"


@blueprint.get("/login")
def form() -> ResponseReturnValue:
    """The login page."""
    return render_template("login.html", next=_safe(request.args.get("next")), error=None)


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Check name and password; the same answer and the same time for unknown names."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    wanted, now = _safe(request.form.get("next")), office().now()
    keys = (f"login:{login.strip().lower()}", f"address:{request.remote_addr}")
    with office().database.writing() as session:
        if logins.locked(session, keys, now):
            return render_template("login.html", next=wanted, error=_LOCKED), 429
    with office().database.reading() as session:
        user = accounts.by_login(session, login)
    right = passwords.fits(user.password if user and user.active else None, password)
    with office().database.writing() as session:
        if not right or user is None:
            logins.count_failure(session, keys, now)
            audit.append(session, now, user.id if user else "", "login_failed", "", {"address": request.remote_addr or ""})
            session.commit()
            return render_template("login.html", next=wanted, error=_WRONG), 400
        logins.forget_failures(session, keys)
        token = logins.start(session, user, now)
        audit.append(session, now, user.id, "login", "", {"address": request.remote_addr or ""})
        session.commit()
    form_session.clear()  # a fresh form token for a fresh login
    response = redirect(wanted or url_for("pages.home"))
    access.give_cookie(response, token)
    return response


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    """End the login on the server and clear the browser."""
    with office().database.writing() as session:
        logins.end(session, request.cookies.get(access.cookie_name(), ""))
        audit.append(session, office().now(), me().id, "logout")
        session.commit()
    form_session.clear()
    response: Response = redirect(url_for("login.form"))  # type: ignore[assignment]
    access.take_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/activate")
def activation() -> ResponseReturnValue:
    """The page where a one-time code becomes a password."""
    return render_template("activate.html", error=None, login=request.args.get("login", "")[:40])


@blueprint.post("/activate")
def activate() -> ResponseReturnValue:
    """Set the first password with a one-time code; the code is used up only when everything is right."""
    login = request.form.get("login", "").strip().lower()
    password, again = request.form.get("password", ""), request.form.get("again", "")
    now, keys = office().now(), (f"activate:{login}", f"address:{request.remote_addr}")
    error = passwords.weakness(password, login) or (None if password == again else "两次输入的口令不一样。")
    if error:
        return render_template("activate.html", error=error, login=login), 400
    hashed = passwords.hash_password(password)
    with office().database.writing() as session:
        if logins.locked(session, keys, now):
            return render_template("activate.html", error=_LOCKED, login=login), 429
        user = accounts.redeem(session, login, request.form.get("code", ""), now)
        if user is None:
            logins.count_failure(session, keys, now)
            audit.append(session, now, "", "activation_failed", "", {"address": request.remote_addr or ""})
            session.commit()
            return render_template("activate.html", error="用户名或激活码不对，或激活码已过期。", login=login), 400
        user.password = hashed
        logins.end_all(session, user)
        logins.forget_failures(session, keys)
        audit.append(session, now, user.id, "activated")
        session.commit()
    flash("口令已设置，请登录。")
    return redirect(url_for("login.form"))


def _safe(wanted: str | None) -> str | None:
    """A path of our own, or nothing: the login page must not send people elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return None
    parts = urlsplit(wanted)
    return None if parts.netloc or parts.scheme else wanted
