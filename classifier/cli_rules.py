"""`mishen rules …`: list, explain, check, try out and seal. Thin: parse arguments, call, print, exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.core.errors import BadKnowledge, ExitCode

if TYPE_CHECKING:
    from classifier.knowledge import Knowledge, Law, Rule

_STATES = {"enabled": "启用", "evaluation": "试用", "disabled": "停用"}


class _Rules(click.Group):
    """`mishen rules` lists, `mishen rules 规则编号` explains: what people typed before there were commands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            args = ["list"]
        elif not args[0].startswith("-") and args[0] not in self.commands:
            args = ["explain", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Rules, help="规则：列出、说明、检查、演练、封存词表。不带子命令时列出全部规则。")
def rules() -> None:
    """The command group."""


def _knowledge() -> Knowledge:
    from classifier.core.settings import read_settings
    from classifier.knowledge import load_knowledge

    settings = read_settings()
    return load_knowledge(settings.data_home / "corpus", settings.packs)


def tell_refused(known: Knowledge) -> None:
    """One line on stderr for each pack that was left out."""
    for refusal in known.book.refused:
        click.echo(f"注意：{refusal.message}本系统自带的规则照常使用。", err=True)


def _row(rule: Rule, law: Law) -> dict[str, Any]:
    return {
        "id": rule.id,
        "version": rule.version,
        "state": rule.state.value,
        "pack": rule.pack,
        "override": rule.override,
        "category": rule.category.value,
        "type": rule.type,
        "severity": rule.severity.value,
        "grade": rule.grade.value,
        "law": list(rule.law),
        "citation": law.cite(rule.law),
        "terms": len(rule.terms),
        "sealed_terms": sum(s.count for s in rule.sealed),
        "hits": len(rule.hits),
        "misses": len(rule.misses),
    }


@rules.command("list", help="列出全部规则：编号、类别、状态、来源、依据、例子数。")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象，给程序用。")
def list_rules(as_json: bool) -> None:
    """One line for each rule."""
    known = _knowledge()
    tell_refused(known)
    for rule in known.book.rules:
        if as_json:
            click.echo(json.dumps(_row(rule, known.law), ensure_ascii=False))
            continue
        sealed = sum(s.count for s in rule.sealed)
        words = f"，词 {len(rule.terms) + sealed}{'（封存）' if sealed else ''}" if rule.terms or sealed else ""
        state = _STATES[rule.state.value] + ("（本单位改）" if rule.override else "")
        examples = f"例 {len(rule.hits)}/{len(rule.misses)}{words}"
        click.echo(
            f"{rule.citation:32} {rule.category.label}\t{state}\t{rule.pack or '自带'}\t{examples}\t{known.law.cite(rule.law)}"
        )
    if not as_json:
        for pack in known.book.packs:
            click.echo(f"规则包 {pack.prefix}：{pack.name} {pack.version}（{pack.publisher}）")
        click.echo(f"共 {len(known.book.rules)} 条规则，规则库版本 {known.book.version}")


@rules.command(help="说明一条规则：找什么、为什么、依据的条文和施行日期、例子、来自哪个规则包。")
@click.argument("identifier", metavar="规则编号")
def explain(identifier: str) -> None:
    """Everything about one rule."""
    known = _knowledge()
    tell_refused(known)
    rule = known.book.by_id(identifier.partition("@")[0])
    state = _STATES[rule.state.value]
    click.echo(f"{rule.citation}（{rule.category.label}／{rule.type}，{rule.severity.label}，{rule.grade.label}，{state}）")
    click.echo(f"含义：{rule.why}")
    pack = next((p for p in known.book.packs if p.prefix == rule.pack), None)
    click.echo(f"来源：{f'规则包 {pack.name} {pack.version}（{pack.publisher}）' if pack else '本系统自带'}")
    if rule.override:
        click.echo(f"本单位改过：{rule.override}")
    for line in _findings_of(rule):
        click.echo(line)
    for article in rule.law:
        for line in _editions(known.law, article):
            click.echo(line)
    click.echo("命中例子：" + "；".join(h.replace("\n", "⏎") for h in rule.hits) if rule.hits else "命中例子：词表封存，不列例子")
    if rule.misses:
        click.echo("不应命中：" + "；".join(m.replace("\n", "⏎") for m in rule.misses))


def _findings_of(rule: Rule) -> Iterator[str]:
    """What it looks for and where."""
    if rule.terms:
        shown = "、".join(rule.terms[:8]) + ("……" if len(rule.terms) > 8 else "")
        yield f"找什么：词表 {len(rule.terms)} 个词（{shown}）"
    for sealed in rule.sealed:
        yield f"找什么：封存词表，{sealed.count} 个词，只能比对、不能读出"
    if rule.pattern is not None:
        yield f"找什么：{rule.pattern.pattern}"
    if rule.near is not None:
        yield f"同句须有：{rule.near.pattern}"
    if rule.not_near is not None:
        yield f"同句不得有：{rule.not_near.pattern}"
    if rule.places is not None:
        yield f"只看：{'、'.join(sorted(place.label for place in rule.places))}"
    if rule.validator is not None:
        yield f"核对：{rule.validator}"


def _editions(law: Law, identifier: str) -> Iterator[str]:
    for article in law.editions(identifier):
        end = f"至 {article.until}" if article.until else "起施行"
        mark = "" if article.checked else "［未核］"
        yield f"依据：{article.citation}（{article.in_force}{'' if article.until is None else ' '}{end}）{mark}：{article.gist}"


def _known_with(pack: Path | None) -> tuple[Knowledge, str | None, int]:
    """What is to be checked, the prefix of the one pack that is (None: everything), and how many packs are left out."""
    from classifier.core.settings import read_settings
    from classifier.knowledge.packs import try_pack

    if pack is None:
        known = _knowledge()
        tell_refused(known)
        return known, None, len(known.book.refused)
    settings = read_settings()
    _, known = try_pack(settings.data_home / "corpus", settings.packs, pack)
    return known, known.book.packs[-1].prefix, 0


@rules.command(help="检查规则：例子命中与否、依据的条文、表达式快慢、规则包能否装入。\n\n退出码：0 没有问题；5 有问题。")
@click.option("--pack", type=click.Path(path_type=Path), metavar="目录", help="只检查这个规则包（不必已经装入）。")
def check(pack: Path | None) -> None:
    """Try every rule."""
    from classifier.inspection import inspect

    known, prefix, bad = _known_with(pack)
    for flaw in inspect(known, prefix):
        bad += flaw.grave
        click.echo(f"{'错误' if flaw.grave else '注意'}　{flaw.rule}：{flaw.message}")
    count = sum(prefix is None or rule.pack == prefix for rule in known.book.rules)
    unchecked = sum(not a.checked for i in known.law.articles for a in known.law.editions(i))
    if prefix is None:
        click.echo(f"法规库 {len(known.law.articles)} 条，其中条号 ［未核］ {unchecked} 个版本。")
    click.echo(f"检查了 {count} 条规则，{'没有问题' if not bad else f'有 {bad} 个问题'}。")
    sys.exit(ExitCode.BAD_DATA if bad else ExitCode.OK)


@rules.command("dry-run", help="演练：启用一条规则或装入一个规则包之前，看哪些文件的命中、属性、处理方式会变。不显示文件内容。")
@click.argument("paths", nargs=-1, type=click.Path(path_type=str), metavar="文件或文件夹...")
@click.option("--rule", metavar="规则编号", help="演练一条规则：停用与启用相比。")
@click.option(
    "--pack", type=click.Path(path_type=str), metavar="目录", help="演练一个规则包：不装与装入（试用的规则也算启用）相比。"
)
@click.option("--store", is_flag=True, help="用审查台里已有的文件演练，按收文编号列出。")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("data"), show_default=True, help="审查台的数据目录。"
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="同时处理的文件数。")
@click.option("--json", "as_json", is_flag=True, help="每行一个有变化的文件，给程序用。")
@click.pass_obj
def dry_run(
    doors: dict[str, Callable[..., Any]] | None,
    paths: tuple[str, ...],
    rule: str | None,
    pack: str | None,
    store: bool,
    data: Path,
    jobs: int,
    as_json: bool,
) -> None:
    """What would change."""
    from classifier import rehearsal

    if (rule is None) == (pack is None):
        raise click.UsageError("请用 --rule 或 --pack 指明演练什么（只选一个）。")
    if store == bool(paths):
        raise click.UsageError("请给出文件或文件夹，或者用 --store。")
    target = rehearsal.Target(rule.partition("@")[0] if rule else None, pack)
    rehearsal.plan(target)  # a wrong rule or a bad pack is told here, not once for each file
    assert doors is not None
    rows: Iterable[dict[str, Any]]
    if store:
        rows = rehearsal.rehearse_store(doors["stored"](data), target)
    else:
        rows = rehearsal.rehearse_files(doors["walk"](paths), target, jobs)
    _tell_rows(rows, as_json)


def _tell_rows(rows: Iterable[dict[str, Any]], as_json: bool) -> None:
    from classifier.console import change_line
    from classifier.rehearsal import is_changed

    total = unread = 0
    counts = {"findings": 0, "attribute": 0, "route": 0}
    for row in rows:
        total += 1
        unread += "error" in row
        if not is_changed(row):
            continue
        for key in counts:
            counts[key] += row["before"][key] != row["after"][key]
        click.echo(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode() if as_json else change_line(row))
    if not as_json:
        told = f"命中有变 {counts['findings']} 份，属性会变 {counts['attribute']} 份，处理方式会变 {counts['route']} 份"
        click.echo(f"演练 {total} 份：{told}" + (f"；没有读到 {unread} 份" if unread else "") + "。没有改动任何设置。")


@rules.command(help="封存词表：把每行一个词的文件变成只能比对、不能读出的文件，供规则的 sealed_files 使用。")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="词表.txt")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="输出.sealed")
def seal(source: Path, target: Path) -> None:
    """Seal a list of terms."""
    from classifier.knowledge.sealed import read_sealed, seal_terms

    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadKnowledge("词表不是 UTF-8 编码，请另存为 UTF-8 后再封存。") from error
    if target.exists():
        raise BadKnowledge("输出文件已经存在，请换一个名称，或者先删去旧的。")
    target.write_text(seal_terms(lines), encoding="utf-8")
    click.echo(
        f"已封存 {read_sealed(target).count} 个词。封存防的是看见，不防有心人拿着文件逐词猜；原词表和封存文件都请按原要求保管。"
    )
