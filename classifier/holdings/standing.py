"""How far a batch is, as its ledger tells it to another terminal or a program: state, files, papers, failures. Counts only, no names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from classifier.core.problems import BESIDE_THE_TEXT, describe
from classifier.holdings.control import is_running, true_state
from classifier.holdings.figures import count_papers
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.moments import show_moment
from classifier.holdings.order import PROGRESS
from classifier.holdings.progress import Tally, duration, sentence, verdict_words

_STATES = {
    "running": "正在运行",
    "paused": "已暂停",
    "done": "已完成",
    "stopped": "已停下，可以继续",
    "cancelled": "已取消，可以继续",
    "killed": "意外中断，可以继续",
}
_ALIVE = ("running", "paused")
_PARTLY = "SELECT problems, count(*) FROM paper WHERE route != 'blocked' AND problems != '' AND chars > 0 GROUP BY problems"
_FAILURES = "SELECT error, count(*) FROM file WHERE state = 'failed' GROUP BY error ORDER BY 2 DESC"


def look_at(ledger: Ledger, out: Path) -> dict[str, Any]:
    """Where the batch in `out` stands: an object for programs, whose numbers are those of the report."""
    last = ledger.read("SELECT state, began, seconds, found, skipped FROM run ORDER BY id DESC LIMIT 1").fetchone()
    state, began, seconds, found, skipped = last or ("stopped", "—", 0.0, None, 0)
    state = true_state(state, alive=is_running(out))
    files = dict.fromkeys((FileState.DONE.value, FileState.AGAIN.value, FileState.FAILED.value), 0)
    files.update(ledger.read("SELECT state, count(*) FROM file GROUP BY state"))
    counts = count_papers(ledger)
    verdicts = asdict(counts)
    return {
        "state": state,
        "began": began,
        "seconds": seconds,
        "found": found,
        "skipped": skipped,
        "files": files,
        "papers": counts.papers,
        "containers": verdicts.pop("containers"),
        "verdicts": verdicts,
        "partly_unread": sum(count for codes, count in ledger.read(_PARTLY) if set(codes.split()) - BESIDE_THE_TEXT),
        "failures": dict(ledger.read(_FAILURES)),
        "progress": json.loads(Tally.of(ledger.noted(PROGRESS)).to_json()),
    }


def standing_lines(told: dict[str, Any]) -> Iterator[str]:
    """What `look_at` saw, for people."""
    state, files, tally = told["state"], told["files"], Tally.of(json.dumps(told["progress"]))
    began = f"开始于 {show_moment(told['began'])}（北京时间），用时 {duration(told['seconds'])}"
    yield f"状态：{_STATES.get(state, state)}；{began}"
    if state in _ALIVE:
        yield f"进度：{sentence(tally)}"
    again = f"，待单独重试 {files['again']} 个" if files["again"] else ""
    waiting = f"，还有 {tally.waiting} 个没有处理" if state not in (*_ALIVE, "done") and tally.waiting else ""
    yield f"文件：完成 {files['done']} 个，失败 {files['failed']} 个{again}{waiting}"
    shells = f"（另有 {told['containers']} 个压缩包一类的外壳，不算件）" if told["containers"] else ""
    yield f"共 {told['papers']} 件{shells}：{verdict_words(told['verdicts'])}"
    if told["partly_unread"]:
        yield f"其中没有读全 {told['partly_unread']} 件，都要由人看"
    for code, count in told["failures"].items():
        yield f"　失败 {count} 个文件：{describe(code)}"
