"""A made-up archive: a ledger as a run leaves it, without reading a file."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable
from pathlib import Path

from classifier.core.assessment import Attribute, Route
from classifier.holdings.ledger import Entry, FileState, Ledger, Maker, Paper, Row
from classifier.holdings.seal import Label, Seal

KEY = bytes(range(32))
SEAL = Seal(KEY)
MAKER = Maker("0.9.0", "a1b2c3d4e5f6", "attribute/4", "s1")
_UNITS = (
    "云溪市人民政府办公室",
    "云溪市水利局",
    "云溪市教育局",
    "云溪市财政局",
    "云溪市自然资源和规划局",
    "云溪市档案局",
    "青石县人民政府",
)
_KINDS = ("通知", "通报", "请示", "批复", "会议纪要", "意见", "函", "报告")
_TOPICS = (
    "防汛工作",
    "中小学校舍安全",
    "年度预算执行",
    "土地利用总体规划",
    "节约用水",
    "档案移交进馆",
    "干部培训",
    "乡村道路养护",
)
_RULES = (("personal.id_card@1", "confirmed", "redact"), ("personal.mobile@1", "confirmed", "redact"), ("process.draft@1", "suspected", "review"),
          ("personal.bank_card@1", "suspected", "redact"), ("caution.internal@1", "confirmed", "review"))  # fmt: skip
_CHOICES = (
    (Attribute.ACTIVE, Route.SUGGEST), (Attribute.ACTIVE, Route.REVIEW), (Attribute.ON_REQUEST, Route.REVIEW),
    (Attribute.ON_REQUEST, Route.SUGGEST), (Attribute.WITHHELD, Route.REVIEW), (Attribute.WITHHELD, Route.MANUAL),
)  # fmt: skip


def paper(number: int, **changed: object) -> Paper:
    """An ordinary paper suggested 主动公开; any field may be changed, and `words` is the Label that is sealed."""
    words = changed.pop("words", Label(f"关于第{number}号事项的通知", f"云府发〔2001〕{number}号", "云溪市水利局"))
    values: dict[str, object] = {
        "part": 0, "sha256": hashlib.sha256(str(number).encode()).digest(), "format": "docx", "pages": 2, "chars": 900,
        "attribute": Attribute.ACTIVE, "route": Route.SUGGEST, "confidence": 0.97, "in_scope": True, "kind": "通知", "issued": "2001-04-02",
        "level": None, "period": None, "declared": None, "problems": (), "counts": "{}", "number_key": None, "title_key": None,
        "carried_key": None, "label": SEAL.close_label(words) if isinstance(words, Label) else None, "verdict": b"", "sketch": None,
        "bloom": None, "vault": None,
    }  # fmt: skip
    return Paper(**{**values, **changed})  # type: ignore[arg-type]


def blocked(number: int, level: str = "secret", period: str | None = "10年") -> Paper:
    """A paper with a state-secret marking, as the ledger keeps it: no date, no words."""
    changed = {
        "attribute": None,
        "route": Route.BLOCKED,
        "level": level,
        "period": period,
        "issued": None,
        "kind": None,
        "words": None,
    }
    return paper(number, **changed, counts='{"marking.full@1": [1, "confirmed", "block"]}', confidence=1.0)


def row(path: str | bytes, *papers: Paper, state: FileState = FileState.DONE, error: str | None = None) -> Row:
    """A file with its papers."""
    name = path if isinstance(path, bytes) else path.encode()
    return Row(Entry(name, 1000, 1), state, papers, papers[0].sha256 if papers else None, error)


def made_ledger(folder: Path, rows: Iterable[Row], *, source: str = "/馆藏") -> Ledger:
    """A ledger with one finished run over `source`."""
    ledger = Ledger.create(folder / "ledger.sqlite")
    add_run(ledger, rows, source=source)
    return ledger


def add_run(ledger: Ledger, rows: Iterable[Row], *, source: str = "/馆藏") -> None:
    """One more finished run."""
    maker = ledger.maker(MAKER)
    run = ledger.begin_run("2026-11-20T09:00:00+08:00", json.dumps([source], ensure_ascii=False), 2, maker)
    found = 0
    heap: list[Row] = []
    for one in rows:
        found += 1
        heap.append(one)
        if len(heap) == 500:
            ledger.write(heap, maker, run)
            heap.clear()
    ledger.write(heap, maker, run)
    ledger.note_run(run, state="done", found=found, skipped=0, seconds=4321.0, ended="2026-11-20T10:12:00+08:00")


def large_rows(count: int, seed: int = 7) -> Iterable[Row]:
    """Rows of a plausible archive of a city, 1958 to 2025."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        year = min(2025, max(1958, round(chance.gauss(2004, 10))))
        unit, kind, topic = chance.choice(_UNITS), chance.choice(_KINDS), chance.choice(_TOPICS)
        path = f"/馆藏/{unit}/{year}/永久/{number:06}.pdf"
        if (dice := chance.random()) < 0.004:
            yield row(
                path, blocked(number, chance.choice(("secret", "confidential")), chance.choice(("10年", "20年", None, "长期")))
            )
            continue
        if dice < 0.012:
            lost = paper(number, attribute=Attribute.WITHHELD, route=Route.MANUAL, chars=0, confidence=0.33, format="unknown", issued=None,
                         kind=None, problems=(chance.choice(("timeout", "encrypted", "damaged", "no_text")),), words=Label())  # fmt: skip
            failed = dice < 0.006
            yield row(path, lost, state=FileState.FAILED if failed else FileState.DONE, error="timeout" if failed else None)
            continue
        attribute, route = chance.choices(_CHOICES, (46, 9, 12, 8, 16, 9))[0]
        found = {
            rule: [chance.randint(1, 6), grade, severity] for rule, grade, severity in chance.sample(_RULES, chance.randint(0, 2))
        }
        issued = f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" if chance.random() < 0.86 else None
        numbered = f"云{unit[3]}发〔{year}〕{chance.randint(1, 220)}号" if chance.random() < 0.7 else None
        problems = chance.choice((("page_no_text",), ("image",), ("ocr_low",))) if chance.random() < 0.06 else ()
        yield row(
            path,
            paper(number, attribute=attribute, route=route, kind=kind, issued=issued, problems=problems, pages=chance.randint(1, 9),
                  confidence=round(chance.uniform(0.7, 0.99), 3), chars=chance.randint(200, 6000), format=chance.choice(("pdf", "docx", "doc")),
                  counts=json.dumps(found), words=Label(f"{unit}关于{topic}的{kind}", numbered, unit if chance.random() < 0.9 else None)),
        )  # fmt: skip
