"""`mishen batch …`: a whole archive through the classifier. Thin: parse arguments, call, print, exit code."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from classifier import cli_desk, cli_differences, cli_holdings
from classifier.core.errors import BadSettings, ExitCode

if TYPE_CHECKING:
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.order import Ending, Order
    from classifier.holdings.progress import Tally

_STOPPED = 130
"""Exit code of a run that was stopped before its end, as the shell has it for Ctrl-C."""
_EMPTY = "没有找到文件，请检查路径。"
_NO_RESULTS = click.option(
    "--no-results", is_flag=True, help="不写 results.jsonl（每件 4～12 KB）；以后可用 mishen batch export。"
)
_OUT = click.argument("out", type=click.Path(file_okay=False, path_type=Path), metavar="输出目录")


@click.group(
    help="批次：整批文件归档定密、开放审核、规则变更后的重审。断电、被杀后再运行同一条命令即可继续。",
    short_help="整批文件：运行、报告、抽样、证书、比对。",
)
def batch() -> None:
    """The command group."""


for _command in (
    cli_holdings.report,
    cli_holdings.sample,
    cli_holdings.label,
    cli_holdings.certify,
    cli_holdings.locate,
    cli_desk.send,
    cli_desk.collect,
    cli_differences.again,
    cli_differences.changes,
    cli_differences.sign,
    cli_differences.rehearse,
    cli_differences.copies,
):
    batch.add_command(_command)


@batch.command(
    short_help="处理文件夹或清单里的全部文件。",
    help="处理文件夹，或清单（每行一个路径的文本文件，- 为标准输入）里的全部文件。\n\n"
    "清单里的相对路径从当前目录算起。再运行同一条命令从停下的地方继续：大小和修改时间没变、规则和模型没变的文件不再读。\n\n"
    "退出码：0 全部读完；3 有文件没有读全或处理失败，或者一个文件也没有找到；4 发现国家秘密标志；5 数据或账本有误；2 用法有误；130 中途停下。",
)
@click.argument("sources", nargs=-1, required=True, type=click.Path(allow_dash=True, path_type=str), metavar="文件夹或清单...")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="输出目录",
    help="账本、文本缓存、结果和报告放在这里。",
)
@click.option("--jobs", type=click.IntRange(1, 256), default=None, help="同时处理的文件数；默认等于处理器核数。")
@click.option("--cluster", metavar="地址", help="交给 Dask 集群（调度器地址，例如 tcp://10.0.0.5:8786）；见 docs/batch.md。")
@click.option("--verify", is_flag=True, help="已完成的文件重新核对内容校验值，内容变了的再处理。")
@click.option("--failed-again", is_flag=True, help="以前失败的文件再试一次。")
@_NO_RESULTS
@click.option("--quiet", is_flag=True, help="不显示进度。")
def run(
    sources: tuple[str, ...],
    out: Path,
    jobs: int | None,
    cluster: str | None,
    verify: bool,
    failed_again: bool,
    no_results: bool,
    quiet: bool,
) -> None:
    """Run a batch, or go on with one."""
    from classifier.holdings.order import Order

    chosen = tuple(source if source == "-" else os.path.abspath(source) for source in sources)  # noqa: PTH100 - links stay as they are
    order = Order(chosen, out, jobs or _cores(), verify, failed_again, results=not no_results, cluster=cluster)
    sys.exit(_run(order, quiet=quiet))


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _run(order: Order, *, quiet: bool) -> int:
    from classifier.holdings.progress import Show
    from classifier.holdings.run import run_batch
    from classifier.holdings.seal import Seal, find_key

    os.umask(0o077)  # paths and counts of the archive are nobody else's business
    _tell_packs()
    with Show(quiet=quiet) as show:
        ending, tally = run_batch(order, Seal.load(find_key(os.environ)), show)
    return _tell_end(ending, tally, order, quiet=quiet)


def _tell_packs() -> None:
    """A pack that was left out is told each time: its rules are missing from every verdict."""
    from classifier.pipeline import default_tools

    for refusal in default_tools().book.refused:
        click.echo(f"注意：{refusal.message}本系统自带的规则照常使用。", err=True)


def _tell_end(ending: Ending, tally: Tally, order: Order, *, quiet: bool) -> int:
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.order import LEDGER, RESULTS, Ending
    from classifier.holdings.progress import sentence

    if not quiet:
        click.echo(sentence(tally), err=True)
    if tally.batches:
        click.echo(f"跳过了 {tally.batches} 个文件夹：里面是其他批次的输出，不是档案。", err=True)
    if ending is not Ending.DONE:
        click.echo("已停下，完成的都已写入账本。再运行同一条命令（或 mishen batch resume）从这里继续。", err=True)
        return _STOPPED
    if not tally.passed:  # a wrong path or a share that is not mounted must not look like a batch that went well
        click.echo(_EMPTY, err=True)
        return ExitCode.UNREAD
    results = f"结果：{order.out / RESULTS}；" if order.results else ""
    click.echo(f"已完成。{results}账本：{order.out / LEDGER}。建议只供参考，决定由人作出。", err=True)
    click.echo(f"下一步，出报告：mishen batch report {order.out}", err=True)
    with Ledger.of(order.out) as ledger:
        return _exit_code(ledger)


def _exit_code(ledger: Ledger) -> ExitCode:
    """As `mishen assess`: blocked papers before unread ones."""
    from classifier.core.problems import BESIDE_THE_TEXT

    if ledger.read("SELECT 1 FROM paper WHERE route = 'blocked' LIMIT 1").fetchone():
        return ExitCode.BLOCKED
    kinds = ledger.read("SELECT DISTINCT route, attribute, problems FROM paper WHERE problems != ''")
    unread = any(code not in BESIDE_THE_TEXT for _, _, problems in kinds for code in problems.split())
    return ExitCode.UNREAD if unread else ExitCode.OK


@batch.command(short_help="查看进行到哪里。", help="查看一个批次进行到哪里（可以在另一个终端里看）。")
@_OUT
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，给程序用。")
def status(out: Path, as_json: bool) -> None:
    """Tell how far a batch is."""
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.standing import look_at, standing_lines

    with Ledger.of(out) as ledger:
        told = look_at(ledger, out)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(standing_lines(told)))


@batch.command(short_help="暂停正在运行的批次。", help="暂停一个正在运行的批次：手上的文件做完、写入账本后等待。")
@_OUT
def pause(out: Path) -> None:
    """Let a run rest."""
    from classifier.holdings.control import Wish, tell

    if not tell(out, Wish.PAUSE):
        raise BadSettings("这个输出目录没有正在运行的批次。")
    click.echo("已通知暂停。继续：mishen batch resume。")


@batch.command(short_help="继续暂停或停下的批次。", help="继续：唤醒暂停的批次；如果它已经停下或意外中断，从停下的地方重新开始。")
@_OUT
@click.option("--jobs", type=click.IntRange(1, 256), default=None, help="同时处理的文件数；默认与上次相同。")
@_NO_RESULTS
@click.option("--quiet", is_flag=True, help="不显示进度。")
def resume(out: Path, jobs: int | None, no_results: bool, quiet: bool) -> None:
    """Go on."""
    from classifier.holdings.control import Wish, tell
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.order import Order

    if tell(out, Wish.GO):
        click.echo("已通知继续。")
        return
    from classifier.holdings.changes import refuse_to_resume

    with Ledger.of(out) as ledger:
        last = ledger.read("SELECT sources, jobs FROM run ORDER BY id DESC LIMIT 1").fetchone()
        sources = tuple(json.loads(last[0])) if last else ()
        refuse_to_resume(ledger, sources, out)
    if not sources or "-" in sources:
        raise BadSettings("不知道上次处理的是哪些文件（清单来自标准输入）。请再运行一次 mishen batch run。")
    sys.exit(_run(Order(sources, out, jobs or int(last[1]), results=not no_results), quiet=quiet))


@batch.command(
    short_help="取消正在运行的批次，已完成的不丢。",
    help="取消一个正在运行或暂停的批次：手上的文件做完、写入账本后结束。已完成的不丢。",
)
@_OUT
def cancel(out: Path) -> None:
    """End a run before its end."""
    from classifier.holdings.control import Wish, tell

    if not tell(out, Wish.CANCEL):
        raise BadSettings("这个输出目录没有正在运行的批次。")
    click.echo("已通知取消。")


@batch.command(
    short_help="把结论写成 JSON 文件，给其他程序用。",
    help="把账本里的结论写成 results.jsonl：每行一件，契约格式，不带文件里的文字，但带路径（包括停止处理的文件）。\n\n"
    "每件 4～12 KB；文件名以 .gz 结尾时压缩（约为十分之一）。",
)
@_OUT
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="文件",
    default=None,
    help="写到哪个文件；默认是输出目录里的 results.jsonl。",
)
def export(out: Path, to: Path | None) -> None:
    """Write the results."""
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.order import RESULTS
    from classifier.holdings.results import write_results

    place = to or out / RESULTS
    with Ledger.of(out) as ledger:
        count = write_results(ledger, place)
    click.echo(f"已写 {count} 行：{place}")
