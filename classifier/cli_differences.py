"""`mishen batch again | changes | sign | rehearse | copies`: what differs between two runs, and between papers. Thin, as cli_batch."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.core.errors import BadLedger, ExitCode

if TYPE_CHECKING:
    from classifier.holdings.changes import Listed
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.seal import Seal

_SHOWN = 30
_STOPPED = 130
_OUT = click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="输出目录")
_JOBS = click.option("--jobs", type=click.IntRange(1, 256), default=None, help="同时用几个进程；默认等于处理器核数。")
_MINUTES = click.option(
    "--minutes",
    multiple=True,
    metavar="名称=分钟",
    help="看一件变动要几分钟，按现在的处理方式：suggest、review、manual、blocked；findings 指只有命中内容变了。可以写几次。",
)
_OLD = click.option(
    "--old", type=click.Path(exists=True, file_okay=False, path_type=Path), help="原来那次运行的输出目录，挪动过才需要写。"
)


def _key() -> Path:
    """The key file that is there; nothing here ever makes one."""
    from classifier.holdings.seal import find_key

    place = find_key(os.environ)
    if not place.is_file():
        raise BadLedger("找不到批次密钥文件。请恢复密钥文件的备份，或用环境变量 MISHEN_BATCH_KEY 指明。")
    return place


def _seal() -> Seal:
    from classifier.holdings.seal import Seal

    return Seal.load(_key())


@contextmanager
def _open(out: Path) -> Iterator[Ledger]:
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.order import LEDGER

    with closing(Ledger.open(out / LEDGER)) as ledger:
        yield ledger


def _cores(jobs: int | None) -> int:
    return jobs or len(os.sched_getaffinity(0))


def _minutes(told: tuple[str, ...]) -> dict[str, float]:
    from classifier.holdings.changes import MINUTES

    chosen = dict(MINUTES)
    for word in told:
        name, _, value = word.partition("=")
        try:
            minutes = float(value)
        except ValueError:
            minutes = -1.0
        if name not in chosen or not 0 <= minutes <= 10_000:
            raise click.UsageError(f"--minutes 应写作 名称=分钟，名称是 {'、'.join(chosen)} 之一，例如 --minutes review=5。")
        chosen[name] = minutes
    return chosen


@click.command(
    help="用现在的规则、法规、把握线和模型，把一次运行重新判断一遍，结果写到新的目录，原来的不动。\n\n"
    "只重算可能变的：其余的文件不受影响，或者只从加密缓存里取文字。再运行同一条命令从停下的地方继续。"
)
@_OUT
@click.option("--out", "new", required=True, type=click.Path(file_okay=False, path_type=Path), help="新的输出目录。")
@_JOBS
@click.option("--from-files", is_flag=True, help="不用缓存的文字，全部重新读文件（换了读文件的方式时用）。")
@_MINUTES
@click.option("--quiet", is_flag=True, help="不显示进度。")
def again(out: Path, new: Path, jobs: int | None, from_files: bool, minutes: tuple[str, ...], quiet: bool) -> None:
    """A difference run."""
    from classifier.holdings.differences import Again, run_again
    from classifier.holdings.planning import Work
    from classifier.holdings.progress import Show

    os.umask(0o077)  # paths and counts of the archive are nobody else's business
    chosen, key = _minutes(minutes), _key()
    with Show(quiet=quiet) as show:
        told = run_again(Again(out, new, key, _cores(jobs), from_files), _seal(), show)
    _tell_causes(told.causes, told.rules)
    click.echo("，".join(f"{work.label} {told.works.get(work.value, 0)} 个文件" for work in Work) + "。")
    if told.listed is None:
        click.echo("已停下，完成的都已写入账本。再运行同一条命令从这里继续。", err=True)
        sys.exit(_STOPPED)
    _tell_listed(told.listed, chosen)
    click.echo(f"看清单：mishen batch changes {new}；签认：mishen batch sign {new} --name 姓名 --duty 职务。")


def _tell_causes(causes: Sequence[str], rules: Sequence[str]) -> None:
    from classifier.holdings.recipes import CAUSES

    click.echo("不同之处：" + ("；".join(CAUSES[cause] for cause in causes) or "没有，规则、模型、法规和把握线都没变") + "。")
    if rules:
        click.echo(f"有变的规则 {len(rules)} 条：{'、'.join(rules[:_SHOWN])}{'……' if len(rules) > _SHOWN else ''}")


def _tell_listed(listed: Listed, minutes: dict[str, float]) -> None:
    from classifier.core.assessment import Route
    from classifier.holdings.changes import ChangeKind

    kinds = "，".join(f"{kind.label}变的 {listed.kinds.get(kind.value, 0)} 件" for kind in ChangeKind)
    click.echo(f"变动清单（编号 {listed.hash[:12]}）：{kinds}。")
    assumed = "、".join(f"{route.label} {minutes[route.value]:g} 分钟" for route in Route)
    click.echo(
        f"复看约需 {listed.hours(minutes):.1f} 小时（假定每件：{assumed}、只有命中内容变的 {minutes['findings']:g} 分钟；"
        "这是假定，不是测得的，可用 --minutes 改）。"
    )


@click.command(help="列出一次比对运行的变动：谁的结论变了、从什么变成什么、哪些规则和步骤不同；写成 changes.csv、changes.xlsx。")
@_OUT
@_OLD
@_MINUTES
@click.option("--limit", type=click.IntRange(0), default=_SHOWN, show_default=True, help="屏幕上列多少件；表里是全部。")
def changes(out: Path, old: Path | None, minutes: tuple[str, ...], limit: int) -> None:
    """The list of changes."""
    from classifier.holdings import tables
    from classifier.holdings.changes import attach, find_changes, list_changes, origin_of
    from classifier.holdings.order import LEDGER
    from classifier.holdings.signing import read_signatures

    chosen, seal = _minutes(minutes), _seal()
    listed = list_changes(out, old)
    with _open(out) as ledger:
        origin = origin_of(ledger)
        _tell_causes(origin["causes"], origin["rules"])
        attach(ledger, (old or Path(origin["old"])) / LEDGER)
        tables.write_changes(find_changes(ledger), out)
        for change in islice(find_changes(ledger), limit):
            click.echo(_change_line(tables.change_row(change)))
        signed = list(read_signatures(ledger, seal))
    if listed.verdicts + listed.kinds.get("findings", 0) > limit:
        click.echo("……")
    _tell_listed(listed, chosen)
    for entry in signed:
        holds = "有效" if entry.list == listed.hash else "签的是另一份清单，对现在的清单无效"
        click.echo(f"签认 {entry.number}：{entry.name}（{entry.duty}），{entry.signed}，清单 {entry.list[:12]}，{holds}。")
    if not signed:
        click.echo("还没有签认。")
    click.echo(f"全部写在 {out / 'changes.csv'} 和 {out / 'changes.xlsx'}。")


def _change_line(row: tuple[Any, ...]) -> str:
    file, part, kind, before, after, route, new_route, sure, rules, gone, come, _path = row
    number = f"{file}-{part}" if part else f"{file}"
    told = [f"{before} → {after}" if before != after else "", f"{route} → {new_route}" if route != new_route else ""]
    said = [f"把握 {sure}", f"规则 {rules}" if rules else "", f"不再说 {gone}" if gone else "", f"新说 {come}" if come else ""]
    return f"第 {number} 号\t{kind}\t" + "；".join(word for word in (*told, *said) if word)


@click.command(help="签认变动清单：记下姓名、职务、时间和清单的校验值。清单在查看之后有变动就不能签。")
@_OUT
@click.option("--name", required=True, help="签认人姓名。")
@click.option("--duty", required=True, help="签认人职务。")
@_OLD
@_MINUTES
def sign(out: Path, name: str, duty: str, old: Path | None, minutes: tuple[str, ...]) -> None:
    """Sign the list."""
    from classifier.holdings import signing
    from classifier.holdings.changes import look_at_changes

    chosen, seal = _minutes(minutes), _seal()
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    with _open(out) as ledger:
        listed = look_at_changes(ledger, out, old)
        papers = sum(listed.kinds.values())
        hours = listed.hours(chosen)
        entry = signing.sign(ledger, seal, name=name, duty=duty, now=now, list_=listed.hash, papers=papers, hours=hours)
    click.echo(f"已签认：{entry.name}（{entry.duty}），{entry.signed}，清单 {entry.list[:12]}，{entry.papers} 件。")


@click.command(help="演练：启用一条规则或装入一个规则包之前，看整批文件里哪些会变。只用缓存，不读文件，不改任何结果。")
@_OUT
@click.option("--rule", metavar="规则编号", help="演练一条规则：停用与启用相比。")
@click.option(
    "--pack", type=click.Path(path_type=str), metavar="目录", help="演练一个规则包：不装与装入（试用的规则也算启用）相比。"
)
@_JOBS
@click.option("--limit", type=click.IntRange(0), default=_SHOWN, show_default=True, help="屏幕上列多少件有变化的。")
def rehearse(out: Path, rule: str | None, pack: str | None, jobs: int | None, limit: int) -> None:
    """What a rule or a pack would change."""
    from classifier.console import change_line
    from classifier.holdings import rehearsing
    from classifier.rehearsal import Target

    if (rule is None) == (pack is None):
        raise click.UsageError("请用 --rule 或 --pack 指明演练什么（只选一个）。")
    target = Target(rule.partition("@")[0] if rule else None, pack)
    told = rehearsing.rehearse(out, _key(), target, _cores(jobs))
    rows = sorted(told.rows, key=lambda row: (row["source"], row["part"]))
    for row in rows[:limit]:
        click.echo(change_line(row))
    if len(rows) > limit:
        click.echo(f"……另有 {len(rows) - limit} 件")
    counts = {key: sum(row["before"][key] != row["after"][key] for row in rows) for key in ("findings", "attribute", "route")}
    click.echo(
        f"演练 {told.papers} 件：命中有变 {counts['findings']} 件，属性会变 {counts['attribute']} 件，处理方式会变 {counts['route']} 件。"
        f"（打开 {told.opened} 件，判断 {told.judged} 件，其余一定不含有关词语。）没有改动任何设置。"
    )
    if told.unkept or told.failed:
        click.echo(f"另有 {told.unkept + told.failed} 件没有缓存或缓存打不开，没有演练到。", err=True)
        sys.exit(ExitCode.UNREAD)


@click.command(
    help="查重和查矛盾：相同和相近的文件、草稿与定稿、转发与原件、同一文号不同属性；写成 contradictions.csv、contradictions.xlsx。"
)
@_OUT
@click.option("--no-words", is_flag=True, help="不看标题（标题里的“征求意见稿”等字样不用来认草稿），不需要密钥。")
def copies(out: Path, no_words: bool) -> None:
    """Copies and contradictions."""
    from classifier.holdings import tables
    from classifier.holdings.contradictions import find_contradictions
    from classifier.holdings.copies import LIKE, SAME, find_copies

    seal = None if no_words else _seal()
    with _open(out) as ledger:
        found = find_copies(ledger)
        equal = ledger.read(
            "SELECT COUNT(*), COALESCE(SUM(n), 0) FROM (SELECT COUNT(*) AS n FROM paper WHERE length(sha256) > 0 GROUP BY sha256 HAVING n > 1)"
        ).fetchone()
        click.echo(f"逐字节相同的 {equal[0]} 组，共 {equal[1]} 件。")
        for least, name in ((SAME, "内容相同（数字以外）"), (LIKE, "内容很像")):
            sizes = [len(heap.papers) for heap in found.heaps(least)]
            click.echo(f"{name}的 {len(sizes)} 组，共 {sum(sizes)} 件（相似度 {least:.0%} 以上，按抽样估计）。")
        counts = tables.write_contradictions(ledger, find_contradictions(ledger, seal, found), out)
    told = "，".join(f"{kind} {count}" for kind, count in counts.items())
    click.echo(
        f"矛盾 {sum(counts.values())} 组{f'：{told}' if told else ''}。写在 {out / 'contradictions.csv'} 和 {out / 'contradictions.xlsx'}。"
    )


COMMANDS = (again, changes, sign, rehearse, copies)
"""What `mishen batch` adds to its group."""
