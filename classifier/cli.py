"""`mishen`: assess files, serve the review desk, show rules and models. Thin: parse arguments, call, print, exit code."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from classifier import console, phrasing
from classifier.cli_batch import batch
from classifier.cli_models import models
from classifier.cli_rules import rules, tell_refused
from classifier.cli_train import train
from classifier.core.errors import ClassifierError, ExitCode

if TYPE_CHECKING:
    from rich.progress import Progress

phrasing.speak()  # before the first help text is made


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="密审：判断公文的公开属性，指出敏感内容。全部在本机完成，不联网。",
)
@click.version_option(package_name="mishen", message="mishen %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """The command group; what the sub-commands need from here they find in the context."""
    context.obj = {
        "walk": _walk,
        "stored": lambda data: _desk().stored_papers(data),
        "decisions": lambda data: _desk().signed_decisions(data),
        "keep_suspects": lambda *told: _desk().keep_suspects(*told),
        "note_model": lambda *told: _desk().note_model(*told),
        "receive_set": lambda *told: _desk().receive_set(*told),
        "sent_papers": lambda *told: _desk().sent_papers(*told),
        "sample_labels": lambda *told: _desk().sample_labels(*told),
    }


def _desk() -> ModuleType:
    """The one door from the command line to the desk."""
    from review_ui import cli as desk

    return desk


def _walk(paths: tuple[str, ...]) -> Iterator[str]:
    """Files in a stable order; folders are walked, hidden files and links to folders are not."""
    for given in paths:
        path = Path(given)
        if not path.is_dir():
            yield given
            continue
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden:
                yield str(found)


cli.add_command(batch)
cli.add_command(rules)
cli.add_command(models)
cli.add_command(train)


def assess_one(item: tuple[str, bool]) -> list[dict[str, Any]]:
    """The work of one child process: (path, with_text) in, contract objects of the file and of every file inside it out."""
    from classifier import contract, pipeline

    law, today = pipeline.default_tools().law, dt.datetime.now().astimezone().date()
    return [contract.to_json(a, with_text=item[1], law=law, today=today) for a in pipeline.assess_family(item[0])]


def _accept(item: tuple[str, bool], told: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever a child sent
    """The contract objects of this very file, or ValueError and the like: a child may be taken over by what it reads."""
    from classifier import contract
    from classifier.core.problems import describe

    if not isinstance(told, list) or not told or any(entry["source"] != item[0] for entry in told):
        raise ValueError("not an answer to what was asked")
    for entry in told:
        assessment = contract.from_json(entry)
        for problem in assessment.problems:
            describe(problem.code)
        words = [assessment.format, assessment.member or "", *(r.text for r in assessment.reasons), *entry["citations"].values()]
        if not all(isinstance(word, str) for word in words) or not 0.0 <= assessment.confidence <= 1.0:
            raise ValueError("not a contract object")
        if entry["route"] == "blocked" and not assessment.reasons:
            raise ValueError("a stop without a reason")
    return told


def _results(files: list[str], with_text: bool, jobs: int) -> Iterator[list[dict[str, Any]]]:
    """Contract objects of all files; a child that dies or hangs costs that one file. One small file stays in this process."""
    from classifier import contract, pipeline
    from classifier.batch import run
    from classifier.core.settings import read_settings

    seconds = read_settings().limits.seconds
    items = [(f, with_text) for f in files]
    for outcome in run(assess_one, items, jobs=jobs, ahead=1, seconds=seconds, accept=_accept, warm=pipeline.warm):
        if outcome.value is not None:
            yield outcome.value
        else:
            unread = pipeline.assess_unread(outcome.item[0], outcome.error or "internal")
            law, today = pipeline.default_tools().law, dt.datetime.now().astimezone().date()
            yield [contract.to_json(unread, with_text=with_text, law=law, today=today)]


def _tell_packs() -> None:
    """A pack that was left out is told each time: its rules are missing from every verdict."""
    from classifier.core.settings import read_settings
    from classifier.knowledge import load_knowledge

    settings = read_settings()
    if settings.packs is not None:
        tell_refused(load_knowledge(settings.data_home / "corpus", settings.packs))


def _progress(shown: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("审查"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not shown, transient=True)


def _exit_code(results: list[dict[str, Any]]) -> ExitCode:
    from classifier.core.problems import BESIDE_THE_TEXT

    if any(r["route"] == "blocked" for r in results):
        return ExitCode.BLOCKED
    unread = any(p["code"] not in BESIDE_THE_TEXT for r in results for p in r["problems"])
    return ExitCode.UNREAD if unread else ExitCode.OK


@cli.command(
    help="判断文件或文件夹。\n\n退出码：0 全部读完；3 有文件没有读全；4 发现国家秘密标志；5 规则或模型数据有误；2 用法有误。"
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=str), metavar="文件或文件夹...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl"]),
    default=None,
    help="table 给人看，jsonl 每行一个文件给程序用；默认看输出是否终端。",
)
@click.option("--no-text", is_flag=True, help="结果里不带文件的任何文字（只有位置、规则和条文）。")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="同时处理的文件数。")
def assess(paths: tuple[str, ...], form: str | None, no_text: bool, jobs: int) -> None:
    """Assess files and folders."""
    form = form or ("table" if sys.stdout.isatty() else "jsonl")
    files = list(_walk(paths))
    _tell_packs()
    results: list[dict[str, Any]] = []
    with _progress(shown=sys.stderr.isatty() and len(files) > 1) as progress:
        task = progress.add_task("", total=len(files))
        for family in _results(files, not no_text, jobs):
            for result in family:
                if form == "jsonl":
                    sys.stdout.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
                    results.append({"route": result["route"], "problems": result["problems"]})
                else:
                    results.append(result)
            sys.stdout.flush()
            progress.advance(task)
    if form == "table":
        if results:
            console.print_table(results)
        else:
            click.echo("文件夹里没有文件。")
    sys.exit(_exit_code(results))


def read_one(path: str) -> list[dict[str, Any]] | None:
    """The work of one child process: everything read of a file, or None when it carries a state-secret marking."""
    from classifier import contract, pipeline

    documents = pipeline.read_family(path)
    return None if documents is None else [contract.to_reading(d, path) for d in documents]


@cli.command(help="显示一个文件里读到的每段文字、它在哪里，以及阅读回执（读了什么、没读什么）。")
@click.argument("path", type=click.Path(path_type=str), metavar="文件")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="text 给人看，json 每行一个文件给程序用。"
)
def read(path: str, form: str) -> None:
    """Show what was read."""
    from classifier import pipeline
    from classifier.batch import run
    from classifier.core.problems import describe
    from classifier.core.settings import read_settings

    [outcome] = run(read_one, [path], seconds=read_settings().limits.seconds, warm=pipeline.warm)
    if outcome.error:
        click.echo(describe(outcome.error), err=True)
        sys.exit(ExitCode.UNREAD)
    if outcome.value is None:
        click.echo("发现国家秘密标志，不显示内容。请停止处理和传递，并报告本单位保密工作机构。", err=True)
        sys.exit(ExitCode.BLOCKED)
    for reading in outcome.value:
        if form == "json":
            click.echo(json.dumps(reading, ensure_ascii=False).encode("utf-8", "replace").decode())
        else:
            console.print_reading(reading)
    sys.exit(ExitCode.UNREAD if any(r["problems"] for r in outcome.value) else ExitCode.OK)


_DATA = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("data"), show_default=True, help="数据目录。"
)


@cli.command(help="启动审查台（浏览器使用）。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址；默认只有本机能访问。")
@click.option("--port", default=8700, show_default=True, type=click.IntRange(1, 65535), help="端口。")
@click.option("--demo", is_flag=True, help="首次启动时另建各岗位的示范账号，并装入示范文书。")
@click.option("--https", is_flag=True, help="前面有 TLS 反向代理时打开：登录凭据只经加密连接发送。")
@_DATA
def serve(host: str, port: int, demo: bool, https: bool, data: Path) -> None:
    """Start the review desk."""
    _desk().serve(host=host, port=port, data_dir=data, open_demo=demo, https=https)


@cli.command(help="列出审查台的账号、角色和状态。")
@_DATA
def users(data: Path) -> None:
    """Who is who."""
    _desk().users(data)


@cli.command("verify-log", help="验证审查台的操作留痕没有被改动、删除或截断。")
@click.option("--known", help="以前抄录的“编号:校验值”，用来发现截断。")
@_DATA
def verify_log(known: str | None, data: Path) -> None:
    """Prove the audit chain."""
    if not _desk().verify_log(data, known):
        sys.exit(ExitCode.BAD_DATA)


def main() -> None:
    """Entry point: errors become one Chinese line and their exit code."""
    try:
        cli(prog_name="mishen", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("已中止。", err=True)
        sys.exit(130)
    except click.ClickException as error:
        click.echo(phrasing.tell(error), err=True)
        sys.exit(ExitCode.USAGE)
    except ClassifierError as error:
        click.echo(f"错误：{error.message}", err=True)
        sys.exit(error.exit_code)


phrasing.label(cli)

if __name__ == "__main__":
    main()
