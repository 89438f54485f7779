"""What the command line shows to people: the table of verdicts and the pieces of a reading. Colours only on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from classifier.core.document import Receipt, Tally, Where
from classifier.core.problems import describe, tell_receipt

_LABELS = {"active": "主动公开", "on_request": "依申请公开", "withheld": "不予公开", None: "—"}
_ROUTES = {"suggest": "建议确认", "review": "需要审查", "manual": "人工判定", "blocked": "疑似涉密·已停止"}


def _name_for_people(source: str) -> str:
    """The base name with control characters and broken bytes shown, so that an odd name cannot paint the terminal."""
    name = Path(source).name.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "�" for c in name)


def print_table(results: list[dict[str, Any]]) -> None:
    """The verdicts as a table, worst news first in each row; a blocked file shows neither its name nor a word."""
    from rich.console import Console
    from rich.table import Table

    table = Table(header_style="bold")
    for title, options in (
        ("文件", {"overflow": "fold", "ratio": 3}),
        ("建议属性", {"no_wrap": True}),
        ("把握", {"justify": "right", "no_wrap": True}),
        ("处理方式", {"no_wrap": True}),
        ("主要理由", {"overflow": "fold", "ratio": 5}),
    ):
        table.add_column(title, **options)
    for result in results:
        blocked = result["route"] == "blocked"
        inside = f"  └ {_name_for_people(result['member'])}" if result["member"] else None
        name = "（文件名不显示）" if blocked else inside or _name_for_people(result["source"])
        reasons = [describe(p["code"]) for p in result["problems"]][:1] + [r["text"] for r in result["reasons"]][:1]
        share = "—" if blocked else f"{result['confidence']:.0%}"
        cited = "、".join(dict.fromkeys(c for r in result["reasons"][:1] for i in r["law"] if (c := result["citations"].get(i))))
        reasons += [f"依据：{cited}"] if cited else []
        text = "\n".join(dict.fromkeys(reasons)) if not blocked else result["reasons"][0]["text"]
        table.add_row(name, _LABELS[result["attribute"]], share, _ROUTES[result["route"]], text, style="red" if blocked else None)
    console = Console()
    console.print(table)
    counts = {label: sum(r["attribute"] == key for r in results) for key, label in _LABELS.items() if key}
    human = sum(r["needs_human"] for r in results)
    console.print(
        f"共 {len(results)} 件："
        + "，".join(f"{k} {v}" for k, v in counts.items())
        + f"；需要人工 {human} 件。建议只供参考，决定由人作出。"
    )


def change_line(row: dict[str, Any]) -> str:
    """One paper of a rehearsal: what is found more or less, and the verdict before and after. No word of the paper."""
    before, after = row["before"], row["after"]
    blocked = "blocked" in (before["route"], after["route"])
    part = row["part"]
    if part is None:  # a paper of the review desk: its number says nothing
        name = str(row["source"])
    else:
        name = "（文件名不显示）" if blocked else _name_for_people(row["source"]) + (f"（内含文件 {part}）" if part else "")
    rules = sorted(set(before["findings"]) | set(after["findings"]))
    moved = [(rule, after["findings"].get(rule, 0) - before["findings"].get(rule, 0)) for rule in rules]
    told = [f"{rule} {count:+d}" for rule, count in moved if count]
    for key, labels in (("attribute", _LABELS), ("route", _ROUTES)):
        if before[key] != after[key]:
            told.append(f"{labels[before[key]]} → {labels[after[key]]}")
    return f"{name}\t" + "，".join(told)


def print_reading(reading: dict[str, Any]) -> None:
    """Every piece with its place, then the receipt: for a person who wants to see what the machine saw."""

    inside = f"　└ {_name_for_people(reading['member'])}" if reading["member"] else _name_for_people(reading["source"])
    click.secho(f"{inside}（{reading['format']}，{reading['receipt']['bytes']:,} 字节）", bold=True)
    for piece in reading["pieces"]:
        page = f" 第{piece['page']}页" if piece["page"] else ""
        origin = f"·{piece['origin']}" if piece["origin"] else ""
        text = "".join(c if c.isprintable() or c == "\n" else "�" for c in piece["text"])
        click.echo(f"［{Where(piece['where']).label}{origin}{page}］{text}")
    counts = tell_receipt(Receipt(0, tuple(Tally(**c) for c in reading["receipt"]["counts"])))
    click.echo(f"阅读回执：{counts}" + ("；全部读到。" if not reading["problems"] else "；没有读到或需要核对的："))
    for problem in reading["problems"]:
        click.echo(f"  · {describe(problem['code'])}" + (f"（{problem['where']}）" if problem["where"] else ""))
