"""What a taken-over child could answer for a file is not believed: the parent checks every answer for shape and for its file."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from classifier import cli
from classifier.batch import run
from classifier.batch.wire import Garbage, decode
from classifier.pipeline import warm
from review_ui.worker import look

PAPER = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好宣传工作。\n云溪市水利局\n2026年4月2日"
BAD = (ValueError, TypeError, LookupError, AttributeError)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(PAPER, encoding="utf-8")
    return path


def test_the_command_line_believes_an_honest_child(paper: Path) -> None:
    """The caged child gives what a free process gives."""
    item = (str(paper), True)
    [outcome] = run(cli.assess_one, [item], accept=cli._accept, warm=warm)
    assert outcome.value == cli.assess_one(item)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "/etc/shadow"}, {"schema": "other"}, {"problems": [{"code": "\x1b[2J", "where": ""}]}, {"confidence": "1"},
        {"confidence": 7.0}, {"route": "trust me"}, {"route": "blocked", "reasons": []}, {"format": 7}, {"findings": 3},
    ],
)  # fmt: skip
def test_the_command_line_does_not_believe_a_forger(paper: Path, change: dict) -> None:
    """Another file's name, another schema, unknown codes, values of a wrong kind: `crashed`, not shown."""
    item = (str(paper), True)
    told = copy.deepcopy(cli.assess_one(item))
    told[0].update(change)
    with pytest.raises(BAD):
        cli._accept(item, told)


@pytest.mark.parametrize("told", [None, [], {}, "text", [None], [[]]])
def test_the_command_line_wants_contract_objects(paper: Path, told) -> None:
    """Nothing but a list of contract objects."""
    with pytest.raises(BAD):
        cli._accept((str(paper), True), told)


def test_the_desk_sees_what_the_child_saw(paper: Path) -> None:
    """A Sight comes out of the cage as it went in."""
    [outcome] = run(look.look_as_json, [paper], accept=look.accept, warm=warm)
    assert outcome.value == look.look(paper)


@pytest.mark.parametrize(
    "change",
    [{"text": 3}, {"blocked": "no"}, {"blocked": True}, {"rules": "x"}, {"rules": [1]}, {"assessment": None}, {"assessment": {}}],
)
def test_the_desk_does_not_believe_a_forger(paper: Path, change: dict) -> None:
    """Values of a wrong kind, and words beside a stop, are refused."""
    with pytest.raises(BAD):
        look.accept(paper, look.look_as_json(paper) | change)


@pytest.mark.parametrize(
    "message", [b"", b"[]", b"\xff", b'{"a":', b'{"a":NaN}', b"[" * 100_000, b"{" * 5_000_000, b'{"a":' + b"9" * 9999 + b"}"]
)
def test_what_is_no_json_object_is_garbage(message: bytes) -> None:
    """Broken, deep, huge and odd messages raise one error."""
    with pytest.raises(Garbage):
        decode(message)
