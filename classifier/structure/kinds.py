"""The kind of a document（文种）: read off its title, else off its opening or its form."""

from __future__ import annotations

import re

_TITLE_KINDS = (
    "不予受理通知书|不予受理决定书|受理通知书|受理通知单|受理回执|受理凭证|收件回执|收件凭证|收件通知书|补正材料通知书|补正通知书|补正告知书|材料补正通知书|一次性告知书|一次性告知单|一次性补正告知书"
    "|退件通知书|退件通知单|退件告知书|办结通知书|办结通知单|领证通知书|缴费通知书|缴费通知单|延期办理通知书|延期告知书|取件凭证|"
    "行政处罚决定书|不予行政处罚决定书|行政处罚事先告知书|行政处罚听证告知书|责令改正通知书|责令限期改正通知书|行政强制执行决定书|准予行政许可决定书|不予行政许可决定书"
    "|行政许可决定书|行政复议决定书|行政处理决定书|工伤认定决定书|信访事项处理意见书|信访答复意见书|答复意见书|处理意见书|复查意见书|事故调查报告|案件调查终结报告|调查终结报告"
    "|法制审核意见书|法制审核意见|集体讨论记录|立案审批表|结案审批表|案件处理审批表|行政处罚案件有关事项审批表|审批表|登记表|申请表|申报表|考核表|备案表|呈批件|呈批表|签报|询问笔录|调查笔录|勘验笔录|检查笔录|听证笔录|谈话笔录|笔录"
    "|送达回证|证据清单|物品清单|移送书|移送函|告知书|通知书|决定书|裁决书|建议书|承诺书|责任书|委托书|证明书|意见书|协议书|合同书|说明书|倡议书|任务书"
    "|会议纪要|纪要|会议记录|谈话记录|记录|工作简报|简报|专报|快报|动态|督办单|督办通知|督查通报|流转单|办理单|处理单|转送单|交办单"
    "|政府工作报告|工作报告|审计报告|调研报告|评估报告|自查报告|整改报告|考察报告|考察材料|述职报告|述廉报告|可行性研究报告|年度报告|情况报告|报告|请示|汇报|情况汇报"
    "|答记者问|新闻发布会实录|新闻通稿|新闻稿|政策解读|征求意见函|商请函|会签函|会办意见函|协查函|批复|复函|公函|函|议案|提案|建议|答复|回复|命令|令|公报|公告|通告|公示|决议|决定|通报|通知|意见|"
    "管理办法|实施办法|暂行办法|办法|实施细则|细则|规定|规则|条例|章程|准则|规程|规范|标准|指南|指引|须知|手册|清单|目录|名单|名录|台账|一览表|汇总表|统计表|花名册|通讯录|值班表|安排表|日程"
    "|应急预案|预案|实施方案|工作方案|行动方案|行动计划|方案|规划纲要|规划|计划|要点|总结|解读|问答|说明|简历|履历|合同|协议|标书|招标文件|投标文件|预算|决算|讲话|发言提纲|发言稿|致辞|提纲|信函|来信|举报信|感谢信|申请书|申请|起草说明|采纳情况"
)
_APPLICANT = (
    "受理通知书",
    "受理通知单",
    "受理回执",
    "收件回执",
    "补正通知书",
    "补正告知书",
    "一次性告知书",
    "一次性告知单",
    "退件通知书",
    "退件通知单",
    "办结通知书",
)
"""Notices to one applicant along the way of a procedure（行政许可法 第三十二条）: neither its conditions nor its result."""
_KINDS = frozenset(_TITLE_KINDS.split("|"))
_LONGEST = max(map(len, _KINDS))
_LAST_SIGNS = frozenset(kind[-1] for kind in _KINDS) | frozenset("）)》")
_REMARK = re.compile(r"[（(][^（）()\n]{1,16}[）)]$")
"""What may stand behind the kind, at most twice: （试行）, （2026年修订）."""
_REMARKS = 2
_FORM_WORDS: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = (
    # words of which one must stand there, the form, the kind
    (("询问",), re.compile(r"询问时间|被询问人|询问人[:：]"), "询问笔录"),
    (
        ("立案审批", "案由", "承办人意见"),
        re.compile(r"立案审批|案件来源.{0,40}案由|承办人意见.{0,80}负责人意见", re.S),
        "立案审批表",
    ),
    (("送达",), re.compile(r"受送达人|送达人[:：]|送达回证"), "送达回证"),
    (("出席", "参加人员", "列席", "主持", "记录"), re.compile(r"(?:出席|参加人员|列席|主持人?|记录人?)[:：]"), "会议记录"),
    (("妥否", "以上请示"), re.compile(r"妥否[，,]?\s*请(?:批示|审批|审示|示)|以上请示"), "请示"),
    (
        _APPLICANT,
        re.compile(
            rf"^[^\n，。；：]{{0,24}}(?:{'|'.join(_APPLICANT)})[ \t\u3000]*(?:[（(][^（）()\n]{{0,16}}[）)])?[ \t\u3000]*$", re.M
        ),
        "受理通知书",
    ),
    (("甲方",), re.compile(r"甲方[:：（(].{0,200}乙方[:：（(]", re.S), "合同"),
)


def kind_from_title(title: str) -> str | None:
    """The kind a title ends with: `关于……的实施意见（试行）` → 意见; None when it ends with none.

    Several composite names are kept whole (会议纪要, 行政处罚决定书) because the law treats them apart.
    """
    rest = title.strip().removesuffix("》").rstrip()
    for _ in range(_REMARKS):
        if not rest.endswith(("）", ")")) or not (remark := _REMARK.search(rest, max(0, len(rest) - 18))):
            break
        rest = rest[: remark.start()].rstrip()
    return next((kind for size in range(_LONGEST, 0, -1) if (kind := rest[-size:]) in _KINDS), None)


def may_end_in_kind(line: str) -> bool:
    """Whether the last sign of a line without blanks behind it lets it end in a kind: a glance before `kind_from_title`."""
    return line[-1:] in _LAST_SIGNS


def kind_from_form(opening: str) -> str | None:
    """The kind a paper without a telling title shows by its form (first 1,500 characters are enough)."""
    for words, pattern, kind in _FORM_WORDS:
        if any(word in opening for word in words) and pattern.search(opening):
            return kind
    return None
