"""Names of people: where they are found, and whose they are."""

import pytest

from classifier.core.document import Block, Cell, Document, Span
from classifier.core.finding import Severity
from classifier.detect import people
from classifier.detect.spans import _book, find_personal
from tests.classifier.detect.samples import found


@pytest.mark.parametrize(
    ("text", "name", "severity"),
    [
        ("申请人：张建国", "张建国", Severity.REDACT),
        ("患者李芳因头痛就诊", "李芳", Severity.REDACT),
        ("举报人王秀兰反映", "王秀兰", Severity.REDACT),
        ("姓名：欧阳清，性别：女", "欧阳清", Severity.REDACT),
        ("被处罚人：王  伟\n", "王  伟", Severity.REDACT),
        ("学生：张雨桐", "张雨桐", Severity.REDACT),
        ("当事人：买买提·吐尔逊", "买买提·吐尔逊", Severity.REDACT),
        ("赫崇明，男，满族", "赫崇明", Severity.REVIEW),
        ("王秀兰女士", "王秀兰", Severity.REVIEW),
        ("张建国13812345678", "张建国", Severity.REVIEW),
        ("13812345678 张建国", "张建国", Severity.REVIEW),
        ("张建国的身份证号：330102199003071230", "张建国", Severity.REVIEW),
        ("法定代表人：李明", "李明", Severity.INFO),
        ("签发人：张建国", "张建国", Severity.INFO),
        ("审核人：张建国", "张建国", Severity.INFO),
        ("被申请执行人：李秀英", "李秀英", Severity.REDACT),
        ("申请执行人：李秀英", "李秀英", Severity.REDACT),
        ("我名字叫张建国", "张建国", Severity.REDACT),
        ("副市长王雁峰受到", "王雁峰", Severity.INFO),
        ("联系人王小明，电话0571-87654321", "王小明", Severity.INFO),
    ],
)
def test_name(text, name, severity):
    """The words beside a name say whether its owner is private, official or for a person to decide."""
    finding = found(text, "person_name")
    assert text[finding.span.start : finding.span.end] == name
    assert finding.severity is severity


def test_labels_are_words():
    """Labels are looked up as they stand: a sign of a pattern among them would be a label that nobody writes."""
    labels = "|".join((people._PRIVATE, people._MINOR, people._OFFICIAL, people._TITLES)).split("|")
    assert all("\u4e00" <= sign <= "\u9fff" for label in labels for sign in label)


def test_several_names_after_one_label():
    """A list of names after a label gives one finding each."""
    text = "死亡人员：张建国、李小明、王秀兰"
    findings = [f for f in find_personal(_document(text), _book()) if f.type == "person_name"]
    assert {text[f.span.start : f.span.end] for f in findings} == {"张建国", "李小明", "王秀兰"}


@pytest.mark.parametrize(
    "text",
    [
        "申请人应当提交材料", "当事人安全", "姓名：张某", "申请人：张**", "申请人：李××", "各位同志们", "全体同志", "单位电话057187654321", "黄山风景区",
        "负责人应当", "记录人：____ 单位及职务：", "患者不服的", "公安机关对消防安全实施监督管理", "姓名：", "法定代表人：无", "华为公司发布了新产品",
    ],
)  # fmt: skip
def test_not_a_name(text):
    """Ordinary words, blanks and masked names are no findings."""
    assert found(text, "person_name") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("当事人：1.王小明 2.赵铁柱 3.孙浩", {"王小明", "赵铁柱", "孙浩"}),
        ("当事人：\n1、王小明；\n2、赵铁柱；\n3、孙浩。", {"王小明", "赵铁柱", "孙浩"}),
        ("申请人：（1）张建国（2）李秀英", {"张建国", "李秀英"}),
        ("当事人：①王小明②赵铁柱", {"王小明", "赵铁柱"}),
        ("赵某（赵铁柱）到场", {"赵铁柱"}),
        ("赵某即赵铁柱", {"赵铁柱"}),
        ("赵某某，真名赵铁柱，今年四十岁", {"赵铁柱"}),
        ("欧阳某（欧阳清）", {"欧阳清"}),
        ("赵铁柱（以下简称赵某）", {"赵铁柱"}),
        ("当事人：John Smith", {"John Smith"}),
        ("原告：MARY ANN LEE，女", {"MARY ANN LEE"}),
        ("赵铁柱患癌", {"赵铁柱"}),
        ("李芳流产", {"李芳"}),
        ("王建国肝癌晚期", {"王建国"}),
    ],
)
def test_names_to_be_masked(text, names):
    """Numbered names after a label, the real name beside its mask, Latin names, a name before an illness."""
    findings = [f for f in find_personal(_document(text), _book()) if f.type == "person_name" and f.severity is Severity.REDACT]
    assert {text[f.span.start : f.span.end] for f in findings} == names


@pytest.mark.parametrize(
    "text",
    [
        "当事人：1.某公司 2.应当到场",
        "申请人：1.身份证复印件 2.户口本",
        "赵某（赵某某）与赵某（赵家村人）",
        "赵某即将到场",
        "张某（张店区）",
        "高某（高中文化）",
        "李某系李庄村人",
        "被告：United Airlines",
        "申请人：1.居民 2.单位 3.成年人",
        "王建国糖尿病研究中心",
        "当事人：Acme Trading Ltd",
        "用户：Google Chrome",
        "该项计划流产，方案流产",
        "容易患癌，定期筛查",
        "张建国患癌风险",
    ],
)
def test_not_to_be_masked(text):
    """Papers in a numbered list, masks beside masks, firms, plans that fail."""
    assert not [f for f in find_personal(_document(text), _book()) if f.severity is Severity.REDACT]


def test_compound_surname_keeps_two_characters():
    """The mask of a compound surname keeps the whole surname."""
    assert found("申请人：欧阳清", "person_name").mask == "欧阳某"


def test_minor_cites_the_minors_law():
    """A pupil's name cites the law that protects minors."""
    assert "未保法:103" in found("学生：张雨桐", "person_name").law


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("姓名\t身份证号\n张建国\t330102199003071230", Severity.REDACT),
        ("姓名|得分\n张建国|81", Severity.REVIEW),
        ("负责人\t电话\n张建国\t0571-87654321", None),
    ],
)
def test_roster_in_lines(text, severity):
    """A column headed 姓名 gives names; beside private columns they are to be masked."""
    finding = found(text, "person_name")
    asked = finding.severity if finding and finding.severity is not Severity.INFO else None  # the name model may tell it too
    assert asked is severity


def test_roster_in_cells():
    """The cells under 姓名 are names, other cells are not."""
    text = "姓名\n备注\n张建国\n王府井"
    cells = [(0, 2, 0, 0), (3, 5, 0, 1), (6, 9, 1, 0), (10, 13, 1, 1)]
    blocks = tuple(Block(Span(a, b), cell=Cell(0, row, column)) for a, b, row, column in cells)
    findings = find_personal(Document("0", "", "docx", text, blocks), _book())
    assert {(f.span.start, f.span.end) for f in findings if f.type == "person_name"} == {(6, 9)}


def _document(text: str) -> Document:
    return Document("0", "", "txt", text, (Block(Span(0, len(text))),))
