"""Active model against candidate: held-out decisions are judged by both now, later ones were judged by both when they came in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifier.core.assessment import Attribute, Route
from classifier.core.errors import BadModel
from classifier.core.settings import Settings
from classifier.learn import registry
from classifier.learn.contest import Bout, Contest, hold
from classifier.learn.signed import SignedDecision
from classifier.pipeline import Tools, glance, load_tools
from classifier.rehearsal import stored_document


@dataclass(frozen=True, slots=True)
class Comparison:
    """Three contests of the same two models."""

    active: str
    candidate: str
    held_out: Contest
    later: Contest
    both: Contest


def candidate_of(models: Path, version: str | None = None) -> str:
    """The version to compare: the one named, else the one on trial.

    Raises:
        BadModel: none is on trial, or it is the active one.
    """
    chosen = version or registry.trial_version(models)
    if chosen is None:
        raise BadModel("没有试用中的候选模型。请先运行 mishen train --from-store。")
    if chosen == registry.active_version(models):
        raise BadModel(f"模型 {chosen} 就是启用的模型，没有可比的。")
    return chosen


def _said(decision: SignedDecision, tools: Tools) -> Attribute | None:
    document = stored_document(decision.text, list(decision.places))
    verdict = glance([document], tools, decision.number)
    return None if verdict.route is Route.BLOCKED else verdict.attribute


def _held_out(decisions: Sequence[SignedDecision], marks: set[str], tools: Tools, candidate: Tools) -> Iterator[Bout]:
    for decision in decisions:
        if decision.mark in marks:
            yield Bout(decision.unit, decision.attribute, _said(decision, tools), _said(decision, candidate))


def _later(decisions: Sequence[SignedDecision], active: str, candidate: str) -> Iterator[Bout]:
    """What was signed while the candidate watched this very active model."""
    for decision in decisions:
        told = decision.beside.get(candidate)
        if told is not None and decision.model == active:
            yield Bout(decision.unit, decision.attribute, decision.machine, told)


def compare(settings: Settings, decisions: Sequence[SignedDecision], version: str | None = None) -> Comparison:
    """Hold the contests.

    Raises:
        BadModel: no candidate, or one that cannot be trusted.
        BadKnowledge: corpus/ cannot be trusted.
    """
    models = settings.data_home / "models"
    chosen = candidate_of(models, version)
    tools = load_tools(settings)
    scorer = registry.load(models, chosen)
    candidate = replace(tools, scorer=scorer, provenance=replace(tools.provenance, model=scorer.version))
    manifests = {e.version: e.manifest for e in registry.list_models(models)}
    marks = set(manifests[chosen].get("held_out", {}).get("ids", ()))
    # What the active model itself learned from would flatter it.
    until = manifests[registry.active_version(models)].get("trained_on", {}).get("until") or ""
    first = list(_held_out([d for d in decisions if d.at > until], marks, tools, candidate))
    rest = [d for d in decisions if d.mark not in marks]
    then = list(_later(rest, tools.provenance.model, scorer.version))
    return Comparison(tools.provenance.model, scorer.version, hold(first), hold(then), hold(first + then))


def rows(told: Comparison) -> list[tuple[str, str, str, str]]:
    """The table for people: what is measured, on held-out decisions, on later ones, on both."""
    contests = (told.held_out, told.later, told.both)

    def row(name: str, cell: Callable[[Contest], str]) -> tuple[str, str, str, str]:
        first, second, third = (cell(c) if c.papers else "—" for c in contests)
        return name, first, second, third

    return [
        row("件数（其中不予公开）", lambda c: f"{c.papers}（{c.withheld}）"),
        row("与决定一致", lambda c: f"{c.active.agreed} → {c.candidate.agreed}"),
        row("　一致率", lambda c: f"{c.active.agreed / c.papers:.1%} → {c.candidate.agreed / c.papers:.1%}"),
        row("泄露：不予公开判为主动公开", lambda c: f"{c.active.leaks} → {c.candidate.leaks}"),
        row("过度封闭：主动公开判为不予公开", lambda c: f"{c.active.closed} → {c.candidate.closed}"),
        row("只有候选一致 / 只有现用一致", lambda c: f"{c.gained} / {c.lost}"),
        row("p 值（精确符号检验）", lambda c: f"{c.p_value:.3f}"),
        row("候选相对最差的科室", _unit),
    ]


def _unit(contest: Contest) -> str:
    if contest.worst is None:
        return "—"
    name, papers, active, candidate = contest.worst
    return f"{name} {papers} 件：{active} → {candidate}"
