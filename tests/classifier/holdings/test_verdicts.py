"""A packed verdict comes back as the contract object it was; bytes that are none are refused."""

import datetime as dt
import json
import zlib

import pytest

from classifier import contract, pipeline
from classifier.core.errors import BadLedger
from classifier.holdings import verdicts
from classifier.pipeline import assess_text, default_tools

TEXT = "关于低保资格的公示\n各单位：\n　　申请人王小明，身份证号11010519491231002X，住和平路12号3单元402室，电话13800138000。\n2026年4月2日\n"


@pytest.mark.parametrize("text", [TEXT, "机密★10年\n关于某事的通知\n", ""])
def test_the_contract_object_comes_back(text: str) -> None:
    """Key by key as `mishen assess --no-text` prints it, with the path and hash the ledger knows."""
    said = assess_text(text, "a.txt")
    law, today = default_tools().law, dt.date(2026, 11, 24)
    packed = verdicts.pack(said, law, today)
    told = json.loads(json.dumps(contract.to_json(said, with_text=False, law=law, today=today)))
    assert verdicts.to_contract(packed, said.source, said.sha256) == told
    assert verdicts.unpack(packed, said.source, said.sha256) == contract.from_json(told)


def test_no_word_of_the_paper_is_in_it() -> None:
    """Not even deflated."""
    packed = verdicts.pack(assess_text(TEXT, "王小明.txt"))
    plain = zlib.decompressobj(-15, zdict=verdicts._WORDS).decompress(packed).decode()
    assert "王小明" not in plain
    assert "13800138000" not in plain


def test_it_is_small() -> None:
    """About a kilobyte for a page with a dozen findings."""
    assert len(verdicts.pack(assess_text(TEXT * 5), default_tools().law, dt.date(2026, 11, 24))) < 1200


@pytest.mark.parametrize("spoil", [lambda b: b"", lambda b: b[:-3], lambda b: b"\0" + b, lambda b: zlib.compress(b"{}")])
def test_garbage_is_refused(spoil) -> None:
    """Bytes from a child that was taken over end in a sentence, not in a crash."""
    with pytest.raises(BadLedger):
        verdicts.unpack(spoil(verdicts.pack(assess_text(TEXT))))


def test_a_verdict_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is not the child's to spend."""
    monkeypatch.setattr(verdicts, "_OPENED", 1000)
    with pytest.raises(BadLedger):
        verdicts.unpack(verdicts.pack(pipeline.assess_text(TEXT)))
