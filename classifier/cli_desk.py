"""`mishen batch send | collect`: papers of a batch to the review desk as a frozen set, and labels of a sample back. Thin."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from classifier.holdings.handover import Handed
    from classifier.holdings.ledger import Ledger

_OUT = click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="输出目录")
_DATA = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("data"), show_default=True, help="审查台的数据目录。"
)
_WHICH = {"doubtful": "待人工审查", "changed": "结论有变化", "sample": "抽样核验"}


def _open(out: Path) -> Ledger:
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.order import LEDGER

    return Ledger.open(out / LEDGER)


def _row(handed: Handed) -> tuple[int, str, Any]:
    return handed.number, handed.sha256, handed.attribute


def _choose(ledger: Ledger, which: str, most: int) -> tuple[Handed, ...]:
    """The papers, after telling what is not among them."""
    from classifier.holdings import changes, handover, sampling
    from classifier.holdings.order import LEDGER

    if which == "sample":
        chosen, inside = handover.sampled(ledger, sampling.find_sample(ledger))
        if inside:
            click.echo(f"有 {inside} 件抽中的文件在压缩包或邮件里，不能送审查台，请在抽样清单（xlsx）上核验。", err=True)
        return chosen
    blocked = handover.count_blocked(ledger)
    if blocked:
        click.echo(f"有 {blocked} 个文件疑似涉密，按规定不送审查台，请由保密工作机构在原处处理。", err=True)
    if which == "changed":
        earlier = Path(str(changes.origin_of(ledger)["old"])) / LEDGER
        changes.attach(ledger, earlier)
        moved = dict.fromkeys(c.file for c in changes.find_changes(ledger) if c.kind is not changes.ChangeKind.FINDINGS)
        return handover.listed(ledger, moved, most)
    return handover.doubtful(ledger, most)


@click.command(help="把批次里的文件作为固定清单送到审查台（排在平时上传的文件之后）。可以中断后再运行，接着送。")
@_OUT
@click.option(
    "--which",
    type=click.Choice(list(_WHICH)),
    default="doubtful",
    show_default=True,
    help="送哪些文件：待人工审查、结论有变化、抽样核验。",
)
@click.option("--as", "login", required=True, help="以哪个科室经办账号送。")
@click.option("--most", type=click.IntRange(1, 100_000), default=500, show_default=True, help="最多送几件。")
@click.option("--name", help="清单在审查台上显示的名称；默认用输出目录名和日期。")
@_DATA
@click.pass_context
def send(context: click.Context, out: Path, which: str, login: str, most: int, name: str | None, data: Path) -> None:
    """Freeze a list on the desk and bring its files in."""
    ledger = _open(out)
    chosen = _choose(ledger, which, most)
    if not chosen:
        click.echo("没有要送的文件。")
        return
    paths = {handed.number: Path(os.fsdecode(handed.path)) for handed in chosen}
    shown = name or f"{out.resolve().name} {_WHICH[which]}（{dt.datetime.now().astimezone():%Y-%m-%d}）"
    receive = context.obj["receive_set"](data, login, shown[:80], which, [_row(h) for h in chosen], paths.get)
    with click.progressbar(length=len(chosen), label="送审查台", show_pos=True) as bar:
        for settled, _ in receive:
            bar.update(settled - bar.pos)
    click.echo(f"清单已送到审查台，共 {len(chosen)} 件。请登录审查台，在“档案批次”里查看。")


@click.command(help="取回审查台上的抽样核验结果，记入批次账本；之后用 mishen batch certify 出证明。")
@_OUT
@_DATA
@click.pass_context
def collect(context: click.Context, out: Path, data: Path) -> None:
    """Bring the labels of the last sample back from the desk."""
    from classifier.holdings import handover, sampling

    ledger = _open(out)
    sample = sampling.find_sample(ledger)
    chosen, _ = handover.sampled(ledger, sample)
    answers = context.obj["sample_labels"](data, [_row(h) for h in chosen])
    labels = [
        sampling.Label(a.number, sampling.Said(a.said), a.who, dt.datetime.fromisoformat(a.at).date(), a.note) for a in answers
    ]
    new = sampling.record_labels(ledger, sample, labels, dt.datetime.now().astimezone())
    click.echo(f"取回 {len(labels)} 件核验结果，其中新的 {new} 件；抽样共 {sample.size} 件。")
