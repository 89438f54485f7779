"""The certificate of a model: labelled papers in, trials judged by the whole pipeline, a signed-off line for 主动公开 out.

The certificate lies beside the model (certificate.json) and names the code, rules and model it was made with. Loaded tools follow its
line only while all three are the same; after any change the default line counts again until somebody certifies anew.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from classifier.core.assessment import Assessment, Attribute, Provenance, Route
from classifier.core.errors import BadKnowledge
from classifier.core.settings import Thresholds
from classifier.learn.guarantee import LEVEL, Promise, Trial, promise

SCHEMA = "mishen.certificate/1"
FILE = "certificate.json"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled paper: its path below the folder, and what a person says of it."""

    path: str
    attribute: Attribute
    acceptable: frozenset[Attribute]
    dangerous: bool

    @property
    def is_critical(self) -> bool:
        """Whether it must not be suggested 主动公开: no careful reviewer would accept that."""
        return self.dangerous or Attribute.ACTIVE not in self.acceptable


class BadLabels(BadKnowledge):
    """A table of labels that cannot be used; the message names the line and what to mend."""

    code = "bad_labels"


def read_labels(table: Path) -> tuple[Labelled, ...]:
    """The rows of labels.csv: columns `path` and `attribute`; `acceptable` (a|b) and `dangerous` (0/1) may follow.

    Raises:
        BadLabels: no such file, a missing column, an unknown attribute.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, UnicodeDecodeError) as error:
        raise BadLabels(
            f"标注表 {table.name} 读不出来。请用 UTF-8 编码的 csv，首行写 path,attribute,acceptable,dangerous。"
        ) from error
    if not rows or not {"path", "attribute"} <= set(rows[0]):
        raise BadLabels(f"标注表 {table.name} 没有内容，或缺少 path、attribute 两列。")
    return tuple(_read_row(row, number, table.name) for number, row in enumerate(rows, 2))


def _read_row(row: dict[str, str], number: int, name: str) -> Labelled:
    try:
        attribute = Attribute(row["attribute"].strip())
        named = [a.strip() for a in (row.get("acceptable") or "").split("|") if a.strip()]
        acceptable = frozenset({attribute, *map(Attribute, named)})
    except ValueError as error:
        raise BadLabels(f"标注表 {name} 第 {number} 行的属性不对：只能是 active、on_request、withheld。") from error
    return Labelled(row["path"], attribute, acceptable, (row.get("dangerous") or "").strip() == "1")


def open_lines(thresholds: Thresholds) -> Thresholds:
    """The thresholds under which only the confidence decides between a click and a look: what a trial must be judged with."""
    return replace(thresholds, suggest=thresholds.review, suggest_active=thresholds.review)


def to_trial(label: Labelled, verdict: Assessment) -> Trial:
    """What one paper says of the line. `verdict` was judged with `open_lines`."""
    click = verdict.route is Route.SUGGEST
    return Trial(
        confidence=verdict.confidence,
        active=click and verdict.attribute is Attribute.ACTIVE,
        critical=label.is_critical,
        right=verdict.attribute in label.acceptable,
        click=click,
    )


@dataclass(frozen=True, slots=True)
class Certificate:
    """What certificate.json holds."""

    made_at: str
    provenance: Provenance
    labels: str
    """sha256 of the table of labels."""
    promise: Promise


def certify(
    trials: Iterable[Trial], provenance: Provenance, labels: str, made_at: str, risk: float, level: float = LEVEL
) -> Certificate:
    """The certificate of some trials; its promise may be a refusal (`promise.line` is None)."""
    return Certificate(made_at, provenance, labels, promise(list(trials), risk, level))


def digest(table: Path) -> str:
    """sha256 of a table of labels, so that a certificate names what it was made from."""
    return hashlib.sha256(table.read_bytes()).hexdigest()


def write(folder: Path, certificate: Certificate) -> Path:
    """Put the certificate beside its model."""
    told = {
        "schema": SCHEMA,
        "made_at": certificate.made_at,
        "provenance": asdict(certificate.provenance),
        "labels": certificate.labels,
        "promise": asdict(certificate.promise),
    }
    path = folder / FILE
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def read(folder: Path) -> Certificate | None:
    """The certificate beside a model; None when there is none or it is not one of ours (then the default line counts)."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            return None
        return Certificate(told["made_at"], Provenance(**told["provenance"]), told["labels"], Promise(**told["promise"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def certified(thresholds: Thresholds, certificate: Certificate | None, provenance: Provenance) -> Thresholds:
    """The thresholds with the certified line, where the certificate speaks of exactly this code, these rules and this model."""
    if certificate is None or certificate.provenance != provenance or certificate.promise.line is None:
        return thresholds
    return replace(thresholds, suggest_active=max(certificate.promise.line, thresholds.review))
