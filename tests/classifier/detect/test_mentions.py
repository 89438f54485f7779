"""Names without a label beside them."""

import pytest

from classifier.core.assessment import Provenance
from classifier.core.finding import Severity
from classifier.core.settings import read_settings
from classifier.detect import detect, mentions, name_scorer
from classifier.detect.candidates import COMPOUND, FOREIGN, HAN_NAME, WORD, find_candidates, find_places
from classifier.detect.name_scorer import choose, load_scorer
from classifier.detect.name_signs import read_signs
from classifier.detect.spans import _book, document_of, find_spans
from classifier.detect.view import look
from classifier.judge import Case, judge
from classifier.knowledge import load_law
from classifier.structure import annotate
from tests.classifier.papers import paper

HOME = read_settings().data_home
SCORER = load_scorer(HOME)


def _names(text):
    return [text[start:end] for start, end, kind in find_spans(text) if kind == "PERSON"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("会议由李秀英主持，王志强、陈丽华参加。", ["李秀英", "王志强", "陈丽华"]),
        ("昨天下午，刘国庆带着孩子去了医院。", ["刘国庆"]),
        ("代表团团长谢尔盖·伊万诺夫在会上发言。", ["谢尔盖·伊万诺夫"]),
        ("欧阳明远说，今年的收成不错。", ["欧阳明远"]),
        ("会上，副省长江淑琴宣读了表彰决定。", ["江淑琴"]),
        ("审计组长计永平带队到现场检查。", ["计永平"]),
    ],
)
def test_a_name_in_prose_is_found(text, names):
    """Exactly the name, without the words beside it."""
    assert _names(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "高度重视安全生产，严格落实责任制。",
        "任何单位和个人不得截留、挪用专项资金。",
        "方便群众办事，压缩审批时限，全面推行一次办好。",
        "一般公共预算收入同比增长百分之六点三，其中税收收入占比提高。",
        "高举邓小平理论伟大旗帜，学习雷锋精神。",
        "伊拉克首都巴格达、韩国首都首尔、莫斯科和华盛顿同时举行了活动。",
    ],
)
def test_ordinary_prose_holds_no_name(text):
    """Statutes, budgets, slogans and places are no people."""
    assert _names(text) == []


@pytest.mark.parametrize(
    "text", ["经审讯，诸葛某对犯罪事实供认不讳。", "村民赵某某反映，道路损坏。", "原告李×诉称，被告未付款。"]
)
def test_a_masked_name_is_no_new_name(text):
    """What is hidden already is not found again."""
    assert _names(text) == []


def _mentions(text):
    found = mentions.detect(look(document_of(text)), _book())
    return {text[f.span.start : f.span.end]: f for f in found}


def test_an_official_is_told_and_not_masked():
    """A name in office is information."""
    finding = _mentions("局长张建国强调，要抓好防汛工作。")["张建国"]
    assert (finding.severity, finding.mask) == (Severity.INFO, None)


def test_a_private_name_is_looked_at():
    """A patient's name asks for a person, with a mask at hand."""
    finding = _mentions("昨天，患者李秀英、王桂兰先后出院。")["李秀英"]
    assert (finding.severity, finding.mask) == (Severity.REVIEW, "李某")


def test_the_graver_capacity_stays():
    """Somebody who is in office in one line and a patient in another is looked at in both."""
    text = "局长张建国强调，要抓好防汛工作。次日，患者张建国入院治疗。"
    found = [f for f in mentions.detect(look(document_of(text)), _book()) if text[f.span.start : f.span.end] == "张建国"]
    assert [f.severity for f in found] == [Severity.REVIEW, Severity.REVIEW]


def test_without_a_model_labels_still_find_names(monkeypatch):
    """A missing model is no crash and takes nothing from the labelled names."""
    monkeypatch.setattr(mentions, "load_scorer", lambda _home: None)
    assert _names("申请人：张建国，由李秀英主持") == ["张建国"]


def test_a_mention_for_information_changes_no_verdict():
    """The same paper with and without INFO mentions gets the same attribute and route."""
    text = "青棠县水利局关于印发防汛工作方案的通知\n各乡镇：\n会议由李秀英主持，王志强参加。\n青棠县水利局\n2024年5月6日"
    document = annotate(paper(text))
    findings = detect(document, _book())
    told = [f for f in findings if f.rule.startswith("personal.name_mention") and f.severity is Severity.INFO]
    assert told
    settings, law = read_settings(), load_law(HOME / "corpus" / "law")
    verdicts = [
        judge(Case(document, kept, None, law, settings.thresholds), "x", Provenance("0", "0", "none"))
        for kept in (findings, tuple(f for f in findings if f not in told))
    ]
    assert len({(v.attribute, v.route, v.confidence) for v in verdicts}) == 1


@pytest.mark.parametrize("text", ["", " ", "王", "·", "张·", "a" * 50, "张三" * 3000, "，" * 500, "\ud800张建国说", "𠮷田说𠀀"])
def test_odd_texts_are_survived(text):
    """Empty, broken and endless texts cost nothing but a moment."""
    assert SCORER is not None
    for mention in choose(text, SCORER):
        assert 0 <= mention.start < mention.end <= len(text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("局长张建国说", {("张建", HAN_NAME), ("张建国", HAN_NAME)}),
        ("尉迟光远说", {("尉迟光", COMPOUND), ("尉迟光远", COMPOUND)}),
        ("小芳说", {("小芳", WORD)}),
        ("让-吕克说", {("让-吕克", FOREIGN)}),
        ("张某说", set()),
    ],
)
def test_a_candidate_has_the_shape_of_a_name(text, kinds):
    """Surname and given name, surname of two characters, nickname, foreign name; what is masked already is none."""
    assert SCORER is not None
    signs = read_signs(text, SCORER.alphabet)
    found = find_candidates(signs, find_places(signs), SCORER.shapes)
    assert kinds <= {(signs.word(start, end), kind) for start, end, kind, _ in found.rows.T.tolist()}
    assert kinds or not found.rows.size


@pytest.mark.parametrize("text", ["", "budget 2024: 35.7", "，。、", "一二三"])
def test_a_text_without_a_place_for_a_name_ends_at_once(text, monkeypatch):
    """Nothing is described, cut or scored where no name can begin."""
    assert SCORER is not None
    monkeypatch.setattr(name_scorer, "describe", None)
    monkeypatch.setattr(name_scorer, "look_again", None)
    assert choose(text, SCORER) == []
