"""Passages in their own words: scored, hints at most a suspicion, silent in public papers, refused when the model is changed."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from classifier.core.errors import BadModel
from classifier.core.finding import Finding, Grade, Severity
from classifier.core.settings import read_settings
from classifier.detect import passages, sentences
from classifier.detect.passage_scorer import load
from classifier.detect.view import View, look
from classifier.knowledge import load_law, load_rules
from classifier.parse import read_text
from classifier.structure import annotate

HOME = read_settings().data_home
BOOK = load_rules(HOME / "corpus" / "rules", HOME / "corpus" / "terms", load_law(HOME / "corpus" / "law"))

RESEARCH = (
    "关于安置房业主诉求的维稳研判\n"
    "　　近期业主微信群有人煽动聚集，挑头的三人扬言赴省上访，已落实包保稳控措施，重要节点前做好劝返准备。\n"
    "　　网上有帖子转发，评论较多，宣传科已落实舆情引导，统一对外口径，暂不主动回应记者。\n"
    "　　下一步由街道干部逐户做思想工作，疏导情绪，防止串联扩散。\n"
)
STATUTE = "云溪市信访工作条例\n　　第一条 为规范信访工作，防止越级上访、聚集、串联，做好稳控和舆情引导，制定本条例。\n"


def _view(text: str) -> View:
    return look(annotate(read_text(text, "文书.txt")))


def _find(text: str) -> list[Finding]:
    return list(passages.detect(_view(text), BOOK))


def _copy(target: Path) -> Path:
    shutil.copytree(HOME / "models" / "passage", target / "passage")
    return target


def test_a_sentence_without_any_rule_word_order_is_found() -> None:
    """The research on a protest is told as social stability, sentence by sentence or joined, never as one keyword."""
    found = [f for f in _find(RESEARCH) if f.category.value == "social_stability"]
    assert found
    assert all(f.span.end - f.span.start >= 6 for f in found)


def test_a_finding_carries_its_score() -> None:
    """The reason names the score, so that a reviewer sees how sure the model is."""
    assert all("模型得分 0." in f.why or "模型得分 1." in f.why for f in _find(RESEARCH))


def test_a_passage_is_never_confirmed() -> None:
    """A model suspects, a person decides; a mere hint asks for nothing."""
    for finding in _find(RESEARCH):
        assert finding.grade is not Grade.CONFIRMED
        assert (finding.severity is Severity.REVIEW) == (finding.grade is Grade.SUSPECTED)


@pytest.mark.parametrize(
    "text",
    [
        STATUTE,
        "关于规范信访秩序的通告\n　　严禁聚集、串联、煽动上访，违者依法处理。\n　　特此通告。\n",
        "异地就医备案办事指南\n　　办理条件：参保人。\n　　办理材料：身份证。\n　　咨询电话：12393。\n",
    ],
    ids=["statute", "notice", "guide"],
)
def test_a_public_paper_mentions_everything_and_means_nothing(text: str) -> None:
    """Statutes, notices and guides give no passage."""
    assert _find(text) == []


def test_an_empty_paper_gives_nothing() -> None:
    """No sentence, no finding, no crash."""
    assert _find("") == []


def test_the_file_name_is_not_a_passage() -> None:
    """Only what a reader sees of the text is scored."""
    view = look(annotate(read_text("好", "关于业主聚集上访扬言赴省的维稳稳控研判.txt")))
    assert list(passages.detect(view, BOOK)) == []


def test_pieces_do_not_change_the_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long report scored in pieces names the same places as in one."""
    whole = [f.span for f in _find(RESEARCH * 12)]
    monkeypatch.setattr(passages, "_PIECE", len(RESEARCH) * 3)
    pieces = [f.span for f in _find(RESEARCH * 12)]
    assert pieces[0] == whole[0]
    assert len(pieces) == pytest.approx(len(whole), rel=0.2)


def test_without_a_model_rules_stand_alone(tmp_path: Path) -> None:
    """No pointer, no scorer."""
    assert load(tmp_path) is None


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    """One byte more and the checksum fails."""
    models = _copy(tmp_path)
    with (models / "passage" / "1" / "weights.npz").open("ab") as handle:
        handle.write(b"x")
    with pytest.raises(BadModel, match="校验和"):
        load(models)


def test_a_model_of_other_features_is_refused(tmp_path: Path) -> None:
    """A manifest of another feature version does not load."""
    models = _copy(tmp_path)
    path = models / "passage" / "1" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "features": 99}), encoding="utf-8")
    with pytest.raises(BadModel, match="不匹配"):
        load(models)


def test_a_model_without_a_line_for_a_family_is_refused(tmp_path: Path) -> None:
    """Every family has its two lines."""
    models = _copy(tmp_path)
    path = models / "passage" / "1" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["lines"]["legal_ban"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BadModel, match="内容不对"):
        load(models)


def test_sentences_end_at_stops_and_lines() -> None:
    """A sentence keeps its stop and does not cross a line."""
    text = "第一句话在这里。第二句话在这里\n第三句话在这里"
    assert [text[a:b] for a, b in sentences.split(text)] == ["第一句话在这里。", "第二句话在这里", "第三句话在这里"]


def test_digits_are_one_symbol() -> None:
    """A date or an amount carries no reason: other digits, same buckets."""
    one, other = (sentences.buckets(sentences.codes_of(t), 2, 1) for t in ("库存4.6吨", "库存8.1吨"))
    assert np.array_equal(one, other)


def test_blank_lines_of_a_form_tell_nothing() -> None:
    """Dots, rules and table bars are not words."""
    assert not sentences.tells(sentences.codes_of("____……｜｜  ——")).any()


def test_a_cue_counts_once_in_a_sentence() -> None:
    """Three different cue words at most, the same word once."""
    cues = sentences.make_cues({"a": ("稳控", "上访"), "b": ("底价",)})
    text = "稳控稳控稳控上访。底价底价底价。"
    counts = sentences.count_cues(text, sentences.split(text), cues)
    assert counts.tolist() == [[2.0, 0.0], [0.0, 1.0]]


def test_a_cue_outside_every_sentence_is_not_counted() -> None:
    """A line too short for a sentence counts for none."""
    cues = sentences.make_cues({"a": ("底价",)})
    text = "底价\n这是另外的一句话。"
    assert sentences.count_cues(text, sentences.split(text), cues).sum() == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "短",
        "　　第一句话在这里。第二句话在这里！\n短。\n\n第三句话在这里；？",
        "长" * 1300 + "。尾巴在这里了",
        "六个字的句。",
    ],
)
def test_sentences_are_those_of_the_plain_expression(text: str) -> None:
    """Cutting by code points gives what the expression gives, also where a stretch is too long for one sentence."""
    plain = re.compile(r"[^。！？；\n]{6,600}[。！？；]?")
    assert [tuple(span) for span in sentences.split(text).tolist()] == [m.span() for m in plain.finditer(text)]


def test_a_sentence_weighs_what_its_words_weigh() -> None:
    """The sums over stretches are those of adding the rows of each sentence one by one; a rule of dots weighs nothing."""
    scorer = load(HOME / "models")
    assert scorer is not None
    text = RESEARCH + "…………………………\n"
    spans = sentences.split(text)
    counts = np.zeros((len(spans), len(scorer.families)))
    total = scorer.weigh_sentences(text, spans, counts) - scorer.bias
    for part in sentences.read_parts(text, spans):
        for row, (start, end) in enumerate(part.spans):
            rows = scorer.grams[part.buckets[start:end] + (sentences.BUCKETS if part.near else 0)]
            total[row] -= part.scale[row] * rows.sum(axis=0, dtype=np.float64)
    assert np.abs(total).max() < 1e-9
