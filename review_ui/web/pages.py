"""The door of the house: where each role lands, one's own account, and whether the service is alive."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from review_ui.flow.case import Role
from review_ui.store import accounts, audit, logins
from review_ui.store.tables import User
from review_ui.web import access, passwords
from review_ui.web.office import me, office

blueprint = Blueprint("pages", __name__)

_DESKS = (
    (Role.SYSTEM_ADMIN, "officers.users"),
    (Role.SECURITY_ADMIN, "officers.roles"),
    (Role.AUDIT_ADMIN, "officers.audit_log"),
)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Alive, and nothing else."""
    return {"status": "ok"}


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Each officer to their page, everyone else to the workbench."""
    roles = accounts.roles(me())
    for role, endpoint in _DESKS:
        if role in roles:
            return redirect(url_for(endpoint))
    return redirect(url_for("desk.queue"))


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """One's own settings."""
    return render_template("account.html", error=None)


@blueprint.post("/account")
def save_account() -> ResponseReturnValue:
    """Change the password (the old one is asked for) or switch single keys."""
    if request.form.get("do") == "keys":
        with office().database.writing() as session:
            session.get_one(User, me().id).single_keys = request.form.get("single_keys") == "on"
            session.commit()
        flash("已保存。")
        return redirect(url_for("pages.account"))
    old, new = request.form.get("old", ""), request.form.get("password", "")
    error = None if passwords.fits(me().password, old) else "原口令不对。"
    error = error or passwords.weakness(new, me().login)
    error = error or (None if new == request.form.get("again") else "两次输入的新口令不一样。")
    if error:
        return render_template("account.html", error=error), 400
    hashed, now = passwords.hash_password(new), office().now()
    with office().database.writing() as session:
        user = session.get_one(User, me().id)
        user.password = hashed
        logins.end_all(session, user)
        token = logins.start(session, user, now)
        audit.append(session, now, user.id, "password")
        session.commit()
    flash("口令已修改，其他登录已全部退出。")
    response = redirect(url_for("pages.account"))
    access.give_cookie(response, token)
    return response
