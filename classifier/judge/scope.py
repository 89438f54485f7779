"""S2: is it government information at all? Party, court, congress and company papers are not（条例:2, domain/01 §1）."""

from __future__ import annotations

import re

from classifier.core.document import Document, Role, Where

_COMMISSION = "安建经科教农体计卫民商工改爱减食规交资健信族宗"
"""Characters before 委 that make it a commission of the government (发改委, 安委办, 卫健委), not a Party committee."""
_PARTY_NO = re.compile(
    rf"^(?:中(?:共)?[\u4e00-\u9fff]{{0,8}}|[\u4e00-\u9fff]{{1,8}}(?:(?<![{_COMMISSION}])委|党|党委|党组|党工委|纪|纪委|组|组通|直党|机党|巡|巡察))"
    r"(?:发|办|办发|字|函|办字|文|通|任|会|干|通字|党)?[〔\[（【]"
)
_SURE_PARTY_NO = re.compile(r"^[\u4e00-\u9fff]{0,8}(?:党组|党委|党工委|机党|政法|纪)[\u4e00-\u9fff]{0,3}[〔\[（【]")
_GOVERNMENT_NO = re.compile(r"政|府|国|发改|财|人社|教|科|工信|民|卫|住建|市监|应急|环|交|水|农|林|自然资|规|审|税|鉴|罚|许")
_PARTY_BODY = re.compile(
    r"中共[^，。\n]{1,24}?(?:委员会|党组|总支|支部|工委|工作委员会|组织部|宣传部|统战部|巡察组|巡视组)"
    r"|[\u4e00-\u9fff]{2,16}(?:党委|党组|党工委|党总支|党支部|机关党委|纪委监委|纪委|纪律检查委员会|纪工委|巡察(?:组|办)|巡视组|委组织部|委宣传部|团委)"
    r"|共青团[\u4e00-\u9fff]{1,10}委员会"
)
_PARTY_TITLE = re.compile(
    r"党支部|党委|党组|党员|党建|民主生活会|组织生活会|主题教育|发展对象|入党|党风廉政|全面从严治党|巡察|巡视整改|党费|党课|理论学习中心组|纪律审查|党纪"
    r"|严重违纪|开除党籍|违反中央八项规定|纪委监委"
)
_COURT = re.compile(r"人民(?:法院|检察院)(?!.{0,12}(?:建议|复函))")
_COURT_KIND = re.compile(r"^(?:民事|刑事|行政)?(?:判决书|裁定书|调解书|传票|起诉书|抗诉书|执行通知书)$")
_CONGRESS = re.compile(r"人民代表大会常务委员会|人大常委会")
_COMPANY = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|合作社|律师事务所|会计师事务所|商会|行业协会|学会)(?:[\u4e00-\u9fff]{0,10})?$"
)
_COMPANY_TITLE = re.compile(
    r"^(?!关于)[\u4e00-\u9fff（）()]{2,30}(?:公司|商会|行业协会|学会)[\u4e00-\u9fff]{0,20}(?:制度|办法|规定|章程|手册|会议|记录|纪要|总结|说明书|合同|协议)"
)
_SHORT = 40
"""Characters of a line that can be the name of an issuing body."""
_OFFICE = re.compile(r"政府|[\u4e00-\u9fff]局|委员会|办公室|厅")
_GOVERNMENT_TITLE = re.compile(r"政府|局关于|委员会关于|公告|条例")


_PARTY_END = ("会", "组", "部", "委", "办")
"""Every name of a body of the Party ends so."""


def _edge_lines(document: Document) -> list[str]:
    """The first five and the last eight short lines of the body, where an issuing body stands."""
    short = [b.span for b in document.blocks if b.where is Where.BODY and b.span.end - b.span.start <= _SHORT]
    return [document.text[span.start : span.end].strip() for span in short[:5] + short[-8:]]


def _is_party_body(place: str) -> bool:
    return place.endswith(_PARTY_END) and _PARTY_BODY.fullmatch(place) is not None


def _is_addressed(document: Document) -> bool:
    return any(b.role is Role.RECIPIENTS for b in document.blocks)


def outside(document: Document) -> str | None:
    """Why the document is not government information, as `law id|Chinese clause`; None if it is."""
    elements = document.elements
    number, issuer, title = elements.doc_no or "", elements.issuer or "", elements.title or ""
    if _GOVERNMENT_NO.search(number) and not _SURE_PARTY_NO.search(number):
        return None
    if _PARTY_NO.search(number) or _SURE_PARTY_NO.search(number):
        return "党务公开:1|发文字号是党组织的文号"
    if any(map(_is_party_body, (issuer, *_edge_lines(document)))) or _PARTY_BODY.match(title):
        return "党务公开:1|发文机关是党的组织"
    if _PARTY_TITLE.search(title) and not _GOVERNMENT_TITLE.search(title):
        return "党务公开:1|标题所述是党内事务"
    if (elements.doc_kind and _COURT_KIND.match(elements.doc_kind)) or _COURT.search(issuer) or _COURT.search(title[:16]):
        return "条例:2|制作主体是司法机关"
    if _CONGRESS.search(issuer) or (_CONGRESS.search(title[:24]) and "条例" not in title and "建议" not in title):
        return "条例:2|制作主体是人大机关"
    own = _COMPANY_TITLE.match(title) or (_COMPANY.search(issuer) and not _is_addressed(document))
    if own and not _OFFICE.search(title):
        return "条例:2|制作主体是企业或其他组织"
    return None
