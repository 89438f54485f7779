"""Mail: every body, every header and every file of eml, mhtml and msg, whoever wrote them."""

from __future__ import annotations

import base64
import binascii
import functools
import struct
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.core.document import Where
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import olebox_writer, read

WORDS = "关于做好信访工作的通知，联系电话13800138000。"
KINDS = ("eml", "mhtml", "msg")


def make_eml(plain: str = WORDS, page: str = "", files: dict[str, bytes] | None = None, **headers: str) -> bytes:
    message = EmailMessage()
    given = {
        "Subject": "会议通知",
        "From": "张三 <a@example.cn>",
        "To": "b@example.cn",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0800",
    }
    for name, value in (given | headers).items():
        message[name.replace("_", "-")] = value
    message.set_content(plain)
    if page:
        message.add_alternative(page, subtype="html")
    for name, data in (files or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def make_mhtml() -> bytes:
    page = base64.encodebytes(f"<html><body><p>{WORDS}</p></body></html>".encode("gb18030"))
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: http://a/\r\nSubject: =?utf-8?B?6aKY?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n'
        b"--B\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n" + page + b"\r\n"
        b"--B\r\nContent-Type: text/css\r\nContent-Location: a.css\r\n\r\np::after{content:'after words'}\r\n"
        b"--B\r\nContent-Type: application/octet-stream\r\nContent-Location: http://a/notes.txt\r\n\r\nplain words\r\n--B--\r\n"
    )


def stream(number: int, text: str | bytes, storage: str = "") -> dict[str, bytes]:
    kind, raw = ("001F", text.encode("utf-16-le")) if isinstance(text, str) else ("0102", text)
    return {f"{storage}__substg1.0_{number:04X}{kind}": raw}


def make_msg(*more: dict[str, bytes], body: str = WORDS) -> bytes:
    streams = {
        "__properties_version1.0": bytes(32),
        **stream(0x37, "会议通知"),
        **stream(0x1A, "IPM.Note"),
        **stream(0x1000, body),
    }
    for extra in more:
        streams |= extra
    return olebox_writer.pack(streams)


@functools.cache
def sample(kind: str) -> bytes:
    """A sound file of each kind, with a file inside."""
    attachment = stream(0x3707, "附件.txt", "__attach_version1.0_#00000000/") | stream(
        0x3701, "附件内容".encode(), "__attach_version1.0_#00000000/"
    )
    return {
        "eml": lambda: make_eml(files={"附件.txt": "附件内容".encode()}),
        "mhtml": make_mhtml,
        "msg": lambda: make_msg(attachment),
    }[kind]()


def check(document) -> None:
    """The promises of a Document, and of all inside it."""
    for one in document.walk():
        end = 0
        for block in one.blocks:
            assert end <= block.span.start < block.span.end <= len(one.text)
            end = block.span.end
        assert all(problem.code in PROBLEMS for problem in one.problems)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_mail_is_read_in_full(kind, read_bytes, places):
    """Body, file inside and name are there, and nothing is reported."""
    document = read_bytes(sample(kind), f"a.{kind}")
    check(document)
    assert document.format == kind
    assert document.problems == ()
    assert places(document, WORDS) == {Where.BODY}
    assert len(document.children) == 1
    assert document.children[0].problems == ()
    assert document.children[0].text.splitlines()[0] in ("附件内容", "plain words")
    assert read_bytes(sample(kind), f"a.{kind}") == document


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_under_another_name_is_read_by_content(kind, read_bytes, codes):
    document = read_bytes(sample(kind), "a.txt")
    assert document.format == kind
    assert codes(document) == {"mismatch"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tenths", range(10))
def test_a_cut_mail_says_so(kind, tenths, read_bytes):
    """A mail cut inside its parts misses their last boundary; a cut container its sectors."""
    whole = sample(kind)
    document = read_bytes(whole[: len(whole) * tenths // 10], f"a.{kind}")
    check(document)
    assert {problem.code for one in document.walk() for problem in one.problems} or tenths < 4


@pytest.mark.parametrize("kind", KINDS)
def test_changed_mails_never_raise(kind, tmp_path_factory):
    """Flipped bits, then 60 copies that hypothesis cut, overwrote and repeated."""
    whole = sample(kind)
    path = tmp_path_factory.mktemp("changed") / f"a.{kind}"
    for step in range(24):
        data = bytearray(whole)
        data[len(data) * step // 24] ^= 1 << (step % 8)
        path.write_bytes(data)
        check(read(path, Limits()))
    changes = st.lists(st.tuples(st.integers(0, len(whole)), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def go(edits):
        data = whole
        for place, cut, put in edits:
            data = data[:place] + put + data[place + cut :]
        path.write_bytes(data)
        check(read(path, Limits()))

    go()


def test_every_hiding_place_of_a_mail_is_read(read_bytes, places):
    """One token in each place where words can stand in a mail, and where they were out of sight."""
    raw = (
        "Received: from tok-received by x\r\nReturn-Path: <tok-return@x.cn>\r\nX-Note: tok-xheader\r\nBcc: tok-bcc@x.cn\r\n"
        "From: tok-from <a@x.cn>\r\nTo: tok-to@x.cn\r\nCc: tok-cc@x.cn\r\nSubject: tok-subject\r\nKeywords: tok-keywords\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="A"\r\n\r\ntok-preamble\r\n--A\r\n'
        'Content-Type: multipart/alternative; boundary="B"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\ntok-both\r\ntok-plainonly\r\n'
        "--B\r\nContent-Type: text/html\r\n\r\n<p>tok-both</p><p>tok-htmlonly</p><p style='display:none'>tok-hiddenhtml</p><!-- tok-comment -->\r\n"
        "--B--\r\n--A\r\nContent-Type: application/octet-stream; name=x.txt\r\nContent-Description: tok-description\r\n\r\ntok-attachment\r\n"
        "--A\r\nContent-Type: text/calendar\r\n\r\nSUMMARY:tok-calendar\r\n"
        "--A\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@x.cn\r\nSubject: tok-innersubject\r\nTo: d@x.cn\r\n\r\ntok-innerbody\r\n"
        "--A--\r\ntok-epilogue\r\n"
    )
    document = read_bytes(raw.encode(), "a.eml")
    assert document.problems == ()
    for token, place in {
        "tok-subject": Where.BODY, "tok-from": Where.HEADER, "tok-to": Where.HEADER, "tok-cc": Where.HEADER,
        "tok-received": Where.HIDDEN, "tok-return": Where.HIDDEN, "tok-xheader": Where.HIDDEN, "tok-bcc": Where.HIDDEN,
        "tok-keywords": Where.HIDDEN, "tok-preamble": Where.HIDDEN, "tok-epilogue": Where.HIDDEN, "tok-plainonly": Where.HIDDEN,
        "tok-both": Where.BODY, "tok-htmlonly": Where.BODY, "tok-hiddenhtml": Where.HIDDEN, "tok-comment": Where.HIDDEN,
        "tok-description": Where.PROPERTY, "tok-calendar": Where.BODY,
    }.items():  # fmt: skip
        assert places(document, token) == {place}, token
    inner = {child.name: child.text for child in document.children}
    assert "tok-attachment" in inner["x.txt"]
    assert "tok-innersubject" in inner["message.eml"]
    assert "tok-innerbody" in inner["message.eml"]
    assert {b.origin for b in document.blocks if "tok-bcc" in document.text[b.span.start : b.span.end]} == {"mail_header"}


def test_equal_alternatives_are_said_once(read_bytes):
    """A page and its plain twin (bullets, links, wrapped lines) leave one copy."""
    page = "<p>请各单位于<b>三月十日</b>前报送材料，详见<a href='http://a.cn/x'>附件</a>。</p><ul><li>联系人李四</li></ul>"
    plain = "请各单位于*三月十日*\n前报送材料，详见附件<http://a.cn/x>。\n\n  * 联系人李四\n"
    document = read_bytes(make_eml(plain, page), "a.eml")
    assert document.text.count("报送材料") == 1
    assert all(block.origin != "invisible_text" for block in document.blocks)


@pytest.mark.parametrize(
    "header",
    [
        'attachment; filename="=?gb2312?B?' + base64.b64encode("名单.txt".encode("gb18030")).decode() + '?="',
        "attachment; filename*=GBK''" + "".join(f"%{b:02X}" for b in "名单.txt".encode("gbk")),
        "attachment; filename*0*=utf-8''%E5%90%8D; filename*1*=%E5%8D%95.txt",
        'attachment; filename="名单.txt"',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_of_files_are_read_however_written(header, encoding, read_bytes):
    """RFC 2047, RFC 2231 in GBK and in pieces, and raw bytes that no header may hold."""
    head = f"From: a@x.cn\r\nTo: b@x.cn\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Disposition: {header}\r\n"
    document = read_bytes(head.encode(encoding) + b"\r\nwords", "a.eml")
    assert document.children[0].name == "名单.txt"


def test_a_character_split_between_two_encoded_words_is_whole(read_bytes):
    raw = "关于印发办法的通知".encode("gb18030")
    words = " ".join(f"=?gb2312?B?{base64.b64encode(piece).decode()}?=" for piece in (raw[:5], raw[5:]))
    document = read_bytes(f"Subject: {words}\r\nFrom: a@x.cn\r\nTo: b@x.cn\r\n\r\n正文".encode(), "a.eml")
    assert document.text.startswith("关于印发办法的通知\n")


def test_bodies_of_every_charset_are_read(read_bytes):
    for charset in ("gb2312", "gbk", "gb18030", "big5", "utf-8", "utf-16-le"):
        words = "會議通知" if charset == "big5" else "会议通知，请按时参加"
        body = base64.encodebytes(words.encode(charset)).decode()
        head = (
            f"From: a@x.cn\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
        )
        assert words in read_bytes((head + body).encode(), "a.eml").text, charset


def test_what_is_sealed_or_signed_says_so(read_bytes, codes):
    """PGP/MIME, PGP in the text, S/MIME envelopes, detached signatures."""
    head = "From: a@x.cn\nMIME-Version: 1.0\nContent-Type: "
    sealed = head + "multipart/encrypted; boundary=B\n\n--B\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--B--\n"
    assert "encrypted" in codes(read_bytes(sealed.encode(), "a.eml"))
    inline = head + "text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"
    assert "encrypted" in codes(read_bytes(inline.encode(), "a.eml"))
    envelope = head + "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nxxxx\n"
    assert "encrypted" in codes(read_bytes(envelope.encode(), "a.eml"))
    signed = (
        head + f"multipart/signed; boundary=B\n\n--B\n\n{WORDS}\n--B\nContent-Type: application/pkcs7-signature\n\nx\n--B--\n"
    )
    document = read_bytes(signed.encode(), "a.eml")
    assert codes(document) == {"signature"}
    assert WORDS in document.text


def test_the_mail_inside_an_opaque_signature_is_read(read_bytes, codes):
    """CMS signed data holds the mail in the clear."""

    def der(tag: int, *parts: bytes) -> bytes:
        inner = b"".join(parts)
        size = bytes([len(inner)]) if len(inner) < 128 else b"\x82" + struct.pack(">H", len(inner))
        return bytes([tag]) + size + inner

    mail = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{WORDS}".encode()
    data_kind = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
    inner = der(0x30, b"\x02\x01\x01", der(0x31), der(0x30, data_kind, der(0xA0, der(0x04, mail))))
    signed = der(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", der(0xA0, inner))
    head = "From: a@x.cn\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=signed-data\n"
    raw = (head + "Content-Transfer-Encoding: base64\n\n").encode() + base64.encodebytes(signed)
    document = read_bytes(raw, "a.eml")
    assert codes(document) == {"signature"}
    assert WORDS in document.children[0].text


def test_files_in_uuencode_are_opened(read_bytes):
    lines = b"".join(binascii.b2a_uu(WORDS.encode()[n : n + 45]) for n in range(0, len(WORDS.encode()), 45))
    body = b"begin 644 list.txt\n" + lines + b"`\nend\n\nbegin with care\n"
    document = read_bytes(b"From: a@x.cn\nTo: b@x.cn\nSubject: x\n\nbefore\n" + body, "a.eml")
    assert WORDS in document.children[0].text
    assert "begin with care" in document.text


def test_parts_behind_a_wrong_boundary_are_still_found(read_bytes, codes):
    wrong = f'From: a@x.cn\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="other"\n\n--B\nContent-Type: text/plain; charset=utf-8\n\n{WORDS}\n--B--\n'
    document = read_bytes(wrong.encode(), "a.eml")
    assert "damaged" in codes(document)
    assert WORDS in document.text


def test_winmail_is_unwrapped(read_bytes):
    """TNEF: a body and a file."""

    def attribute(level: int, number: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    tnef = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x2800C, "附言".encode("gb18030") + b"\0")
    tnef += attribute(2, 0x69002, bytes(14)) + attribute(2, 0x18010, "名单.txt".encode("gb18030") + b"\0")
    tnef += attribute(2, 0x6800F, WORDS.encode())
    document = read_bytes(make_eml(files={"winmail.dat": tnef}), "a.eml")
    assert "附言" in document.text
    assert (document.children[0].name, WORDS in document.children[0].text) == ("名单.txt", True)


def test_a_mailbox_gives_each_of_its_mails(read_bytes):
    box = b"".join(
        b"From a@x.cn Mon Mar  2 09:00:00 2026\nFrom: a@x.cn\nTo: b@x.cn\nSubject: n\n\nmail %d\n\n" % n for n in (1, 2)
    )
    document = read_bytes(box, "a.mbox")
    assert [f"mail {n}" in child.text for n, child in enumerate(document.children, 1)] == [True, True]


def test_every_place_of_an_outlook_message_is_read(read_bytes, places):
    """Subject, people of each kind, bodies that differ, transport headers, a file, a message inside, other strings."""
    person = "__recip_version1.0_#00000000/"
    file, inside = "__attach_version1.0_#00000000/", "__attach_version1.0_#00000001/__substg1.0_3701000D/"
    rtf = rb"{\rtf1\ansi\ansicpg936 tok-both\par tok-rtfonly \'d6\'d0\'ce\'c4}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    data = make_msg(
        stream(0x1013, b"<html><p>tok-both</p><p>tok-htmlonly</p></html>"),
        stream(0x1009, packed),
        stream(0x0C1A, "tok-sender"),
        stream(0x0E04, "tok-to"),
        stream(0x0E02, "tok-bcc"),
        stream(0x7D, "Received: from tok-received\r\nX-Note: tok-xheader\r\n\r\n"),
        stream(0x3A16, "tok-company"),
        stream(0x8001, "tok-named"),
        stream(0x3001, "tok-bccperson", person),
        {f"{person}__properties_version1.0": bytes(8) + struct.pack("<HHIII", 3, 0x0C15, 0, 3, 0)},
        stream(0x3707, "名单.txt", file),
        stream(0x3701, b"tok-attachment", file),
        stream(0x37, "tok-innersubject", inside),
        stream(0x1000, "tok-innerbody", inside),
        {f"{inside}__properties_version1.0": bytes(24)},
        body="tok-both\r\ntok-plainonly",
    )
    document = read_bytes(data, "a.msg")
    assert document.problems == ()
    for token, place in {
        "会议通知": Where.BODY, "tok-both": Where.BODY, "tok-htmlonly": Where.BODY, "tok-plainonly": Where.HIDDEN,
        "tok-rtfonly 中文": Where.HIDDEN, "tok-sender": Where.HEADER, "tok-to": Where.HEADER, "tok-bccperson": Where.HIDDEN,
        "tok-received": Where.HIDDEN, "tok-xheader": Where.HIDDEN, "tok-company": Where.PROPERTY, "tok-named": Where.PROPERTY,
    }.items():  # fmt: skip
        assert places(document, token) == {place}, token
    assert "Bcc: tok-bcc\n" in document.text
    assert "tok-attachment" in document.children[0].text
    assert document.children[1].format == "msg"
    assert "tok-innersubject" in document.children[1].text
    assert "tok-innerbody" in document.children[1].text


def test_old_code_pages_of_outlook_are_read(read_bytes):
    """Strings of eight bits in GBK, with and without the code page said."""
    for page in (936, 0):
        numbers = bytes(32) + struct.pack("<HHIII", 3, 0x3FFD, 0, page, 0)
        data = make_msg(
            {
                "__properties_version1.0": numbers,
                "__substg1.0_0E1D001E": b"",
                "__substg1.0_8002001E": "机关内部事项".encode("gbk"),
            }
        )
        assert "机关内部事项" in read_bytes(data, "a.msg").text


def test_compressed_rtf_is_unpacked():
    """The example of [MS-OXRTFCP] 4.1.1."""
    from classifier.parse import mail_rtf

    packed = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
    assert mail_rtf.decompress(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_message_with_only_a_rich_body_is_read(read_bytes):
    rtf = rb"{\rtf1\ansi\ansicpg936\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \'d6\'d0\'ce\'c4{\*\htmltag72 </p>}}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    document = read_bytes(make_msg(stream(0x1009, packed), body=""), "a.msg")
    assert "中文" in document.text
    assert "htmltag" not in document.text
    plain = rb"{\rtf1\ansi\ansicpg936 \'d6\'d0\'ce\'c4}"
    packed = struct.pack("<IIII", len(plain) + 12, len(plain), 0x414C454D, 0) + plain
    document = read_bytes(make_msg(stream(0x1009, packed), body=""), "a.msg")
    assert "中文" in "".join(one.text for one in document.walk())


def test_parts_nested_by_the_hundred_are_reported(read_bytes, codes):
    head = "From: a@x.cn\nMIME-Version: 1.0\n"
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1500))
    assert codes(read_bytes((head + parts + "\nwords").encode(), "a.eml")) & {"too_deep", "damaged"}


def test_people_who_type_headers_into_a_text_get_a_text(read_bytes):
    """Only headers that programs write make a .txt a mail."""
    assert read_bytes("To: 各处室\n\n请阅。".encode(), "a.txt").format == "txt"
    assert read_bytes("From: a\nTo: b\nSubject: c\n\n请阅。".encode(), "a.txt").format == "txt"
