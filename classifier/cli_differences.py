"""`mishen batch again | changes | sign | rehearse | copies`: what differs between two runs, and between papers. Thin, as cli_batch."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from classifier.core.errors import BadLedger, ExitCode

if TYPE_CHECKING:
    from classifier.holdings.changes import Listed
    from classifier.holdings.reasons import RuleNames
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
    short_help="规则变了，把一次运行重新判断一遍。",
    help="用现在的规则、法规、把握线和模型，把一次运行重新判断一遍，结果写到新的目录，原来的不动。\n\n"
    "只重算可能变的：其余的文件不受影响，或者只从加密缓存里取文字。再运行同一条命令从停下的地方继续（不要用 resume）。\n\n"
    "退出码：0 完成；2 用法有误；5 数据或账本有误；130 中途停下。",
)
@_OUT
@click.option(
    "--out", "new", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="新目录", help="新的输出目录。"
)
@_JOBS
@click.option("--from-files", is_flag=True, help="不用缓存的文字，全部重新读文件（换了读文件的方式时用）。")
@_MINUTES
@click.option("--quiet", is_flag=True, help="不显示进度。")
def again(out: Path, new: Path, jobs: int | None, from_files: bool, minutes: tuple[str, ...], quiet: bool) -> None:
    """A difference run."""
    from classifier.holdings.differences import Again, run_again
    from classifier.holdings.planning import Work
    from classifier.holdings.progress import Show
    from classifier.holdings.reasons import tell_rule

    os.umask(0o077)  # paths and counts of the archive are nobody else's business
    chosen, key = _minutes(minutes), _key()
    with Show(quiet=quiet) as show:
        told = run_again(Again(out, new, key, _cores(jobs), from_files), _seal(), show)
    names = _rule_names()
    _tell_causes(told.causes, [tell_rule(rule, names) for rule in told.rules])
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


@click.command(
    short_help="列出比对运行的变动：谁变了、为什么。",
    help="列出一次比对运行的变动：谁的结论变了、从什么变成什么、哪些规则和判断步骤不同；写成 changes.csv、changes.xlsx。",
)
@_OUT
@_OLD
@_MINUTES
@click.option("--limit", type=click.IntRange(0), default=_SHOWN, show_default=True, help="屏幕上列多少件；表里是全部。")
def changes(out: Path, old: Path | None, minutes: tuple[str, ...], limit: int) -> None:
    """The list of changes."""
    from classifier.holdings import screen, tables
    from classifier.holdings.catalogue import Catalogue
    from classifier.holdings.changes import attach, find_changes, list_changes, origin_of
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.order import LEDGER
    from classifier.holdings.reasons import tell_rule
    from classifier.holdings.signing import read_signatures

    chosen, seal, names = _minutes(minutes), _seal(), _rule_names()
    listed = list_changes(out, old)
    with Ledger.of(out) as ledger:
        origin, catalogue = origin_of(ledger), Catalogue(ledger, seal)
        _tell_causes(origin["causes"], [tell_rule(rule, names) for rule in origin["rules"]])
        attach(ledger, (old or Path(origin["old"])) / LEDGER)
        tables.write_changes(catalogue, find_changes(ledger), names, out)
        for change in islice(find_changes(ledger), limit):
            click.echo("\n".join(screen.change_lines(change, catalogue, names)))
        signed = list(read_signatures(ledger, seal))
    if listed.verdicts + listed.kinds.get("findings", 0) > limit:
        click.echo("……")
    _tell_listed(listed, chosen)
    for entry in signed:
        holds = "有效" if entry.list == listed.hash else "签的是另一份清单，对现在的清单无效"
        click.echo(f"签认 {entry.number}：{screen.signature_words(entry)}，{holds}。")
    if not signed:
        click.echo("还没有签认。")
    click.echo(f"全部写在 {out / 'changes.csv'} 和 {out / 'changes.xlsx'}。")


def _rule_names() -> RuleNames:
    """Names of the rules of now; one that is gone goes by its number."""
    from classifier.core.settings import read_settings
    from classifier.holdings.reasons import name_rules
    from classifier.knowledge import load_knowledge

    settings = read_settings()
    return name_rules(load_knowledge(settings.data_home / "corpus", settings.packs).book.rules)


@click.command(
    short_help="签认变动清单。",
    help="签认变动清单：记下姓名、职务、时间和清单的校验值。清单在查看之后有变动就不能签。",
)
@_OUT
@click.option("--name", required=True, help="签认人姓名。")
@click.option("--duty", required=True, help="签认人职务。")
@_OLD
@_MINUTES
def sign(out: Path, name: str, duty: str, old: Path | None, minutes: tuple[str, ...]) -> None:
    """Sign the list."""
    from classifier.holdings import screen, signing
    from classifier.holdings.changes import look_at_changes
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.moments import tell_now

    chosen, seal, now = _minutes(minutes), _seal(), tell_now()
    with Ledger.of(out) as ledger:
        listed = look_at_changes(ledger, out, old)
        papers = sum(listed.kinds.values())
        hours = listed.hours(chosen)
        entry = signing.sign(ledger, seal, name=name, duty=duty, now=now, list_=listed.hash, papers=papers, hours=hours)
    click.echo(f"已签认：{screen.signature_words(entry)}，{entry.papers} 件。")


@click.command(
    short_help="启用规则之前，看整批文件里哪些会变。",
    help="演练：启用一条规则或装入一个规则包之前，看整批文件里哪些会变。只用缓存，不读文件，不改任何结果。\n\n"
    "退出码：0 都演练到了（不论有没有变化）；3 有的没有缓存，没有演练到；2 用法有误；5 规则、规则包或账本有误。",
)
@_OUT
@click.option("--rule", metavar="规则编号", help="演练一条规则：停用与启用相比。")
@click.option(
    "--pack", type=click.Path(path_type=str), metavar="目录", help="演练一个规则包：不装与装入（试用的规则也算启用）相比。"
)
@_JOBS
@click.option("--limit", type=click.IntRange(0), default=_SHOWN, show_default=True, help="屏幕上列多少件有变化的。")
def rehearse(out: Path, rule: str | None, pack: str | None, jobs: int | None, limit: int) -> None:
    """What a rule or a pack would change."""
    from classifier.holdings import rehearsing, screen
    from classifier.holdings.catalogue import Catalogue
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.reasons import name_rules
    from classifier.rehearsal import Target, plan

    if (rule is None) == (pack is None):
        raise click.UsageError("请用 --rule 或 --pack 指明演练什么（只选一个）。")
    target = Target(rule.partition("@")[0] if rule else None, pack)
    told = rehearsing.rehearse(out, _key(), target, _cores(jobs))
    rows = sorted(told.rows, key=lambda row: (row["source"], row["part"]))
    with Ledger.of(out) as ledger:
        catalogue, names = Catalogue(ledger, None), name_rules(plan(target).after.book.rules)
        for row in rows[:limit]:
            click.echo(screen.rehearsed_line(row, catalogue, names))
    if len(rows) > limit:
        click.echo(f"……另有 {len(rows) - limit} 件")
    for line in screen.rehearsal_lines(told):
        click.echo(line)
    if told.unkept or told.failed:
        sys.exit(ExitCode.UNREAD)


@click.command(
    short_help="查重复件，查互相矛盾的结论。",
    help="查重和查矛盾：相同和相近的文件、草稿与定稿、转发与原件、同一文号不同属性。"
    "写成 duplicates.csv、contradictions.csv 和 contradictions.xlsx（“矛盾”“重复件”两页）。",
)
@_OUT
@click.option("--no-words", is_flag=True, help="不看也不写标题（标题里的“征求意见稿”等字样不用来认草稿），不需要密钥。")
@click.option("--limit", type=click.IntRange(0), default=10, show_default=True, help="屏幕上列多少组重复件；表里是全部。")
def copies(out: Path, no_words: bool, limit: int) -> None:
    """Copies and contradictions."""
    from classifier.holdings import screen, tables
    from classifier.holdings.catalogue import Catalogue
    from classifier.holdings.contradictions import find_contradictions
    from classifier.holdings.copies import find_copies
    from classifier.holdings.duplicates import find_duplicates
    from classifier.holdings.ledger import Ledger

    seal = None if no_words else _seal()
    with Ledger.of(out) as ledger:
        found, catalogue = find_copies(ledger), Catalogue(ledger, seal)
        conflicts = find_contradictions(ledger, seal, found)
        kinds, sorts = tables.write_copies(catalogue, conflicts, find_duplicates(ledger, found), out)
        for number, group in enumerate(islice(find_duplicates(ledger, found), limit), 1):
            click.echo(screen.group_line(number, group, catalogue))
    for line in screen.duplicate_lines(sorts, limit):
        click.echo(line)
    told = "，".join(f"{kind} {count}" for kind, count in kinds.items())
    click.echo(f"矛盾 {sum(kinds.values())} 组{f'：{told}' if told else ''}。")
    click.echo(f"全部写在 {out / 'duplicates.csv'}、{out / 'contradictions.csv'} 和 {out / 'contradictions.xlsx'}。")


COMMANDS = (again, changes, sign, rehearse, copies)
"""What `mishen batch` adds to its group."""
