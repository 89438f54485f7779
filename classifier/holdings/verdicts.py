"""The verdict of one paper in a few hundred bytes: the contract object without words, deflated with a dictionary of its own words.

Where a paper lies and its hash stand in the ledger beside it; they are left out here and put back when the verdict is opened. What is
opened is checked by the contract's own reader: the bytes were made by a child that may have been taken over by what it read.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from typing import Any

from classifier import contract
from classifier.core.assessment import Assessment
from classifier.core.errors import BadLedger
from classifier.knowledge.law import Law

LONGEST = 1 << 20
"""Bytes of one packed verdict: a file with ten thousand findings needs a tenth of it."""
_OPENED = 64 << 20
_BROKEN = "批次账本里有一件的结论打不开，可能被改动过。请用备份的账本，或删除输出目录后重新运行。"
_LEVEL = 3


def pack(assessment: Assessment, law: Law | None = None, today: dt.date | None = None) -> bytes:
    """The verdict without a word of the paper; with `law` the articles are cited as `contract.to_json` cites them."""
    told = contract.to_json(assessment, with_text=False, law=law, today=today)
    del told["schema"], told["source"], told["sha256"]
    told["findings"] = _fold(told["findings"])
    told["shadow"] = _fold(told["shadow"])
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, zdict=_WORDS)
    return deflate.compress(_dump(told)) + deflate.flush()


def unpack(packed: bytes, source: str = "", sha256: str = "") -> Assessment:
    """The Assessment that was packed, without words, under the source and hash the ledger knows.

    Raises:
        BadLedger: no verdict, or none that keeps the contract.
    """
    return _open(packed, source, sha256)[1]


def to_contract(packed: bytes, source: str, sha256: str) -> dict[str, Any]:
    """The contract object that was packed, as `mishen assess --no-text` would print it.

    Raises:
        BadLedger: as `unpack`.
    """
    return _open(packed, source, sha256)[0]


def says(packed: bytes, attribute: str | None, route: str, confidence: float) -> bool:
    """Whether a packed verdict can be opened and says just this: the row beside it must not tell another story. Cheap: no contract is read."""
    try:
        told = json.loads(_inflate(packed))
        return (told["attribute"], told["route"], told["confidence"]) == (attribute, route, confidence)
    except (zlib.error, ValueError, TypeError, LookupError, RecursionError):
        return False


def _inflate(packed: bytes) -> bytes:
    inflate = zlib.decompressobj(-15, zdict=_WORDS)
    plain = inflate.decompress(packed, _OPENED)
    if not inflate.eof:
        raise ValueError("too long, or cut off")
    return plain


def _open(packed: bytes, source: str, sha256: str) -> tuple[dict[str, Any], Assessment]:
    try:
        told = json.loads(_inflate(packed))
        told["findings"] = _unfold(told["findings"])
        told["shadow"] = _unfold(told["shadow"])
        whole = {"schema": contract.SCHEMA, "source": source, "member": told.pop("member"), "sha256": sha256, **told}
        return whole, contract.from_json(whole)
    except (zlib.error, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise BadLedger(_BROKEN) from error


def _fold(findings: list[dict[str, Any]]) -> list[Any]:
    """Findings as rows of numbers, what they have in common once: a paper names one person twenty times by the same rule."""
    kinds: dict[tuple[Any, ...], int] = {}
    whys: dict[str, int] = {}
    rows = []
    for one in findings:
        kind = (one["rule"], one["category"], one["type"], one["where"], one["grade"], one["severity"], *one["law"])
        number = kinds.setdefault(kind, len(kinds))
        rows.append((number, whys.setdefault(one["why"], len(whys)), one["start"], one["end"] - one["start"], one["page"]))
    return [list(kinds), list(whys), rows]


def _unfold(folded: list[Any]) -> list[dict[str, Any]]:
    kinds, whys, rows = folded
    findings = []
    for number, (kind, why, start, length, page) in enumerate(rows):
        rule, category, form, where, grade, severity, *law = kinds[kind]
        findings.append(
            {
                "id": number,
                "category": category,
                "type": form,
                "rule": rule,
                "start": start,
                "end": start + length,
                "where": where,
                "page": page,
                "grade": grade,
                "severity": severity,
                "law": law,
                "why": whys[why],
            }
        )
    return findings


def _dump(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


_WORDS = (
    "《反不正当竞争法》第九条《未成年人保护法》第一百零三条《行政许可法》第三十八条《保守国家秘密法》第三十五条《行政处罚法》第五十条"
    "《民法典》第一千零三十二条《民法典》第一千零三十四条《个人信息保护法》第二十八条《个人信息保护法》第三十四条"
    "《政府信息公开条例》第十六条第一款《政府信息公开条例》第十六条第二款《政府信息公开条例》第二十条第（十一）项"
    "《政府信息公开条例》第二十条第（二）项《政府信息公开条例》第十三条《政府信息公开条例》第十五条《政府信息公开条例》第十七条"
    "公职人员履职姓名、法定代表人和联系人姓名一般可以公开文中提到一个人名；公职人员履职、公众人物可以公开，私人姓名与所涉事项一起出现时应当核对"
    "姓名与所涉事项一起能够识别到个人，公开前应当核对并遮盖机关、单位的固定电话属于应当公开的联系方式；住宅电话应当遮盖"
    "手机号码属于个人信息，公开前应当遮盖或者换成办公电话文件里有作者、单位等文件属性，公开前应当核对并删除"
    "这一段像执法案卷中的询问、取证、审核内容（模型得分 0.9模型判断时分量最重的一句公告、通告、公示的用语：面向社会发布"
    '["passage.enforcement_file@1","enforcement_file","narrative","body","suspected","review","条例:16.2","处罚法:50"],'
    '["disclosure.announce@1","disclosure","announcement","body","confirmed","info","条例:19"],'
    '["hidden.metadata@1","hidden","metadata","property","confirmed","info","条例:17","保密法:35"],'
    '["personal.official_name@1","personal_info","person_name","body","suspected","info","条例:20.2"],'
    '["personal.name_mention@1","personal_info","person_name","body","suspected","info","条例:15","条例:20.2"],'
    '["personal.person_name@1","personal_info","person_name","body","confirmed","redact","条例:15","民法典:1034"],'
    '["personal.landline@1","personal_info","landline","body","confirmed","info","条例:20.2"],'
    '["model.telling@1","process_info","telling","body","hint","info","条例:16.2"]],["'
    '{"attribute":"withheld","law":["条例:16.2"],"text":"文种是“立案审批表”，属于行政执法案卷，可以不予公开。","findings":[],"step":"S5"},'
    '{"attribute":"active","law":["条例:19","条例:20.5"],"text":"从同类文件看，主动公开的可能性约 100%；最接近的依据：","findings":[],"step":"S7"},'
    '{"attribute":null,"law":["条例:15","个保法:34","民法典:1034"],"text":"有个人信息 1 处，公开前应当遮蔽。","findings":[],"step":"S6"},'
    '{"member":null,"format":"docx","pages":null,"chars":1,"elements":{"title":null,"doc_no":null,"issuer":null,"recipients":null,'
    '"issue_date":"20","doc_kind":"通知","urgency":null,"annotation":null,"declared_attribute":null,"secret_marking":null,'
    '"forwarded":null},"attribute":"active","in_scope":true,"confidence":0.9,"scores":{"active":0.9,"on_request":0.0,"withheld":0.0},'
    '"route":"review","needs_human":true,"reasons":[],"findings":[[[],[],[]],"redactions":[{"start":1,"end":},'
    '"publishable_after_redaction":true,"partial":null,"voices":{"learned":"active","note":null,"form":"active","marking":null,'
    '"forwarded":null},"turns":[],"shadow":[[],[],[]],"citations":{"条例:15":"},"problems":[],"receipt":{"bytes":1,"counts":'
    '[{"kind":"parts","found":1,"read":1},{"kind":"pages","found":1,"read":1}]},"provenance":{"code":"0.1.0","rules":"","model":"attribute/1"}}'
).encode()
"""Words that verdicts are full of; it may never change while ledgers of this SCHEMA are about, or they cannot be opened."""
