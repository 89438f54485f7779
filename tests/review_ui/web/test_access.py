"""Default deny: every endpoint needs a role, every answer carries the headers, every POST a token."""

from __future__ import annotations

import re

import pytest

from review_ui.flow import Role
from review_ui.store import accounts
from review_ui.web.access import LOGIN_ONLY, OPEN, RIGHTS
from review_ui.web.headers import ALWAYS

from ..conftest import LOGINS, PASSWORD


def routes(app):
    """Every rule with its arguments filled in."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<int:\w+>", "0", rule.rule)
        path = re.sub(r"<path:\w+>", "office.css", path)
        yield rule.endpoint, re.sub(r"<\w+>", "AAAA-AAAA", path), rule.methods - {"HEAD", "OPTIONS"}


def test_every_endpoint_is_listed(bureau) -> None:
    """Nothing is reachable by being forgotten, and no listed endpoint is missing."""
    endpoints = {endpoint for endpoint, _, _ in routes(bureau.app)}
    assert endpoints == set(OPEN) | set(LOGIN_ONLY) | set(RIGHTS)


def test_a_stranger_gets_the_login_page_and_nothing_else(bureau) -> None:
    """Everything but the open list sends strangers to the login page."""
    stranger = bureau.visit(None)
    for endpoint, path, methods in routes(bureau.app):
        if endpoint not in OPEN:
            answer = stranger.get(path) if "GET" in methods else stranger.post(path)
            assert answer.status_code == 302, path
            assert "/login" in answer.headers["Location"]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_only_its_endpoints(bureau, role: Role) -> None:
    """The rights table is what happens: others' endpoints answer like ones that do not exist."""
    visitor = bureau.visit(role)
    for endpoint, path, methods in routes(bureau.app):
        if endpoint in OPEN or endpoint in LOGIN_ONLY or role in RIGHTS[endpoint]:
            continue
        answer = visitor.get(path) if "GET" in methods else visitor.post(path)
        assert answer.status_code == 404, path


@pytest.mark.parametrize("role", [None, *Role])
def test_headers_on_every_answer(bureau, role: Role | None) -> None:
    """Pages, redirects, errors and static files alike."""
    visitor = bureau.visit(role)
    paths = [path for endpoint, path, methods in routes(bureau.app) if "GET" in methods] + ["/nowhere", "/static/office.css"]
    for path in paths:
        answer = visitor.get(path)
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, (path, name)
        answer.close()


def test_every_post_needs_a_token(bureau) -> None:
    """Without a form token nothing changes: 400 for those logged in, the login page for strangers."""
    visitor = bureau.visit(Role.DRAFTER)
    for endpoint, path, methods in routes(bureau.app):
        if "POST" in methods and (endpoint in OPEN or endpoint in LOGIN_ONLY or Role.DRAFTER in RIGHTS[endpoint]):
            answer = visitor.client.post(path, data={})
            assert answer.status_code == 400, path
            assert "页面已过期" in answer.get_data(as_text=True)


def test_officers_see_no_document(bureau) -> None:
    """三员: not the page, not the text, not the original, and no word of it in their own pages."""
    no = bureau.assessed("关于绿化的通知\n正文独有词。\n")
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        visitor = bureau.visit(role)
        for path in (f"/case/{no}", f"/case/{no}/preview", f"/case/{no}/original", f"/case/{no}/history", "/queue"):
            assert visitor.get(path).status_code == 404
        home = visitor.get("/", follow_redirects=True).get_data(as_text=True)
        assert "绿化" not in home
        assert "独有词" not in home


def test_a_colleague_cannot_read_what_was_not_handed_in(bureau) -> None:
    """Another person's paper answers like one that does not exist until it is submitted."""
    no = bureau.assessed()
    assert bureau.visit(Role.OFFICE_CLERK).get(f"/case/{no}").status_code == 404
    bureau.visit(Role.DRAFTER).act(no, choice="active", declared="on")
    assert bureau.visit(Role.OFFICE_CLERK).get(f"/case/{no}").status_code == 200


def test_login_lock_and_logout(bureau) -> None:
    """Five wrong passwords lock for 15 minutes, right ones open, logging out kills the token on the server."""
    stranger = bureau.visit(None)
    form = {"login": LOGINS[Role.DRAFTER], "password": PASSWORD}
    for _ in range(5):
        assert stranger.post("/login", {**form, "password": "wrong"}).status_code == 400
    assert stranger.post("/login", form).status_code == 429
    bureau.clock.move(minutes=16)
    answer = stranger.post("/login", form)
    assert answer.status_code == 302
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("mishen_sid"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = cookie.split("=", 1)[1].split(";")[0]
    assert stranger.get("/queue").status_code == 200
    stranger.post("/logout")
    stranger.client.set_cookie("mishen_sid", token)
    assert stranger.get("/queue").status_code == 302


def test_sessions_end(bureau) -> None:
    """15 minutes idle or 10 hours in all; a switched-off account is out at once."""
    idle = bureau.visit(Role.DRAFTER)
    bureau.clock.move(minutes=16)
    assert idle.get("/queue").status_code == 302
    busy = bureau.visit(Role.DRAFTER)
    for _ in range(59):
        bureau.clock.move(minutes=10)
        assert busy.get("/queue").status_code == 200
    bureau.clock.move(minutes=11)
    assert busy.get("/queue").status_code == 302
    fresh = bureau.visit(Role.DRAFTER)
    bureau.visit(Role.SYSTEM_ADMIN).post(f"/users/{bureau.users[Role.DRAFTER].id}/switch")
    assert fresh.get("/queue").status_code == 302


def test_an_account_goes_from_code_to_role(bureau) -> None:
    """系统管理员 makes it, the code works once, and it can do nothing until 安全保密管理员 grants a role."""
    made = bureau.visit(Role.SYSTEM_ADMIN).post("/users", {"login": "zhangsan", "name": "张三"}).get_data(as_text=True)
    code = re.search(r'class="onecode">([A-Z0-9-]+)<', made)[1]
    stranger = bureau.visit(None)
    form = {"login": "zhangsan", "code": code, "password": "Xin-kouling-77", "again": "Xin-kouling-77"}
    assert stranger.post("/activate", {**form, "password": "short", "again": "short"}).status_code == 400
    assert stranger.post("/activate", form).status_code == 302
    assert stranger.post("/activate", form).status_code == 400
    assert stranger.post("/login", {"login": "zhangsan", "password": "Xin-kouling-77"}).status_code == 302
    assert stranger.get("/queue").status_code == 404
    with bureau.database.reading() as session:
        identifier = accounts.by_login(session, "zhangsan").id
    bureau.visit(Role.SECURITY_ADMIN).post(f"/roles/{identifier}/grant", {"role": "drafter"})
    assert stranger.get("/queue").status_code == 200


def test_codes_expire(bureau) -> None:
    """After 24 hours a one-time code is worth nothing."""
    made = bureau.visit(Role.SYSTEM_ADMIN).post("/users", {"login": "lisi", "name": "李四"}).get_data(as_text=True)
    code = re.search(r'class="onecode">([A-Z0-9-]+)<', made)[1]
    bureau.clock.move(hours=25)
    form = {"login": "lisi", "code": code, "password": "Xin-kouling-77", "again": "Xin-kouling-77"}
    assert bureau.visit(None).post("/activate", form).status_code == 400


@pytest.mark.parametrize("wanted", ["//evil.cn", "https://evil.cn/", "/\\evil.cn", "javascript:alert(1)"])
def test_the_login_page_sends_nobody_elsewhere(bureau, wanted: str) -> None:
    """Only our own paths are followed after a login."""
    form = {"login": LOGINS[Role.DRAFTER], "password": PASSWORD, "next": wanted}
    assert bureau.visit(None).post("/login", form).headers["Location"] == "/"
