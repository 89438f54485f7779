"""Marks, not mentions: position decides (domain/02 §2 and §5)."""

import pytest

from classifier.core.document import Where
from classifier.core.finding import Grade, Severity
from classifier.core.settings import read_settings
from classifier.detect import detect, marking
from classifier.detect.view import look
from classifier.knowledge import load_law, load_rules
from classifier.structure import annotate
from tests.classifier.papers import paper

CORPUS = read_settings().data_home / "corpus"
BOOK = load_rules(CORPUS / "rules", CORPUS / "terms", load_law(CORPUS / "law"))
BODY = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好宣传工作。"


def _blocks(text: str, name: str = "文书.txt", where: Where = Where.BODY) -> list[str]:
    return [f.rule for f in detect(annotate(paper(text, name, where)), BOOK) if f.severity is Severity.BLOCK]


@pytest.mark.parametrize(
    "text",
    [
        "机密★10年\n" + BODY,
        "绝 密 ★ 30年\n" + BODY,
        "秘密☆6个月\n" + BODY,
        "机密★2027年10月1日\n" + BODY,
        "绝密★启用前\n2026年模拟试题",
        "000123\n秘密\n特急\n" + BODY,
        "000123 机密 特急\n" + BODY,
        "【机密】\n" + BODY,
        "密级：秘密\n" + BODY,
        "密码电报\n" + BODY,
        BODY + "\n（秘密）以下为有关情况说明。",
        BODY + "\n附表：机密★5年",
        "秘密★长期\n" + BODY,
        "机密＊１０年\n" + BODY,
        "机密\n机密\n" + BODY,
        "機密★10年\n" + BODY,
        "机密★2030-12-31\n" + BODY,
        "绝密★长 期\n" + BODY,
        "机密★拾年\n" + BODY,
        "机密级★\n" + BODY,
        "机 密 ★ 1 0 年\n" + BODY,
        "机密🌟10年\n" + BODY,
        "机密 （10年）\n" + BODY,
        "机密　保密期限10年\n" + BODY,
        "编号：0012 机密\n" + BODY,
        "密级：□公开 ☑机密\n" + BODY,
        "密级：机  密\n" + BODY,
        "序号|密级|名称\n1|机密|防汛方案\n2|秘密|值班表",
        "序号\t密级\t名称\n1\t秘密\t防汛方案",
    ],
)
def test_marks_stop(text: str) -> None:
    """A marking by the grammar blocks the paper."""
    assert _blocks(text)


@pytest.mark.parametrize("where", [Where.HEADER, Where.FOOTER, Where.TEXTBOX, Where.PROPERTY, Where.HIDDEN])
def test_a_lone_level_outside_the_body_stops(where: Where) -> None:
    """In a header, footer, text box, property or hidden text a lone level is a marking."""
    assert _blocks("机密", where=where)


@pytest.mark.parametrize(
    "text",
    [
        "第十四条　国家秘密的密级分为绝密、机密、秘密三级。\n绝密级国家秘密是最重要的国家秘密。",
        "国家秘密的保密期限，除另有规定外，绝密级不超过三十年，机密级不超过二十年，秘密级不超过十年。",
        "关于开展保密宣传教育的通知\n各单位要学习保守国家秘密法，增强涉密人员保密意识。",
        "双方应当签订保密协议，保守商业秘密和技术秘密。",
        "系统应当保证数据的机密性、完整性和可用性。",
        "揭秘：一个成功企业的秘密武器",
        "密级：非密\n" + BODY,
        "密级：公开\n" + BODY,
        "密级：□绝密 □机密 □秘密\n申请表",
        "机密文件失窃案告破，嫌疑人已被抓获。",
        "涉密载体分类登记表\n类别：\n绝密\n机密\n秘密",
        "**机密**文件应当及时归档",
        "本剧讲述一段绝密飞行的故事。",
        "甲方提供的资料属于商业秘密，乙方不得泄露。",
    ],
)
def test_mentions_do_not_stop(text: str) -> None:
    """Statutes, slogans, contracts, forms and stories that name the levels go on."""
    assert _blocks(text) == []


@pytest.mark.parametrize(
    "name",
    [
        "机密-关于工作.docx",
        "【秘密】方案.pdf",
        "秘密★5年.txt",
        "方案_机密.txt",
        "方案 机密.txt",
        "机密文件-方案.txt",
        "001机密方案.txt",
        "机 密 方案.txt",
    ],
)
def test_a_marked_file_name_stops(name: str) -> None:
    """The file name can carry the marking."""
    assert _blocks(BODY, name=name)


@pytest.mark.parametrize("name", ["商业秘密保护指引.docx", "保守国家秘密法.pdf", "秘密花园读后感.txt"])
def test_an_ordinary_file_name_goes_on(name: str) -> None:
    """A name that mentions secrets is no marking."""
    assert _blocks(BODY, name=name) == []


def test_a_lone_level_deep_in_the_body_is_a_hint() -> None:
    """Below the head a lone level asks a person to look, it does not stop."""
    text = BODY + "\n" + "\n".join(f"　　第{n}项工作已经完成。" for n in range(20)) + "\n附件正文\n机密\n附件内容"
    found = [f for f in detect(annotate(paper(text)), BOOK) if f.category.value == "state_secret"]
    assert [(f.severity, f.grade) for f in found] == [(Severity.REVIEW, Grade.HINT)]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("内部资料　注意保存\n" + BODY, Grade.CONFIRMED),
        (BODY + "\n（会后收回）", Grade.CONFIRMED),
        ("内 部 资 料\n" + BODY, Grade.CONFIRMED),
        ("注意保密\n" + BODY, Grade.CONFIRMED),
        ("此件不公开\n" + BODY, Grade.CONFIRMED),
        (BODY + "\n本材料未经批准不得公开，请妥善保管，使用完毕后交回办公室统一处理归档。", Grade.CONFIRMED),
        (
            BODY + "\n　　工作人员对在认定工作中知悉的申请人信息负有保密义务，有关数据不得外泄，违反规定的依照有关规定处理。",
            Grade.SUSPECTED,
        ),
    ],
)
def test_caution_marks_are_graded_by_what_they_speak_of(text: str, grade: Grade) -> None:
    """A caution on this paper is confirmed; a duty told in a sentence is only suspected."""
    assert grade in [f.grade for f in detect(annotate(paper(text)), BOOK) if f.category.value == "work_secret"]


def test_pattern_rules_stand_long_input() -> None:
    """50 KB of the worst repeated text takes well under a second for all rules."""
    import time

    for piece in ("机密", "内部", "密级：", "会议", "请批示", "第一条", "监控点位", "（此件"):
        document = annotate(paper(piece * (25_000 // len(piece))))
        began = time.process_time()
        detect(document, BOOK)
        assert time.process_time() - began < 1.5, piece


@pytest.mark.parametrize(
    "piece",
    [
        "机密", "机 密 ", "机密\n", "机\n密\n", "机密★", "机密★\n", "绝密★启用", "密级：", "密级：□", "□机密", "√", "密级\t机密\n", "（机密）",
        "定密责任人：甲\n", "特急·", "密码电报\n", "SECRET//A", "本件为", "12345部队", "密〔2020〕", "木几", "内部资料 ", "此件发至",
    ],
)  # fmt: skip
def test_marking_rules_stand_long_input(piece: str) -> None:
    """50 KB of one piece repeated costs the marking and caution rules about a tenth of a second; this only tells linear from quadratic on a busy machine."""
    import time

    view = look(paper(piece * (50_000 // len(piece.encode()))))
    began = time.process_time()
    list(marking.detect(view, BOOK))
    assert time.process_time() - began < 2
