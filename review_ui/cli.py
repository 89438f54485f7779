"""Commands: `serve` runs the office, `users` lists who is who, `verify-log` proves the audit chain."""

from __future__ import annotations

import datetime as dt
import logging
import multiprocessing as mp
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import waitress  # type: ignore[import-untyped]

from classifier.core.errors import BadSettings
from classifier.core.settings import read_settings
from classifier.knowledge import load_knowledge
from review_ui import cli_sets
from review_ui.app import create_app
from review_ui.flow.case import Role
from review_ui.store import accounts, audit, cases, files, frozen, jobs
from review_ui.store.engine import Database, open_database
from review_ui.store.frozen import Wanted
from review_ui.store.landing import SYSTEM
from review_ui.store.migrate import migrate
from review_ui.store.place import Place, prepare
from review_ui.web.office import WebSettings
from review_ui.worker.process import main as work
from review_ui.worker.process import now

if TYPE_CHECKING:
    from classifier.learn.signed import SignedDecision
    from classifier.learn.suspects import Suspect

OFFICERS = (
    ("sysadmin", "系统管理员", (Role.SYSTEM_ADMIN,)),
    ("secadmin", "安全保密管理员", (Role.SECURITY_ADMIN,)),
    ("auditor", "安全审计员", (Role.AUDIT_ADMIN,)),
)
"""三员: the accounts every installation starts with. No password: each gets a one-time code."""

DEMONSTRATION = (
    ("keshi", "科室经办", (Role.DRAFTER,)),
    ("bangongshi", "办公室", (Role.OFFICE_CLERK,)),
    ("baomi", "保密员", (Role.SECRECY_REVIEWER, Role.SECURITY_OFFICER)),
    ("fenguan", "分管领导", (Role.DEPUTY_LEADER,)),
    ("zhuyao", "主要领导", (Role.PRINCIPAL_LEADER,)),
    ("fabu", "发布员", (Role.PUBLISHER,)),
)
"""One account per desk, for showing and testing."""

_DEMO_KINDS = (".txt", ".docx", ".html", ".csv")


def open_store(data: Path) -> tuple[Place, Database]:
    """The store of a data folder, brought up to date."""
    place = prepare(data)
    database = open_database(place)
    migrate(place, database)
    return place, database


def first_start(place: Place, database: Database, moment: dt.datetime, demo: bool) -> list[tuple[str, str, str]]:
    """Make the first accounts if there are none; returns (login, name, one-time code) of each."""
    with database.writing() as session:
        if accounts.everyone(session):
            return []
        made = []
        for login, name, roles in (*OFFICERS, *(DEMONSTRATION if demo else ())):
            user = accounts.create(session, login, name, moment)
            accounts.grant(session, user, roles, moment)
            made.append((login, name, accounts.issue_code(session, user, moment)))
            detail: dict[str, str | int] = {"login": login, "roles": " ".join(r.value for r in roles)}
            audit.append(session, moment, SYSTEM, "setup", user.id, detail)
        session.commit()
    if demo:
        queue_demo(place, database, read_settings().data_home / "corpus" / "demo", moment)
    return made


def queue_demo(place: Place, database: Database, folder: Path, moment: dt.datetime) -> int:
    """Queue the demonstration papers as uploads of the section clerk."""
    papers = sorted(p for p in folder.glob("*") if p.suffix in _DEMO_KINDS) if folder.is_dir() else []
    for paper in papers:
        with paper.open("rb") as data:
            token = files.receive(place, data, files.clean_name(paper.name))
        with database.writing() as session:
            user = accounts.by_login(session, DEMONSTRATION[0][0])
            assert user is not None
            row = cases.create(session, user, moment)
            jobs.enqueue(session, row.no, "assess", moment, incoming=token)
            session.commit()
    return len(papers)


def _start_worker(data: Path) -> SpawnProcess:
    process = mp.get_context("spawn").Process(target=work, args=(str(data),), name="mishen-worker")
    process.start()
    return process


def _keep_working(data: Path, stop: threading.Event) -> None:
    """Keep one worker alive; one that keeps dying is restarted ever more slowly."""
    process, pause = _start_worker(data), 1.0
    while not stop.wait(0.5):
        if process.is_alive():
            continue
        click.echo("处理进程意外退出，正在重新启动……", err=True)
        time.sleep(pause)
        process, pause = _start_worker(data), min(pause * 2, 60.0)
    process.terminate()
    process.join(10)
    if process.is_alive():
        process.kill()


def serve(host: str, port: int, data_dir: Path, open_demo: bool, https: bool = False) -> None:
    """Run the web application and the worker until interrupted."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    require_free(host, port)
    click.echo("正在准备数据目录和数据库……")
    place, database = open_store(data_dir)
    # waitress and werkzeug spool large requests through tempfile: to memory with them, not to a disk.
    tempfile.tempdir = os.environ["TMPDIR"] = str(place.spool)
    show_codes(first_start(place, database, now(), open_demo))
    use_packs(place.data)
    ours = read_settings()
    app = create_app(WebSettings(data=place.data, law=ours.data_home / "corpus" / "law", packs=ours.packs, https=https))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, _leave)
    keeper = threading.Thread(target=_keep_working, args=(place.data, stop), daemon=True)
    keeper.start()
    click.echo(f"已启动：请用浏览器打开 http://{host}:{port}  （按 Ctrl+C 停止）")
    try:
        proxy = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-for"}} if https else {}
        waitress.serve(app, host=host, port=port, threads=8, ident=None, max_request_body_size=210 * 1024 * 1024, **proxy)
    finally:
        stop.set()
        keeper.join(15)
        click.echo("已停止。")


def use_packs(data: Path) -> None:
    """The bureau's packs in rules/ of the data folder, unless MISHEN_RULES names another place; what is left out is told.

    The worker and its children find the place in their environment.
    """
    own = data / "rules"
    if own.is_dir():
        os.environ.setdefault("MISHEN_RULES", str(own.resolve()))
    ours = read_settings()
    for refusal in load_knowledge(ours.data_home / "corpus", ours.packs).book.refused:
        click.echo(f"注意：{refusal.message}本系统自带的规则照常使用。", err=True)


def require_free(host: str, port: int) -> None:
    """Refuse before anything is set up: the one-time codes are printed once and must not scroll away over an error.

    Raises:
        BadSettings: the address is taken or not ours.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = (
                f"不能在 {host}:{port} 上启动：端口被占用，或者地址不属于本机。请用 --port 换一个端口，例如 --port {port + 1}。"
            )
            raise BadSettings(message) from error


def _leave(_number: int, _frame: object) -> NoReturn:
    """SIGTERM ends like Ctrl+C: the worker is told, the queue keeps what is open."""
    raise SystemExit(0)


def show_codes(made: list[tuple[str, str, str]]) -> None:
    """Print the one-time codes; they are shown here once and nowhere else."""
    if not made:
        return
    click.echo("首次启动。以下激活码只显示这一次，24 小时内有效，请分别当面交给本人，在“设置口令”页使用：")
    for login, name, code in made:
        click.echo(f"  {login:<12}{code}  {name}")
    click.echo("本系统按非涉密系统设计，不得存储、处理国家秘密。")


def users(data_dir: Path) -> None:
    """List accounts, roles and state."""
    _, database = open_store(data_dir)
    with database.reading() as session:
        for user in accounts.everyone(session):
            roles = "、".join(role.label for role in Role if role in accounts.roles(user)) or "无角色"
            state = "已停用" if not user.active else "正常" if user.password else "待激活"
            click.echo(f"{user.login:<14}{user.name}　{roles}　{state}")


def stored_papers(data_dir: Path) -> Iterator[tuple[str, str, list[tuple[int, int, str]]]]:
    """Case number, text and places (start, end, where) of every paper in the store, for trying out rules.

    Raises:
        BadSettings: there is no such data folder.
    """
    with _existing(data_dir).reading() as session:
        for number in cases.numbers_with_text(session):
            places = cases.assessment(session, number).get("places", [])
            yield number, cases.text(session, number), [(start, end, where) for start, end, where in places]


def _existing_office(data_dir: Path) -> tuple[Place, Database]:
    if not (data_dir / "mishen.sqlite3").is_file():
        raise BadSettings("找不到审查台的数据目录。请用 --data 指明。")
    return open_store(data_dir)


def _existing(data_dir: Path) -> Database:
    return _existing_office(data_dir)[1]


def signed_decisions(data_dir: Path) -> list[SignedDecision]:
    """Every finished case as a signed decision, for training and comparison.

    Raises:
        BadSettings: there is no such data folder.
    """
    from review_ui.store import lessons  # with numpy behind it, which no page needs

    with _existing(data_dir).reading() as session:
        return list(lessons.signed_decisions(session))


def keep_suspects(data_dir: Path, suspects: list[tuple[str, Suspect]], model: str, detail: Mapping[str, str | int]) -> None:
    """Lay the suspects of a training out for the page 决定复看, and note the training in the audit chain."""
    from review_ui.store import lessons

    with _existing(data_dir).writing() as session:
        lessons.keep_suspects(session, suspects, now())
        audit.append(session, now(), SYSTEM, "model_trained", model, detail)
        session.commit()


def note_model(data_dir: Path, action: str, model: str, detail: Mapping[str, str | int], change: Callable[[], None]) -> None:
    """Note in the audit chain that the active model changes, and change it; a change that fails leaves no note."""
    with _existing(data_dir).writing() as session:
        audit.append(session, now(), SYSTEM, action, model, detail)
        change()
        session.commit()


def receive_set(
    data_dir: Path, login: str, name: str, purpose: str, rows: Sequence[cli_sets.Row], open_file: Callable[[int], Path | None]
) -> Iterator[tuple[int, int]]:
    """Freeze a list of a batch and bring its files in: `cli_sets.receive`, with the fields of `cli_sets.Listed`."""
    listed = cli_sets.Listed(login, name, purpose, tuple(Wanted(*row) for row in rows))
    yield from cli_sets.receive(*_existing_office(data_dir), listed, open_file, now)


def sent_papers(data_dir: Path, purpose: str) -> tuple[set[str], int]:
    """What was sent before for a purpose: `frozen.sent`."""
    with _existing(data_dir).reading() as session:
        return frozen.sent(session, purpose)


def sample_labels(data_dir: Path, rows: Sequence[cli_sets.Row]) -> list[cli_sets.Answer]:
    """The labels of a sample: `cli_sets.sample_labels`."""
    return cli_sets.sample_labels(_existing(data_dir), [Wanted(*row) for row in rows])


def verify_log(data_dir: Path, known: str | None) -> bool:
    """Verify the audit chain; `known` is `number:hash` noted earlier. Says whether it holds."""
    _, database = open_store(data_dir)
    noted = _noted(known) if known else None
    with database.reading() as session:
        verdict = audit.verify(session, noted)
    if verdict.broken_at is None:
        click.echo(f"审计日志完好：共 {verdict.count} 条。请抄录末条：{verdict.count}:{verdict.head[:16]}")
    elif verdict.broken_at == 0:
        click.echo("办理意见与审计日志不符：有意见被改动、删除或插入。", err=True)
    else:
        click.echo(f"审计日志在第 {verdict.broken_at} 条被改动、删除或截断。", err=True)
    return verdict.broken_at is None


def _noted(known: str) -> tuple[int, str]:
    """`76:56b01fce1cd56647`, as copied from an earlier run."""
    number, _, value = known.partition(":")
    if not number.isdigit() or len(value) < 8:
        raise click.BadParameter("应为“编号:校验值”，例如 76:56b01fce1cd56647。")
    return int(number), value
