"""Lists of people: one finding for the table, which says what to hide; names and private cells one by one."""

import time

import pytest

from classifier.core.finding import Severity
from classifier.detect import detect
from classifier.detect.rosters import detect as detect_rosters
from classifier.detect.spans import _book, document_of
from classifier.detect.view import look
from classifier.parse import read_text

RELIEF = "姓名\t身份证号\t所在村\t病种\t金额\n张建国\t330102199003071230\t柳湾村\t尿毒症\t3000\n李芳\t330102198803071234\t河口村\t肝癌\t5000\n"


def _rosters(text: str):
    return [f for f in detect_rosters(look(document_of(text)), _book()) if f.type == "roster"]


def test_a_table_is_one_finding_that_says_what_to_hide():
    """Identity numbers and illnesses go, name, village and amount may stay."""
    (roster,) = _rosters(RELIEF)
    assert roster.severity is Severity.REVIEW
    assert "2 人" in roster.why
    assert "身份证号整列隐去，病情整列删除" in roster.why
    assert "姓名、村社区、金额可以保留" in roster.why
    assert RELIEF[roster.span.start : roster.span.end] == RELIEF.strip()


def test_the_reason_holds_no_word_of_the_list():
    """Columns are told by kind, never by the values."""
    (roster,) = _rosters(RELIEF)
    assert not any(value in roster.why for value in ("张建国", "330102", "尿毒症", "柳湾"))


def test_the_cells_stay_findings_of_their_own():
    """Inside the table names, numbers and illnesses are still masked one by one."""
    kinds = [f.type for f in detect(document_of(RELIEF), _book()) if f.severity is Severity.REDACT]
    assert kinds.count("person_name") == 2
    assert kinds.count("id_card") == 2
    assert kinds.count("health") == 2


@pytest.mark.parametrize(
    "text",
    [
        RELIEF.replace("\t", ","),
        RELIEF.replace("\t", " "),
        RELIEF.replace("\t", "|"),
        RELIEF.replace("\t", "　　"),
        "张建国\t330102199003071230\n李芳\t330102198803071234\n王小明\t330102197703071236",
    ],
)
def test_tables_are_read_however_they_are_drawn(text):
    """Commas, blanks, bars, wide gaps, and without heads when four cells in five are names beside numbers."""
    assert len(_rosters(text)) == 1


def test_the_cells_of_a_file_are_a_table_too():
    """A spreadsheet or a csv file gives cells."""
    document = read_text(RELIEF.replace("\t", ","), "名单.csv")
    assert [f.type for f in detect_rosters(look(document), _book())].count("roster") == 1


def test_exam_results_may_stay_as_they_are():
    """Name, number of the ticket and score are what such a list is for."""
    (roster,) = _rosters("姓名　准考证号　成绩\n周小雨　20260118　81.5\n张建国　20260119　78.2")
    assert roster.severity is Severity.INFO


def test_names_of_pupils_are_kept_to_the_surname():
    """Where a column says class or school, the names go."""
    (roster,) = _rosters("姓名\t班级\t家庭情况\n张雨桐\t三（1）班\t父母离异\n李子豪\t三（2）班\t孤儿")
    assert "学生姓名只留姓" in roster.why


@pytest.mark.parametrize(
    "text",
    [
        "姓名\t职务\n张建国\t局长\n李芳\t副局长",
        "姓名\t职务\t办公电话\n张建国\t局长\t0571-87654321\n李芳\t副局长\t0571-87654322",
        "项目\t金额\n道路\t1200\n桥梁\t800",
        "姓名\t身份证号\n（由申请人填写）\t（由申请人填写）",
        "序号　单位　得分\n一　水利局　90\n二　交通局　88",
    ],
)
def test_officials_projects_and_blank_forms_are_no_roster(text):
    """Two people at least, and something private about them."""
    assert _rosters(text) == []


def test_lines_that_begin_with_names_are_a_list():
    """Notes without columns: three names in a row with something private."""
    text = "体检分批名单\n张建国 套餐A 去年复查：肺结节\n李芳 套餐B 怀孕 不做胸片\n王小明 套餐A 在服降压药\n地点：市二院。"
    (roster,) = _rosters(text)
    assert text[roster.span.start : roster.span.end].startswith("张建国")


@pytest.mark.parametrize(
    "said",
    [
        "13812345678", "身份证", "有病", "怀孕", "服药", "残", "血压", "血糖", "结节", "癌", "卧床", "术后", "体检", "复查", "套餐", "支架",
        "低保", "45岁", "住城东",
    ],
)  # fmt: skip
def test_one_private_word_for_three_names_is_enough(said):
    """Whatever the pattern of private words knows also leads to the lines around it."""
    text = f"附后\n张建国 家中情况如下\n李芳 没有其他说明\n王小明 {said}\n以上供各科室参考，请妥善安排。"
    assert [text[f.span.start : f.span.end][:3] for f in _rosters(text)] == ["张建国"]


@pytest.mark.parametrize(
    "piece", ["张建国\t13812345678\n", "姓名\t", "\t|", "　　姓名", "张三 1\n", "姓名 性别 年龄\n", "a,b,姓名\n"]
)
def test_long_tables_are_read_in_linear_time(piece):
    """Fifty thousand characters of the worst lines take a fraction of a second."""
    view = look(document_of(piece * (50_000 // len(piece))))
    list(detect_rosters(look(document_of(piece)), _book()))
    began = time.process_time()
    list(detect_rosters(view, _book()))
    assert time.process_time() - began < 0.8
