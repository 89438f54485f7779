"""S2: is it government information at all? Party, court, congress and company papers are not（条例:2, domain/01 §1）."""

from __future__ import annotations

import re

from classifier.core.document import Document, Elements, Role

_PARTY_NO = re.compile(
    r"^(?:中(?:共)?[\u4e00-\u9fff]{0,8}|[\u4e00-\u9fff]{1,8}(?:委|党|党委|党组|党工委|纪|纪委|组|组通|宣|统|直党|机党|巡|巡察))"
    r"(?:发|办|办发|字|函|办字|文|通|组|任|会|干|通字|党)?[〔\[（【]"
)
_GOVERNMENT_NO = re.compile(r"(?:政|府|国|发改|财|人社|教|卫|住建|市监|应急|环|交|水|农)")
_PARTY_BODY = re.compile(
    r"中共[^，。\n]{1,24}(?:委员会|党组|总支|支部|工委|工作委员会)|[\u4e00-\u9fff]{2,16}(?:党委|党组|党工委|党总支|党支部|机关党委|纪委|纪律检查委员会|纪工委|巡察(?:组|办)|巡视组|委组织部|委宣传部|团委|共青团[\u4e00-\u9fff]{1,10}委员会)$"
)
_PARTY_TITLE = re.compile(
    r"(?:党支部|党委|党组|党员|党建|民主生活会|组织生活会|主题教育|发展党员|党风廉政|全面从严治党|巡察整改|巡视整改|党费|党课|理论学习中心组|纪律审查|党纪|严重违纪|开除党籍)"
)
_COURT = re.compile(r"人民(?:法院|检察院)(?!.{0,12}(?:建议|复函))")
_COURT_KIND = re.compile(r"^(?:民事|刑事|行政)?(?:判决书|裁定书|调解书|传票|起诉书|抗诉书|执行通知书)$")
_CONGRESS = re.compile(r"人民代表大会常务委员会|人大常委会")
_COMPANY = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|集团公司|合作社|律师事务所|会计师事务所|商会|行业协会)$")


def _head(document: Document) -> str:
    return document.text[:400]


def outside(document: Document) -> str | None:
    """Why the document is not government information, as a Chinese sentence with its law id before `|`; None if it is."""
    elements: Elements = document.elements
    number, issuer, title = elements.doc_no or "", elements.issuer or "", elements.title or ""
    if _PARTY_NO.search(number) and not _GOVERNMENT_NO.search(number):
        return "党务公开:1|发文字号是党组织的文号"
    if _PARTY_BODY.search(issuer) or _PARTY_BODY.search(title[:30].split("关于")[0]):
        return "党务公开:1|发文机关是党的组织"
    if _PARTY_TITLE.search(title) and not re.search(r"政府|局关于|委员会关于|公告|条例", title):
        return "党务公开:1|标题所述是党内事务"
    if (elements.doc_kind and _COURT_KIND.match(elements.doc_kind)) or _COURT.search(issuer) or _COURT.search(title[:16]):
        return "条例:2|制作主体是司法机关"
    if _CONGRESS.search(issuer) or (_CONGRESS.search(title[:24]) and "条例" not in title and "建议" not in title):
        return "条例:2|制作主体是人大机关"
    if (
        _COMPANY.search(issuer)
        and not any(b.role is Role.RECIPIENTS for b in document.blocks)
        and "局" not in _head(document)[:60]
    ):
        return "条例:2|制作主体是企业或其他组织"
    return None
