"""`mishen models …`: what was learned, how well, and what can be promised of it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from classifier.core.errors import BadModel, ExitCode


@click.group(invoke_without_command=True, help="模型：列出、校验、出具保证书。不带子命令时列出全部模型。")
@click.pass_context
def models(context: click.Context) -> None:
    """List models when no command is named."""
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@models.command("list", help="列出模型：版本、训练语料、留出成绩、保证书、校验结果。")
def list_models() -> None:
    """List models and verify their checksums."""
    from classifier import certificate
    from classifier.core.settings import read_settings
    from classifier.learn import registry

    folder = read_settings().data_home / "models"
    for entry in registry.list_models(folder):
        registry.load(folder, entry.version)
        told = entry.manifest
        held = certificate.read(folder / registry.TASK / entry.version)
        promise = _one_line(held) if held else "没有保证书"
        own = told.get("trained_on", {}).get("decisions", 0)
        papers = f"{told.get('papers')} 件" + (f"，本单位的决定 {own} 件" if own else "")
        mark = "启用" if entry.active else "试用" if entry.on_trial else "备用"
        click.echo(
            f"{entry.version}\t{mark}\t训练文书 {papers}\t留出准确率 {told.get('held_out_accuracy')}\t校验和正确\t{promise}"
        )


_DATA = click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="审查台的数据目录。")


@models.command(help="比较启用的模型和候选模型：一看训练时留出的决定，二看试用以来签定的决定。不显示文件内容。")
@click.argument("version", required=False, metavar="[版本号]")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("data"), show_default=True, help="审查台的数据目录。"
)
@click.pass_obj
def compare(doors: dict[str, Callable[..., Any]] | None, version: str | None, data: Path) -> None:
    """Active against candidate."""
    assert doors is not None
    decisions = doors["decisions"](data)
    from rich.console import Console
    from rich.table import Table

    from classifier import comparison
    from classifier.core.settings import read_settings
    from classifier.learn.contest import verdict

    told = comparison.compare(read_settings(), decisions, version)
    table = Table(title=f"现用 {told.active} → 候选 {told.candidate}", title_justify="left", header_style="bold")
    for title in ("", "训练时留出的决定", "试用以来签定的决定", "合计"):
        table.add_column(title, overflow="fold")
    for row in comparison.rows(told):
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    click.echo(verdict(told.both))
    click.echo("办理人是看着现用模型的建议作决定的，所以这样比偏向现用模型。")


@models.command(help="启用一个候选模型。比较不利、或可比的决定太少时拒绝；管理员写明理由（--reason）的除外。")
@click.argument("version", metavar="版本号")
@click.option("--reason", default="", metavar="理由", help="不经比较或比较不利仍要启用的理由，记入审计日志。")
@_DATA
@click.pass_obj
def promote(doors: dict[str, Callable[..., Any]] | None, version: str, reason: str, data: Path | None) -> None:
    """Make a candidate the active model."""
    assert doors is not None
    decisions = doors["decisions"](data) if data is not None else None
    from classifier import comparison
    from classifier.core.settings import read_settings
    from classifier.learn import registry
    from classifier.learn.contest import against, verdict

    settings = read_settings()
    folder = settings.data_home / "models"
    registry.load(folder, version)
    comparison.candidate_of(folder, version)
    detail: dict[str, str | int] = {"reason": reason.strip()[:200]}
    if decisions is not None:
        both = comparison.compare(settings, decisions, version).both
        obstacle = against(both)
        detail |= {"papers": both.papers, "leaks": both.candidate.leaks, "agreed": both.candidate.agreed}
        click.echo(verdict(both))
    else:
        obstacle = "没有比较过：请用 --data 指明审查台的数据目录。"
    if obstacle is not None and len(reason.strip()) < _SHORTEST_REASON:
        raise BadModel(f"没有启用模型 {version}。{obstacle}仍要启用的，请用 --reason 写明理由。")
    _change(doors, data, "model_promoted", version, detail)
    click.echo(f"已启用模型 {version}。重新启动审查台后生效；要退回，运行 mishen models rollback。")


@models.command(help="退回上一个启用的模型。")
@click.option("--reason", default="", metavar="理由", help="记入审计日志。")
@_DATA
@click.pass_obj
def rollback(doors: dict[str, Callable[..., Any]] | None, reason: str, data: Path | None) -> None:
    """Go back to the model that was active before."""
    assert doors is not None
    from classifier.core.settings import read_settings
    from classifier.learn import registry

    version = registry.previous_version(read_settings().data_home / "models")
    if version is None:
        raise BadModel("没有可以退回的模型：还没有启用过别的模型。")
    _change(doors, data, "model_rolled_back", version, {"reason": reason.strip()[:200]})
    click.echo(f"已退回模型 {version}。重新启动审查台后生效。")


_SHORTEST_REASON = 4
"""As on the review page: a shorter reason says nothing."""


def _change(
    doors: dict[str, Callable[..., Any]], data: Path | None, action: str, version: str, detail: dict[str, str | int]
) -> None:
    """Switch the pointer; where a store is named, in one step with its audit chain."""
    import os
    import pwd

    from classifier.core.settings import read_settings
    from classifier.learn import registry

    folder = read_settings().data_home / "models"

    def switch() -> None:
        registry.activate(folder, version)

    if data is None:
        switch()
        click.echo("没有指明 --data，未记入审计日志。", err=True)
        return
    try:
        by = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # an account that only a container knows by number
        by = str(os.getuid())
    told = {**detail, "former": f"{registry.TASK}/{registry.active_version(folder)}", "by": by}
    doors["note_model"](data, action, f"{registry.TASK}/{version}", told, switch)


def _one_line(held: Any) -> str:  # noqa: ANN401 - a Certificate; its import is not paid for by --help
    from classifier import pipeline

    if held.promise.line is None:
        return f"保证书：不能承诺（还差 {held.promise.missing} 件不应公开的标注）"
    state = "有效" if held.provenance == pipeline.default_tools().provenance else "已失效（规则、模型或程序变了，请重新出具）"
    return f"保证书{state}：漏判上限 {held.promise.bound:.2%}（{held.made_at}）"


def certify_one(path: str) -> dict[str, Any]:
    """The work of one child: a labelled paper judged so that only the confidence decides between a click and a look."""
    from classifier import certificate, contract, pipeline

    tools = pipeline.default_tools()
    settings = replace(tools.settings, thresholds=certificate.open_lines(tools.settings.thresholds))
    return contract.to_json(pipeline.assess(path, tools=replace(tools, settings=settings)), with_text=False)


@models.command(
    help="用标注好的文书出具保证书：建议“主动公开”的文书里，不应公开的漏判率上限。\n\n标注表是 csv，首行 path,attribute,acceptable,dangerous；path 相对于标注表所在文件夹。这些文书不能是训练用过的。"
)
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="标注表")
@click.option("--risk", type=click.FloatRange(0.001, 0.5), default=0.01, show_default=True, help="允许的漏判率上限。")
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="置信水平。")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="同时处理的文件数。")
@click.option("--save", is_flag=True, help="把保证书存到启用的模型旁边，此后按其中的把握线给建议。")
def certify(table: Path, risk: float, level: float, jobs: int, save: bool) -> None:
    """Certify the active model on labelled papers."""
    from classifier import certificate, contract, pipeline
    from classifier.batch import run
    from classifier.core.settings import read_settings
    from classifier.learn import registry

    settings = read_settings()
    labels = certificate.read_labels(table)
    by_path = {str(table.parent / label.path): label for label in labels}
    trials, unread = [], 0
    for outcome in run(certify_one, list(by_path), jobs=jobs, seconds=settings.limits.seconds, warm=pipeline.warm):
        if outcome.value is None:
            unread += 1
            continue
        trials.append(certificate.to_trial(by_path[outcome.item], contract.from_json(outcome.value)))
    tools = pipeline.default_tools()
    made = certificate.certify(trials, tools.provenance, certificate.digest(table), dt.date.today().isoformat(), risk, level)
    _tell(made, unread)
    if save and made.promise.line is not None:
        models_folder = settings.data_home / "models"
        active = next(e.version for e in registry.list_models(models_folder) if e.active)
        certificate.write(models_folder / registry.TASK / active, made)
        click.echo("已存到启用的模型旁边。规则、模型或程序改变后，须重新出具。")
    sys.exit(ExitCode.OK if made.promise.line is not None else ExitCode.BAD_DATA)


def _tell(made: Any, unread: int) -> None:  # noqa: ANN401 - a Certificate; its import is not paid for by --help
    told = made.promise
    click.echo(
        f"标注文书 {told.papers} 件，其中不应公开的 {told.critical} 件"
        + (f"；读不了的 {unread} 件没有计入" if unread else "")
        + "。"
    )
    if told.line is None:
        click.echo(
            f"不能承诺漏判率不超过 {told.risk:.2%}：已有 {told.misses} 件被建议主动公开，目前上限是 {told.bound:.2%}。"
            f"如果不再出现漏判，还要再标注 {told.missing} 件不应公开的文书。"
        )
        return
    click.echo(
        f"以 {told.level:.0%} 的把握：不应公开的文书被建议主动公开的比例不超过 {told.bound:.2%}（允许 {told.risk:.2%}；实际 {told.misses} 件）。"
    )
    click.echo(f"把握线 {told.line}：主动公开的把握达到此线才建议一键确认；这批文书中有 {told.suggested} 件达到。")
