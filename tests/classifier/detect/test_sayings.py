"""Sentences that say a reason outright: the finding is the sentence, never a keyword, and public papers stay silent."""

import time
from dataclasses import replace

import pytest

from classifier.core.finding import Finding
from classifier.core.settings import read_settings
from classifier.detect import process, sayings
from classifier.detect.view import look
from classifier.knowledge import RuleBook, load_law, load_rules
from classifier.knowledge.rules import RuleState
from classifier.parse import read_text
from classifier.structure import annotate

HOME = read_settings().data_home
BOOK = load_rules(HOME / "corpus" / "rules", HOME / "corpus" / "terms", load_law(HOME / "corpus" / "law"))


def _find(text: str, book: RuleBook = BOOK) -> list[tuple[str, str]]:
    document = annotate(read_text(text, "文书.txt"))
    found: list[Finding] = list(sayings.detect(look(document), book))
    return [(f.rule.partition("@")[0], document.text[f.span.start : f.span.end]) for f in found]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("security.weak_point", "取水口北侧监控有盲区，拍不到围墙外侧"),
        ("security.account", "后台管理员口令为初始密码，至今未改"),
        ("security.force", "押运路线为滨江路经二桥，备用走环城北路"),
        ("security.reserve", "市级储备粮实际库存4.6万吨，亏库三百吨"),
        ("security.debt", "处置底价拟定3260万元"),
        ("security.petition", "带头的有7人，个别人扬言赴省上访"),
        ("security.media", "统一对外口径，不主动回应伤亡数字"),
        ("security.military", "人防指挥所位于行政中心地下二层"),
        ("ban.report_content", "举报人系该厂原会计，曾经手两套账"),
        ("ban.bid_review", "评委三给甲公司38分，给乙公司35分"),
        ("ban.respondent", "三合养殖场存栏由620头降至290头"),
        ("ban.taxpayer", "该户少缴税款12.6万元，已责成补缴"),
        ("ban.audit_paper", "审计组抽查凭证36份，发现报销无附件"),
        ("ban.minor_case", "被害人14岁，就读于青石中学初二年级"),
        ("enforcement.opinion", "法制科认为取证照片未注明时间，建议补正"),
        ("trade.price", "防护罩进价每套8.65元，年返利3.2%"),
        ("internal.duty", "从15号起局领导轮流带班，排班表由办公室拟定"),
        ("internal.appraisal", "民主推荐得票23张，排名第二"),
        ("process.disagreement", "我不同意现在放开，放了就收不回来了"),
    ],
)
def test_the_finding_is_the_whole_sentence(rule: str, text: str) -> None:
    """The clause that carries the reason is told, with what stands before and after the telling words."""
    assert (rule, text) in _find(f"情况说明\n　　前面是一句普通的话。{text}。后面又是一句普通的话。\n")


@pytest.mark.parametrize("title", ["关于加强安防工作的公告", "云溪市安防条例", "安防服务办事指南", "安防工作答记者问"])
def test_a_public_paper_mentions_everything_and_means_nothing(title: str) -> None:
    """The same sentence in a notice, statute, guide or press answer is no finding."""
    assert _find(f"{title}\n　　取水口北侧监控有盲区，拍不到围墙外侧。\n") == []


def test_one_sentence_is_told_once() -> None:
    """Two telling words of one rule in one sentence give one finding."""
    found = _find("情况说明\n　　东门摄像头损坏，西门探头失效，北墙可翻越。\n")
    assert [rule for rule, _ in found].count("security.weak_point") == 1


def test_a_disabled_rule_is_silent() -> None:
    """What the bureau switches off stays off."""
    quiet = RuleBook(tuple(replace(r, state=RuleState.DISABLED) if r.id == "security.weak_point" else r for r in BOOK.rules), "x")
    assert _find("情况说明\n　　北侧监控有盲区。\n", quiet) == []


def test_a_hostile_text_costs_little() -> None:
    """50 KB of telling words without a stop are read in well under a second."""
    text = "情况说明\n" + "监控举报人公司底价案由我局建议将评委" * 900
    began = time.process_time()
    _find(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云溪市养犬管理办法（送审稿）\n第一章 总则\n", True),
        ("关于公开征求《云溪市养犬管理办法（征求意见稿）》意见的公告\n现向社会公开征求意见。\n", False),
    ],
)
def test_a_draft_before_the_public_is_no_working_draft(text: str, expected: bool) -> None:
    """domain/09 §3: who is asked decides, not the word."""
    assert bool(list(process.detect(look(annotate(read_text(text, "文书.txt"))), BOOK))) is expected
