"""No text of 50 KB takes long, whatever it repeats: pathological inputs, and pieces of the rules' own examples.

CPU time of the whole of detect(), with a guard several times what is measured (0.02 to 0.1 s), because test machines are slow and shared;
what grows faster than its input is told by doubling it.
"""

import gc
import time

import pytest

from classifier.detect import detect
from classifier.detect.spans import _book, document_of

SIZE = 50_000
GUARD = 2.0
"""CPU seconds; quadratic inputs take several seconds at this size."""

REPEATED = [
    "1", "1 ", "1234 ", "12 345,6 7\t", "a@", "aaaa.", "a.b@", "x@y.cn ", "省市区", "省市区县镇村路号", "京A", "京A1", "姓名", "姓名张", "：", ":",
    "12:", "（", "((", "[", "【", "】【", "张三、", "张建国、李建国，", "\t", "1|", "1\t", "|", "\n", "\n ", " ", "\u3000", "\u200b", "1\u200b", "请",
    "电话：", "电话", "联系电话1", "身份证号1", "(1)", "1-", "1.", "1,", "+1 ", "a", "A1", "〇", "一二", "一 ", "第一条", "年", "1年1月", "出生", "住址：",
    "住址", "路1号", "北京市", "局长", "先生", "男，", "王　", "王 伟", "机 密", "密", "机密★", "绝 ", "内部", "内 ", "不得", "公开", "意见", "征求意见稿",
    "（征求", "关于", "特此", "，", "、", "×", "1×", "O", "OO1", "微信", "QQ", "qq1", "WJ", "使1", "字第", "军字第", "@", "G", "91", "62220", "第1号",
    "〔2024〕", "2001:db8:", ":::", "1.1.1.", "ff-", "户主", "户主\t", "姓名\t", "姓名|张三|", "姓名\n", "患", "诊断：", "因病", "会议", "同意", "张：",
    "网友", "批示 ", "拟 办 ", "密级：", "密 级 ", "☑", "□", "编号1", "￥1", "1元", "甲方", "乙方：张", "】", "）", "a b", "138 ", "13812345678",
]  # fmt: skip


def fill(piece, size=SIZE):
    """A piece repeated to `size` bytes of UTF-8."""
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size].decode(errors="ignore")


def spent(text, attempts=3, enough=GUARD / 5):
    """CPU seconds of detect(), best of some; the first that is quick enough will do."""
    document, best = document_of(text), float("inf")
    for _ in range(attempts):
        gc.disable()  # the collector would walk whatever other tests of this process have left
        try:
            began = time.process_time()
            detect(document, _book())
            best = min(best, time.process_time() - began)
        finally:
            gc.enable()
        if best < enough:
            break
    return best


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Patterns and automata are built before anything is timed."""
    detect(document_of("当事人张某，电话13812345678"), _book())


@pytest.mark.parametrize("piece", REPEATED, ids=ascii)
def test_repeated_piece_takes_no_long_time(piece):
    """Fifty kilobytes of one thing."""
    assert spent(fill(piece)) < GUARD


@pytest.mark.parametrize(
    "piece", ["1 ", "省市区", "张三、", "机密★", "\t", "电话：", "（", "1|", "aaaa.", "姓名张", "请", "内 "], ids=ascii
)
def test_time_grows_with_the_text_and_no_faster(piece):
    """Twice the text, less than three times the time (plus what a clock cannot tell); one run alone may be disturbed."""
    assert spent(fill(piece, 2 * SIZE), enough=0) < 3 * spent(fill(piece), enough=0) + 0.05


@pytest.mark.parametrize("rule", [r for r in _book().active() if r.hits], ids=lambda r: r.id)
def test_own_example_repeated_takes_no_long_time(rule):
    """The beginnings of what a rule is looking for, over and over: where patterns try longest before they give up."""
    longest = max(rule.hits, key=len)
    pieces = dict.fromkeys(p for p in (longest[: len(longest) // 2], longest[:-1], rule.hits[0]) if p)
    assert not [piece for piece in pieces if spent(fill(piece)) >= GUARD]
