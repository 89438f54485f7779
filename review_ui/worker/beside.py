"""A candidate model's opinion of a paper that the active model has judged: recorded, shown to nobody, and never in the way.

Whatever goes wrong with the candidate becomes a code for the log; the case goes on with what the active model said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from classifier.core.assessment import Attribute
from classifier.core.document import Document
from classifier.core.errors import ClassifierError
from classifier.learn import registry
from classifier.pipeline import Tools, default_tools, glance

MOST_CHARS = 200_000
"""A longer paper is not read twice: the second look would eat the time the first one has."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the candidate said, or the code of what went wrong."""

    model: str
    attribute: Attribute | None = None
    confidence: float = 0.0
    fault: str = ""


def on_trial() -> str | None:
    """The candidate's version, asked anew for each paper: a training may end while the worker runs."""
    version = registry.trial_version(default_tools().settings.data_home / "models")
    return version if version is None or registry.is_version(version) else "unknown"


@cache
def _tools(version: str) -> Tools:
    ours = default_tools()
    scorer = registry.load(ours.settings.data_home / "models", version)
    return replace(ours, scorer=scorer, provenance=replace(ours.provenance, model=scorer.version))


def opinion(version: str, parts: Sequence[Document], source: str) -> Opinion:
    """Ask the candidate; never raises."""
    model = f"{registry.TASK}/{version}"
    if sum(len(part.text) for part in parts) > MOST_CHARS:
        return Opinion(model, fault="long")
    try:
        verdict = glance(parts, _tools(version), source)
    except ClassifierError as error:
        return Opinion(model, fault=error.code)
    except Exception:  # noqa: BLE001 - the candidate is on trial because it may fail; a case never pays for it
        return Opinion(model, fault="internal")
    sound = 0.0 <= verdict.confidence <= 1.0  # weights that are no numbers give a confidence that is none
    return Opinion(model, verdict.attribute, verdict.confidence) if sound else Opinion(model, fault="bad_model")


def as_json(said: Opinion | None) -> dict[str, Any] | None:
    """The opinion in values that JSON can say."""
    if said is None:
        return None
    return {
        "model": said.model,
        "attribute": said.attribute.value if said.attribute else None,
        "confidence": said.confidence,
        "fault": said.fault,
    }


def accept(told: Any) -> Opinion | None:  # noqa: ANN401 - whatever a child sent
    """The opinion in an answer that may be forged.

    Raises:
        ValueError, TypeError, LookupError, BadModel: not what `as_json` makes.
    """
    if told is None:
        return None
    task, _, version = told["model"].partition("/")
    confidence, fault = float(told["confidence"]), told["fault"]
    fits = task == registry.TASK and isinstance(fault, str) and fault.isascii() and len(fault) <= 40
    if not fits or not 0.0 <= confidence <= 1.0 or not registry.is_version(version):
        raise ValueError("not an opinion")
    attribute = Attribute(told["attribute"]) if told["attribute"] is not None else None
    return Opinion(told["model"], attribute, confidence, fault)
