"""Differences, rehearsals and copies as lines on screen, for people of the office: names and plain words, codes only beside them.

In: what the modules of this room found, and the catalogue that names papers. Out: lines of text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from classifier.core.assessment import Attribute, Route
from classifier.holdings import tables
from classifier.holdings.catalogue import Catalogue
from classifier.holdings.changes import Changed
from classifier.holdings.copies import LIKE, SAME
from classifier.holdings.duplicates import Group, Sameness
from classifier.holdings.moments import show_moment
from classifier.holdings.reasons import RuleNames, tell_rule, tell_step
from classifier.holdings.rehearsing import Rehearsal
from classifier.holdings.signing import Signature

_NAMED = 4
"""Papers of a group that are named."""
_SHARES = {Sameness.CONTENT: SAME, Sameness.ALIKE: LIKE}
_INDENT = "　　"


def change_lines(change: Changed, catalogue: Catalogue, names: RuleNames) -> Iterator[str]:
    """A paper and below it what is different, a line each."""
    paper, old, new = tables.look(change, catalogue), change.old, change.new
    yield f"第 {paper.number} 号　{paper.name}"
    told = []
    if old is None:
        told.append(f"原来没有，现在 {tables.attribute_label(new.attribute)}、{new.route.label}")
    elif old.attribute is not new.attribute:
        told.append(f"属性 {tables.attribute_label(old.attribute)} → {tables.attribute_label(new.attribute)}")
    if old is not None and old.route is not new.route:
        told.append(f"处理方式 {old.route.label} → {new.route.label}")
    yield _INDENT + "；".join([*told, f"把握 {tables.sure(change)}"])
    if change.rules:
        yield f"{_INDENT}命中（处） {tables.moved(change, names)}"
    for word, steps in (("不再主张", change.gone), ("新主张", change.come)):
        if steps:
            yield f"{_INDENT}{word} {'；'.join(map(tell_step, steps))}"


def signature_words(entry: Signature) -> str:
    """Who signed which list, and when."""
    return f"{entry.name}（{entry.duty}），{show_moment(entry.signed)}（北京时间），清单 {entry.list[:12]}"


def rehearsed_line(row: Mapping[str, Any], catalogue: Catalogue, names: RuleNames) -> str:
    """One paper by number and path: what is found more or less, and the verdict before and after."""
    before, after = row["before"], row["after"]
    blocked = Route.BLOCKED in (before["route"], after["route"])
    paper = catalogue.find(os.fsencode(row["source"]), row["part"], may_show=not blocked)
    more = {
        rule: after["findings"].get(rule, 0) - before["findings"].get(rule, 0) for rule in before["findings"] | after["findings"]
    }
    told = [f"{tell_rule(rule, names)} {count:+d}" for rule, count in sorted(more.items()) if count]
    if before["attribute"] != after["attribute"]:
        told.append(" → ".join(Attribute(said["attribute"]).label if said["attribute"] else "—" for said in (before, after)))
    if before["route"] != after["route"]:
        told.append(" → ".join(Route(said["route"]).label for said in (before, after)))
    return f"第 {paper.number} 号　{paper.below}\t" + "，".join(told)


def rehearsal_lines(told: Rehearsal) -> Iterator[str]:
    """How many papers would change, and what became of every paper of the batch."""
    changed = {
        key: sum(row["before"][key] != row["after"][key] for row in told.rows) for key in ("findings", "attribute", "route")
    }
    yield (
        f"命中有变 {changed['findings']} 件，属性会变 {changed['attribute']} 件，处理方式会变 {changed['route']} 件。没有改动任何设置。"
    )
    shells = f"（另有 {told.containers} 个压缩包一类的外壳，不算件）" if told.containers else ""
    parts = [f"演练 {told.papers - told.failed} 件"]
    if told.stopped:
        parts.append(f"涉密停止、不演练 {told.stopped} 件")
    if told.unkept + told.failed:
        parts.append(f"没有缓存或缓存打不开、没有演练到 {told.unkept + told.failed} 件")
    yield f"全批 {told.all} 件{shells}：{'，'.join(parts)}。（打开 {told.opened}，判断 {told.judged}，其余一定不含有关词语。）"


def group_line(number: int, group: Group, catalogue: Catalogue) -> str:
    """A group of duplicates: the first of them by number and path."""
    shown = [f"第 {paper.number} 号 {paper.below}" for paper in (catalogue.look(*key) for key in group.papers[:_NAMED])]
    more = f"；……共 {len(group.papers)} 件" if len(group.papers) > _NAMED else ""
    return f"第 {number} 组　{group.sameness.label}　{'；'.join(shown)}{more}"


def duplicate_lines(sorts: Mapping[str, tuple[int, int]], shown: int) -> Iterator[str]:
    """How many groups and papers of each kind there are.

    Args:
        sorts: groups and papers by the label of their sameness, as `tables.write_copies` counts them.
        shown: groups that were told before.
    """
    groups = sum(count for count, _ in sorts.values())
    if groups > shown:
        yield f"……另有 {groups - shown} 组"
    for sameness in Sameness:
        count, papers = sorts.get(sameness.label, (0, 0))
        share = _SHARES.get(sameness)
        note = f"（相似度 {share:.0%} 以上，按抽样估计；前面列过的不再列）" if share else ""
        yield f"{sameness.label}的 {count} 组，共 {papers} 件{note}。"
