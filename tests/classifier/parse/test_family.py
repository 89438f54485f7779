"""Files inside files: read to the third level, each once, under one budget for all of them."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

from classifier.core.settings import Limits

WORDS = "关于做好信访工作的通知，联系电话13800138000。"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name.replace("__", ".")), data)
    return out.getvalue()


def mailed(name: str, data: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "转发", "a@example.cn", "b@example.cn"
    message.set_content("见附件")
    message.add_attachment(data, maintype="application", subtype="zip", filename=name)
    return message.as_bytes()


def test_a_paper_in_a_zip_in_a_mail_in_a_zip_is_read(docx, read_bytes):
    """Three levels, each Document once, with the way that leads to it."""
    paper = docx(f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>")
    outer = zipped(mail__eml=mailed("内部.zip", zipped(b__docx=paper)), note__txt=b"a note")
    document = read_bytes(outer, "a.zip")
    family = list(document.walk())
    assert [one.member for one in family] == [None, "mail.eml", "mail.eml!/内部.zip", "mail.eml!/内部.zip!/b.docx", "note.txt"]
    assert len({id(one) for one in family}) == len(family)
    assert WORDS in family[3].text
    assert all(one.problems == () for one in family)


def test_the_fourth_level_stays_shut_and_says_so(read_bytes):
    data = WORDS.encode()
    for _ in range(4):
        data = zipped(inner__zip=data) if data[:2] == b"PK" else zipped(a__txt=data)
    family = list(read_bytes(data, "a.zip").walk())
    assert len(family) == 4
    assert {problem.code for problem in family[-1].problems} == {"too_deep"}
    assert "a.txt" in family[-1].text
    assert WORDS not in "".join(one.text for one in family)


def test_the_members_of_all_levels_share_one_budget(read_bytes):
    """Ten zips of ten files: the limit counts the whole tree."""
    inner = zipped(**{f"f{n}__txt": b"words" for n in range(10)})
    document = read_bytes(zipped(**{f"z{n}__zip": inner for n in range(10)}), "a.zip", Limits(members=25))
    family = list(document.walk())
    assert len(family) == 26
    assert "too_many_members" in {problem.code for problem in document.problems}


def test_the_bytes_of_all_levels_share_one_budget(read_bytes):
    inner = zipped(a__txt=b"ab" * 5000)
    document = read_bytes(zipped(**{f"z{n}__zip": inner for n in range(10)}), "a.zip", Limits(unpacked=50_000))
    assert "bomb" in {problem.code for one in document.walk() for problem in one.problems}
    assert len(document.children) < 10


def test_the_same_family_gives_the_same_document(read_bytes):
    data = zipped(mail__eml=mailed("x.zip", zipped(a__txt=WORDS.encode())))
    assert read_bytes(data, "a.zip") == read_bytes(data, "a.zip")


def test_a_mail_in_its_own_reply_stops_at_the_limit(read_bytes):
    data = mailed("a.zip", zipped(a__txt=WORDS.encode()))
    for _ in range(5):
        data = mailed("b.zip", zipped(m__eml=data))
    family = list(read_bytes(data, "a.eml").walk())
    assert len(family) == 4
    assert "too_deep" in {problem.code for problem in family[-1].problems}
