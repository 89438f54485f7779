"""Error pages in plain Chinese. They carry a request id and not one word of a document, a name or a stack."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from review_ui.flow.case import NotAllowed

log = logging.getLogger("review_ui.web")

_PAGES = {
    400: ("提交的内容不完整", "请返回上一页检查后重新提交。"),
    404: ("没有这个页面，或您无权查看", "请检查地址，或从工作台重新进入。需要权限时请联系安全保密管理员。"),
    405: ("不能这样打开这个页面", "请从工作台重新进入。"),
    409: ("内容已被别人更新", "请刷新后再办理。"),
    413: ("文件太大", "一次提交不能超过 200 兆字节。请减少文件个数或拆分后再提交。"),
    429: ("尝试次数过多", "请过 15 分钟再试。"),
    500: ("系统出错", "您的操作没有完成，已保存的内容没有丢失。请稍后再试；仍然出错时，请把下面的编号告诉系统管理员。"),
}


def install(app: Flask) -> None:
    """Catch everything that is not a page."""
    app.register_error_handler(CSRFError, lambda _error: page(400, "页面已过期", "请返回上一页，刷新后重新提交。"))
    app.register_error_handler(NotAllowed, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, crash)


def page(status: int, title: str, advice: str) -> ResponseReturnValue:
    """One error page."""
    identifier = g.setdefault("request_id", secrets.token_hex(6))
    if request.accept_mimetypes.best == "application/json":
        return {"error": title, "advice": advice, "id": identifier}, status
    return render_template("error.html", title=title, advice=advice, id=identifier), status


def http_error(error: HTTPException) -> ResponseReturnValue:
    """403 and 404 look the same: the answer must not tell what exists."""
    status = error.code or 500
    if status < 400:
        return error
    if status in (401, 403):
        status = 404
    title, advice = _PAGES.get(status, _PAGES[400] if status < 500 else _PAGES[500])
    return page(status, title, advice)


def refused(error: NotAllowed) -> ResponseReturnValue:
    """A rule of the office stands against it."""
    return page(400, "不能这样办理", error.message)


def crash(error: Exception) -> ResponseReturnValue:
    """Something we did not foresee: log where, never what (a message may hold text of a document)."""
    g.request_id = secrets.token_hex(6)
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("request %s failed: %s at %s", g.request_id, type(error).__name__, " > ".join(places[-6:]))
    return page(500, *_PAGES[500])
