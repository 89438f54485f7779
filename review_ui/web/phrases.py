"""Words on the screen: Chinese names for everything a template shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, g

from classifier.core.assessment import Attribute, Route
from classifier.core.document import Where
from classifier.core.problems import PROBLEMS
from review_ui.flow.case import Role, Stage
from review_ui.flow.clock import beijing, beijing_short
from review_ui.flow.duty import BATCH_READERS, DOUBTERS, READERS
from review_ui.store import accounts
from review_ui.store.frozen import ANSWERS
from review_ui.store.opinions import Verdict
from review_ui.store.tables import ReviewCase, User
from review_ui.web.office import office

_DESK_ROLES = {role.value for role in READERS | {Role.SECURITY_OFFICER}}

SCOPE = "本系统按非涉密系统设计，不得存储、处理国家秘密。"

LEVELS = {"top_secret": "绝密", "secret": "机密", "confidential": "秘密", "unknown": "密级不明"}

ACTIONS = {
    "upload": "上传文件",
    "assessed": "系统判定",
    "blocked": "疑似涉密停止",
    "package": "生成发布包",
    "download": "下载发布包",
    "judge": "判断命中",
    "read": "查看文件",
    "retry": "重试判定",
    "manual": "转人工",
    "login": "登录",
    "logout": "退出",
    "login_failed": "登录失败",
    "activated": "设置口令",
    "activation_failed": "激活失败",
    "password": "修改口令",
    "user_created": "新建账号",
    "code_issued": "发放激活码",
    "user_disabled": "停用账号",
    "user_enabled": "启用账号",
    "granted": "授予角色",
    "revoked": "撤销角色",
    "verified": "验证日志",
    "submit": "提交",
    "sign": "签署意见",
    "return": "退回",
    "recall": "收回意见",
    "refer_up": "上报确定",
    "resume": "登记上级答复",
    "publish": "登记发布",
    "withdraw": "撤回",
    "close_incident": "登记处置",
    "migrated": "升级数据库",
    "model_trained": "训练模型",
    "model_promoted": "启用模型",
    "model_rolled_back": "退回旧模型",
    "setup": "首次启动",
    "freeze": "接收档案批次",
    "left_out": "批次文件未接收",
    "sample_label": "抽样核验",
}
"""Audit actions → Chinese."""

FAILURES = {
    "lost": "文件已不在暂存区（系统曾重新启动）。请重新上传。",
    "no_text": "没有可以发布的文字，不能生成发布包。",
    "leak": "复核扫描发现被遮蔽的内容仍然可见，发布包未生成。请联系系统管理员。",
    "differs": "复核扫描读回的文字与正文不一致，发布包未生成。请联系系统管理员。",
    "rescan": "复核扫描在遮蔽后的正文里仍发现应遮蔽的内容，发布包未生成。请退回核对命中判断。",
    "gate": "发布条件未全部满足，发布包未生成。",
}


def failure(reason: str | None) -> str:
    """Why a job failed, and what to do."""
    return FAILURES.get(reason or "", PROBLEMS.get(reason or "", PROBLEMS["internal"]))


def duration(left: dt.timedelta) -> str:
    """`还剩 3 小时 20 分` or `已超过 …`."""
    minutes = abs(int(left.total_seconds())) // 60
    words = f"{minutes // 60} 小时 {minutes % 60} 分" if minutes >= 60 else f"{minutes} 分钟"
    return f"还剩 {words}" if left.total_seconds() >= 0 else f"已超过 {words}"


def stage_of(row: ReviewCase) -> str:
    """The visible state of a case; an approved paper that is not published is finished."""
    stage = Stage(row.stage)
    if stage is Stage.LEADER_APPROVED:
        return "待网上发布" if row.attribute == Attribute.ACTIVE.value else "已办结，不发布"
    return stage.label


def attribute_label(value: str | None) -> str:
    """Chinese for a stored attribute."""
    return Attribute(value).label if value else "—"


def route_label(value: str | None) -> str:
    """Chinese for a stored route."""
    return Route(value).label if value else "—"


def level_label(value: str) -> str:
    """Chinese for a secrecy level."""
    return LEVELS.get(value, LEVELS["unknown"])


_DETAIL: dict[str, Callable[[Any], str]] = {
    "role": lambda v: f"角色 {Role(v).label}",
    "before": lambda v: f"自“{Stage(v).label}”",
    "after": lambda v: f"至“{Stage(v).label}”",
    "attribute": lambda v: f"属性 {attribute_label(v)}" if v else "",
    "route": lambda v: f"办理方式 {route_label(v)}",
    "level": lambda v: f"标志 {level_label(v)}",
    "places": lambda v: f"位置 {places_label(v)}",
    "address": lambda v: f"地址 {v}",
    "masked": lambda v: f"遮蔽 {v} 处",
    "finding": lambda v: f"第 {v + 1} 处",
    "verdict": lambda v: Verdict(v).label,
    "login": lambda v: f"用户名 {v}",
    "sha256": lambda v: f"校验值 {v[:12]}",
    "content": lambda v: f"发布稿校验值 {v[:12]}",
    "papers": lambda v: f"决定 {v} 件",
    "former": lambda v: f"原用 {v}",
    "reason": lambda v: f"理由：{v}" if v else "",
    "by": lambda v: f"操作系统账号 {v}",
    "size": lambda v: f"共 {v} 件",
    "number": lambda v: f"第 {v} 件",
    "said": lambda v: f"结论 {ANSWERS[v]}",
    "digest": lambda v: f"清单校验值 {v[:12]}",
    "what": lambda v: {"original": "原件", "package": "发布包"}.get(v, ""),
}
"""Fields of an audit link → Chinese; a field that is not listed is for machines."""


def audit_detail(fields: dict[str, Any]) -> str:
    """What a link says beyond its columns, in one line."""
    said = (words(fields[key]) for key, words in _DETAIL.items() if key in fields)
    return "，".join(words for words in said if words) or "—"


def version_label(model: str) -> str:
    """`attribute/3` → 3; no model → 无."""
    return "无" if model in ("", "none") else model.rsplit("/", 1)[-1]


_PARTS = {
    "header": "页眉",
    "footer": "页脚",
    "comment": "批注",
    "media": "图片",
    "embed": "嵌入文件",
    "note": "脚注尾注",
    "vba": "宏",
}


def problem_place(where: str) -> str:
    """Where a part was not read, in Chinese: `page 7` → 第 7 页, `member 2 page 7` → 内含文件 2 的…, `word/header2.xml` → 页眉; unknown parts stay unnamed."""
    inside = re.match(r"member (\d+) ?", where)
    if inside:
        rest = problem_place(where[inside.end() :])
        return f"内含文件 {inside[1]}" + (f"的{rest}" if rest else "")
    page = re.fullmatch(r"page (\d+)", where)
    if page:
        return f"第 {page[1]} 页"
    if not where.isascii():
        return where
    return next((name for part, name in _PARTS.items() if part in where.lower()), "")


def snippet_place(page: int | None, member: int | None) -> str:
    """Where a picture was cut out: 第 7 页, 内含文件 2 的第 7 页; empty where the file has no pages."""
    return problem_place(" ".join([*([f"member {member}"] if member else []), *([f"page {page}"] if page else [])]))


def places_label(value: str) -> str:
    """`header name` → `页眉、文件名`."""
    return "、".join(Where(place).label for place in value.split())


def install(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        beijing=beijing,
        beijing_short=beijing_short,
        stage=stage_of,
        attribute=attribute_label,
        route=route_label,
        level=level_label,
        failure=failure,
        duration=duration,
        action=lambda name: ACTIONS.get(name, name),
        role=lambda name: Role(name).label,
        audit_detail=audit_detail,
        version=version_label,
    )
    app.context_processor(_shared)


def _shared() -> dict[str, object]:
    user: User | None = g.get("user")
    roles = accounts.roles(user) if user else frozenset()
    return {
        "user": user,
        "roles": {role.value for role in roles},
        "role_names": "、".join(role.label for role in Role if role in roles),
        "scope_line": SCOPE,
        "desk_roles": _DESK_ROLES,
        "doubter_roles": {role.value for role in DOUBTERS},
        "batch_roles": {role.value for role in BATCH_READERS},
        "bureau": office().settings.bureau,
    }
