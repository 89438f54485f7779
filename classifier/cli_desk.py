"""`mishen batch send | collect`: papers of a batch to the review desk as a frozen set, and labels of a sample back. Thin."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Set

    from classifier.holdings.handover import Handed, Pick
    from classifier.holdings.ledger import Ledger

_OUT = click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="输出目录")
_DATA = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("data"), show_default=True, help="审查台的数据目录。"
)
_WHICH = {"doubtful": "待人工审查", "changed": "结论有变化", "sample": "抽样核验"}


def _row(handed: Handed) -> tuple[int, str, Any]:
    return handed.number, handed.sha256, handed.attribute


def _choose(ledger: Ledger, which: str, most: int, skip: Set[str]) -> Pick:
    """The papers, after telling what is not among them."""
    from classifier.holdings import changes, handover, sampling
    from classifier.holdings.order import LEDGER

    if which == "sample":
        chosen, inside = handover.sampled(ledger, sampling.find_sample(ledger))
        if inside:
            click.echo(f"有 {inside} 件抽中的文件在压缩包或邮件里，不能送审查台，请在抽样清单（xlsx）上核验。", err=True)
        return handover.Pick(chosen, 0)
    blocked = handover.count_blocked(ledger)
    if blocked:
        click.echo(f"有 {blocked} 个文件疑似涉密，按规定不送审查台，请由保密工作机构在原处处理。", err=True)
    if which == "changed":
        changes.attach(ledger, Path(str(changes.origin_of(ledger)["old"])) / LEDGER)
        moved = dict.fromkeys(c.file for c in changes.find_changes(ledger) if c.kind is not changes.ChangeKind.FINDINGS)
        return handover.listed(ledger, moved, most, skip)
    return handover.doubtful(ledger, most, skip)


@click.command(help="把批次里的文件作为固定清单送到审查台。")
@_OUT
@click.option(
    "--which",
    type=click.Choice(list(_WHICH)),
    default="doubtful",
    show_default=True,
    help="doubtful 待人工审查的，changed 比对后结论有变化的，sample 抽样核验的。",
)
@click.option("--as", "login", required=True, help="以哪个科室经办账号送。")
@click.option("--most", type=click.IntRange(1, 100_000), default=500, show_default=True, help="最多送几件；送过的不再送。")
@click.option("--name", help="清单在审查台上显示的名称；默认用输出目录名、批号和日期。")
@_DATA
@click.pass_context
def send(context: click.Context, out: Path, which: str, login: str, most: int, name: str | None, data: Path) -> None:
    """Freeze a list on the desk and bring its files in. May be broken off and started again: it goes on."""
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.moments import BEIJING

    skip, batches = context.obj["sent_papers"](data, which)
    with Ledger.of(out) as ledger:
        chosen = _choose(ledger, which, most, frozenset() if which == "sample" else skip)
    if not chosen.handed:
        click.echo("没有要送的文件" + ("：都送过了。" if skip else "。"))
        return
    paths = {handed.number: Path(os.fsdecode(handed.path)) for handed in chosen.handed}
    day = dt.datetime.now(BEIJING)
    shown = name or f"{out.resolve().name} {_WHICH[which]} 第{batches + 1}批（{day:%Y-%m-%d}）"
    receive = context.obj["receive_set"](data, login, shown[:80], which, [_row(h) for h in chosen.handed], paths.get)
    with click.progressbar(length=len(chosen.handed), label="送审查台", show_pos=True) as bar:
        for settled, _ in receive:
            bar.update(settled - bar.pos)
    who = "由办公室、保密审查或领导账号逐件核验（送件人不能核验）" if which == "sample" else "由送件人逐件提交"
    rest = f"还有 {chosen.left} 件没有送，再运行一次接着送。" if chosen.left else ""
    click.echo(f"本次送 {len(chosen.handed)} 件。{rest}请登录审查台，在“档案批次”里{who}。")


@click.command(help="取回审查台上的抽样核验结果，记入批次账本；之后用 mishen batch certify 出证明。")
@_OUT
@_DATA
@click.pass_context
def collect(context: click.Context, out: Path, data: Path) -> None:
    """Bring the labels of the last sample back from the desk."""
    from classifier.holdings import handover, judgements, sampling
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.moments import BEIJING

    with Ledger.of(out) as ledger:
        sample = sampling.find_sample(ledger)
        chosen, _ = handover.sampled(ledger, sample)
        answers = context.obj["sample_labels"](data, [_row(h) for h in chosen])
        taken = judgements.take_from_desk(ledger, sample, answers, dt.datetime.now(BEIJING))
        click.echo(f"取回 {len(answers)} 件核验结果，其中新的 {taken.new} 件；抽样共 {sample.size} 件。")
        for conflict in taken.conflicts:
            click.echo(conflict, err=True)
