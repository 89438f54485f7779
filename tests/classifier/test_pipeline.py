"""File in, Assessment out: the cases of domain/09 that a first version must get right, end to end."""

import zipfile
from pathlib import Path

import docx
import pytest

from classifier.core.assessment import Attribute, Route
from classifier.pipeline import assess, assess_family, assess_text, assess_unread


def _docx(path: Path, body: str, header: str = "") -> Path:
    document = docx.Document()
    for line in body.split("\n"):
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.save(str(path))
    return path


BODY = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n请结合实际做好节水宣传工作。\n云溪市水利局\n2026年4月2日"


def test_header_only_marking_is_blocked(tmp_path: Path) -> None:
    """A secrecy mark that stands only in the page header stops the paper."""
    verdict = assess(_docx(tmp_path / "a.docx", BODY, header="机密★5年"))
    assert verdict.route is Route.BLOCKED
    assert verdict.attribute is None
    assert verdict.elements.secret_marking is not None
    assert verdict.elements.secret_marking.where.value == "header"


def test_clean_docx_is_read_and_judged(tmp_path: Path) -> None:
    """A plain paper gives elements, scores and an attribute."""
    verdict = assess(_docx(tmp_path / "a.docx", BODY))
    assert verdict.elements.title == "云溪市水利局关于开展节水宣传的通知"
    assert verdict.scores is not None
    assert verdict.attribute is not None


@pytest.mark.parametrize(
    "raw", [b"", b"PK\x03\x04broken", b"%PDF-1.7\n%%EOF", bytes(range(256)) * 40], ids=["empty", "zip", "pdf", "binary"]
)
def test_bad_files_are_named_problems(tmp_path: Path, raw: bytes) -> None:
    """Whatever cannot be read gives a problem, a person, and never 主动公开."""
    path = tmp_path / "x.docx"
    path.write_bytes(raw)
    verdict = assess(path)
    assert verdict.problems
    assert verdict.route is Route.MANUAL
    assert verdict.attribute is not Attribute.ACTIVE


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    """A name without a file does not raise."""
    assert [p.code for p in assess(tmp_path / "nothing.txt").problems] == ["not_found"]


def test_dead_reader_is_a_problem(tmp_path: Path) -> None:
    """A file whose child died goes to a person."""
    verdict = assess_unread(str(tmp_path / "x.pdf"), "crashed")
    assert verdict.route is Route.MANUAL
    assert [p.code for p in verdict.problems] == ["crashed"]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\nbroken"])
def test_of_a_file_nobody_could_read_nothing_is_guessed(content: bytes, tmp_path: Path) -> None:
    """Neither by the model nor by the want of a reason: it says what was not read, and a person looks."""
    (tmp_path / "x.pdf").write_bytes(content)
    for verdict in (assess(tmp_path / "x.pdf"), assess_unread(str(tmp_path / "x.pdf"), "timeout")):
        assert verdict.scores is None
        assert {reason.step for reason in verdict.reasons} == {"S0"}
        assert verdict.route is Route.MANUAL


def test_a_wrapper_is_not_judged_by_its_empty_text(tmp_path: Path) -> None:
    """What is in it has its say, and the archive that of the worst."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("通知.txt", BODY)
    outer, inner = assess_family(tmp_path / "a.zip")
    assert outer.attribute is inner.attribute
    assert outer.scores is None
    assert {reason.step for reason in outer.reasons} == {"S0"}


def test_bomb_stops_early(tmp_path: Path) -> None:
    """A part that unpacks 1,000 times its size is not unpacked."""
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 300_000_000)
    assert "bomb" in [p.code for p in assess(path).problems]


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        (
            "云溪市水利局关于追加经费的请示\n市人民政府：\n　　拟追加经费286万元，从预备费安排。\n　　妥否，请批示。\n云溪市水利局\n2026年4月2日",
            "withheld",
        ),
        (
            "局长办公会会议纪要\n主持：罗嘉言\n出席：罗嘉言、沈一舟\n记录：蒋小满\n　　会议议定由计财科再作测算后研究。",
            "withheld",
        ),
        (
            "关于公开征求《云溪市旅馆业管理办法（征求意见稿）》意见的公告\n为广泛听取社会各界意见，现向社会公开征求意见，期限三十日，请将意见发送至邮箱。",
            "active",
        ),
        ("询问笔录\n询问人：白一鸣\n被询问人：王建业\n问：你何时开始营业？\n答：去年十月。", "withheld"),
        (
            "云溪市旅馆业管理办法\n第一条　为了规范旅馆业管理，根据有关法律，制定本办法。\n第二条　本市行政区域内经营旅馆，适用本办法。\n第十条　本办法自2026年5月1日起施行。",
            "active",
        ),
    ],
)
def test_guide_cases(text: str, attribute: str) -> None:
    """Cases 1-3, 5, 10, 37 of the labelling guide come out right."""
    verdict = assess_text(text)
    assert verdict.attribute is not None
    assert verdict.attribute.value == attribute


def test_same_bytes_same_verdict() -> None:
    """No clock, no chance: assessing twice gives equal values."""
    assert assess_text(BODY) == assess_text(BODY)


def _zip(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return path


def test_an_archive_gives_one_verdict_per_paper(tmp_path: Path) -> None:
    """The outer file first, raised by its worst member, then each member with its path."""
    outer, *members = assess_family(
        _zip(tmp_path / "a.zip", 通知=BODY, 请示="关于追加经费的请示\n市政府：\n　　拟追加经费。\n　　妥否，请批示。")
    )
    assert [m.member for m in members] == ["通知.txt", "请示.txt"]
    assert outer.attribute is Attribute.WITHHELD


def test_one_marked_member_silences_its_siblings(tmp_path: Path) -> None:
    """Nothing is said of the other members of a marked archive, not even their names."""
    path = _zip(tmp_path / "a.zip", 通知=BODY, 情况="机密★5年\n有关情况")
    [only] = assess_family(path)
    assert only.route is Route.BLOCKED
    assert only.text == ""
    assert assess(path).text == ""


@pytest.mark.parametrize("words", ["解密\n", "本文件属于秘密级事项，保密期限5年\n", "根据澜委密〔2020〕3号要求，现通知如下。\n"])
def test_words_of_secrecy_force_a_person(words: str) -> None:
    """What may be a mark and is no regular one is never clicked through."""
    assert assess_text(words + BODY).route in (Route.MANUAL, Route.BLOCKED)


def test_a_dead_reader_still_sees_the_name() -> None:
    """The name of a file that could not be read can carry the mark."""
    assert assess_unread("机密★10年.txt", "crashed").route is Route.BLOCKED


def test_an_unread_member_keeps_the_archive_closed(tmp_path: Path) -> None:
    """A good paper beside a broken one: the archive is not 主动公开 and not publishable."""
    path = tmp_path / "mix.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("通知.txt", BODY)
        archive.writestr("b.docx", b"PK\x03\x04broken")
    outer = assess_family(path)[0]
    assert outer.attribute is not Attribute.ACTIVE
    assert outer.route is Route.MANUAL
    assert not outer.publishable_after_redaction
