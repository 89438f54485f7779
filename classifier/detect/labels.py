"""What the words beside a number say: the label before it, the column head above it, the unit after it.

A label must stand directly before its number (at most a few signs between), or be the head of the number's table column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from classifier.detect.anchors import watch
from classifier.detect.islands import SOFT, Candidate
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_REACH = 30
_BROKEN = re.compile("(?s:.*)[0-9A-Za-z，,。；;、！!？?]")
"""Up to the last sign that no gap between a label and its number holds."""
_GAP = r"[^0-9A-Za-z，,。；;、！!？?]{0,8}$"


def _label(*words: str) -> re.Pattern[str]:
    """A label that stands directly before the number; English labels in any case."""
    return re.compile(f"(?:{'|'.join(words)}){_GAP}", re.I)


ID_CARD = _label(r"身[份分][证證號号]|公民身份|证件|證件|居民身份|证号|身份号码|id\s?(?:card|no|number)[.:]?|残疾(?:人)?证|驾照")
DISABILITY = _label(r"残疾(?:人)?证")
_SOCIAL_WORDS = r"社(?:会)?保(?:障)?(?:卡|号|账号|编号|电脑号)|社会保障(?:卡|号)|医保(?:卡|号|编号)|公积金(?:账|帐)?号"
SOCIAL = _label(_SOCIAL_WORDS)
PHONE = _label(
    r"电\s*话|電話|手\s*机|手機|移动电话|联系方式|联系号|号码|号是|热线|致电|拨打|拨|微信(?:同号|加|搜)?|短信|预留|"
    r"打(?:这个|此)号?|[让叫请][他她您]打|tel|phone|mobile|cell|contact(?:\s?info)?|call|whatsapp"
)
LANDLINE = _label(r"电\s*话|電話|座机|固话|传\s*真|热线|总机|值班|联系方式|tel|phone|fax")
HOME_PHONE = _label(r"(?:住宅|家庭|家里|宅)电(?:话)?|家属电话|监护人电话")
BANK_CARD = _label(
    r"银行卡|銀行卡|[这此该张个资]卡|卡\s*号|卡\s*號|信用卡|储蓄卡|借记卡|社保卡金融|一卡通|一折通|存折|[工农中建交招商浦发邮储信光大华夏民生兴业]行卡|"
    r"(?:credit|debit|bank)\s?card(?:\s?(?:no|number))?(?:\s?is)?[.:]?"
)
OWNED_CARD = re.compile(r"[ \u3000]?[(（]?(?:[这就]?是)?(?:[\u4e00-\u9fff·]{2,4}的)?(?:银行卡|储蓄卡|信用卡|卡号)")
OWNED_PHONE = re.compile(r"[ \u3000]?[(（]?(?:[这就]?是)?[\u4e00-\u9fff·]{2,4}的(?:手机|电话|号码?(?![\u4e00-\u9fff]))")
"""Labels that follow their number: 6222… 张某的银行卡, 138…（这是李某的手机）."""
ACCOUNT = _label(r"账\s*号|帐\s*号|帳號|账户|帐户|收款户|银行户|account(?:\s?(?:no|number))?[.:]?")
_PASSPORT_WORDS = r"护\s*照|護照|passport(?:\s?(?:no|number))?[.:]?"
PASSPORT = _label(_PASSPORT_WORDS)
_HOME_RETURN_WORDS = (
    r"回乡证|回鄉證|来往内地通行证|來往內地通行證|港澳居民(?:居住证|身份证)?|台胞证|臺胞證|台湾居民|来往大陆通行证|台湾通行证"
)
HOME_RETURN = _label(_HOME_RETURN_WORDS)
_EXIT_WORDS = r"往来港澳|港澳通行证|往来台湾|赴台|出入境通行证|往來港澳|大陆居民往来"
EXIT_PERMIT = _label(_EXIT_WORDS)
HKID = _label(r"香港(?:永久性?居民)?身[份分][证證]|香港居民|HKID")
MACAU_ID = _label(r"澳门(?:永久性?居民)?身[份分][证證]|澳門身份證|BIR")
_MILITARY_WORDS = r"军官证|军人证|士兵证|文职证|义务兵证|军人保障卡|士官证|警官证|军[人]?证件"
MILITARY = _label(_MILITARY_WORDS)
ANY_PAPER = _label(_SOCIAL_WORDS, _PASSPORT_WORDS, _HOME_RETURN_WORDS, _EXIT_WORDS, _MILITARY_WORDS)
NAMED_PAPER = watch(
    re.compile(
        "|".join((_SOCIAL_WORDS, _PASSPORT_WORDS, _HOME_RETURN_WORDS, _EXIT_WORDS, _MILITARY_WORDS)).replace(
            "passport", "[Pp][Aa][Ss][Ss][Pp][Oo][Rr][Tt]"
        )
    )
)
"""A text without one of these has no such paper."""
FILE_NUMBER = _label(r"档案编?号")
PLATE = _label(r"车\s*牌|號牌|号牌|车辆|停车|违章|牌照|机动车|驾驶|车号|plate")
VIN = _label(r"车架|车辆识别|识别代号|大架号|VIN(?:码)?")
USCC = _label(r"信用代码|信用代碼|机构代码|社会代码|组织代码|税号|纳税人识别|注册号|代码")
FOREIGN = _label(r"number(?:\s?is)?|phone|tel|call|contact|(?<![a-z])US|United States|电话|手机|美国|国外|境外|海外|联系方式")
WECHAT = _label(r"微信(?:号|號|账号|ID|id)?|wechat(?:\s?id)?|weixin|(?<![a-z])wx(?:号)?|(?<![a-z])vx")
QQ = _label(r"(?<![a-z])QQ(?:号|号码|：)?|扣扣|企鹅号")
IP = re.compile(r"(?:(?<![a-z])ip(?:v[46])?|服务器|网关|主机|子网|掩码|网段|访问|来源|登录|地址|dns|端口)[^\n]{0,16}$", re.I)

_SERIAL = re.compile(
    r"(?:订单|流水|[单序批文案图货型代学工户表编]号|快递|运单|发票|条码|条形码|ISBN|ISSN|版本|version|(?<![a-z])ver|时间戳|"
    r"(?:备案|许可|受理|登记|合同|协议|项目|招标|采购|证书|批准|索引|设备|机身|注册)[证书]?(?:编|文)?号|编码|准考证|国药准字|卫食|"
    r"坐标|东经|北纬|[经纬]度|邮编|面积|金额|合计|总[额计]|余额|产[量值]|支出|收入|[预决]算|第|MD5|SHA\d*|hash)"
    r"[号码編编为是No.:：#（(\s]{0,5}$",
    re.I,
)
_UNIT = re.compile(
    r"[ \u3000]?(?:元|[万亿](?![\u4e00-\u9fa5]{1,2}(?:先生|女士|同志))|吨|人(?![民员社事大])|户|亩|平方|公(?:里|斤|顷|吨)|千(?:米|克|瓦|元)|"
    r"立方|米|升|度|件|个|套|次|页|%|‰|美元|股|份|辆|k[mgw]|㎡|m[²³23]|字节|条(?!例))",
    re.I,
)
_WORD_AFTER = re.compile("(?![a-f]+(?![a-z]))[a-z]{3,12}(?![0-9A-Za-z])")
"""A word written on without a space is no part of the number; letters that are hexadecimal digits may be."""
_TAIL = re.compile(r"[.\-_][0-9]")
_HEAD = re.compile(r"[0-9A-Za-z][.\-_]$|[0-9],$|[￥¥$€]\s?$")
_MORE_AFTER = re.compile(f"([{SOFT}|\t]{{1,3}})[0-9]{{1,5}}(?![0-9])")
_MORE_BEFORE = re.compile(f"(?<![0-9\\-])[0-9]{{1,5}}([{SOFT}|\t]{{1,3}})$")

_NO_HEADS: MappingProxyType[tuple[int, int], str] = MappingProxyType({})


def enabled(book: RuleBook, identifier: str) -> Rule | None:
    """The rule, or None when the book does not hold it or it is not enabled."""
    return _enabled(book).get(identifier)


@lru_cache(maxsize=4)
def _enabled(book: RuleBook) -> dict[str, Rule]:
    return {rule.id: rule for rule in book.active()}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Reads the words beside a number of one document."""

    view: View
    heads: MappingProxyType[tuple[int, int], str]
    """The first row of each table: (table, column) to the folded words."""

    def says(self, label: re.Pattern[str], start: int) -> bool:
        """Whether `label` stands directly before `start` (a cell to the left counts) or heads its column.

        A label in Chinese lies wholly behind the last sign that breaks a gap: only there is it looked for.
        """
        before = self.view.folded[max(0, start - _REACH) : start]
        broken = _BROKEN.match(before)
        if broken and not ("A" <= before[broken.end() - 1] <= "z"):
            before = before[broken.end() :]
        return label.search(before) is not None or self._heads(label, start)

    def mentions(self, words: re.Pattern[str], start: int) -> bool:
        """Whether `words`, which bring their own gap, stand before `start` or head its column."""
        return words.search(self.view.folded[max(0, start - _REACH) : start]) is not None or self._heads(words, start)

    def _heads(self, label: re.Pattern[str], start: int) -> bool:
        if not self.heads:
            return False
        block = self.view.document.block_at(start)
        if block is None or block.cell is None or block.cell.row == 0:
            return False
        return label.search(self.heads.get((block.cell.table, block.cell.column), "")) is not None

    def is_followed_by(self, label: re.Pattern[str], end: int) -> bool:
        """Whether a label that names its number from behind stands directly after `end`."""
        return label.match(self.view.folded, end) is not None

    def is_harmless(self, candidate: Candidate) -> bool:
        """Whether the words beside it say that it is an amount, a serial number, or a piece of a longer code."""
        text = self.view.folded
        before = text[max(0, candidate.start - 20) : candidate.start]
        return (
            _UNIT.match(text, candidate.end) is not None
            or _TAIL.match(text, candidate.end) is not None
            or _HEAD.search(before) is not None
            or _SERIAL.search(before) is not None
        )

    def touches_letters(self, candidate: Candidate) -> bool:
        """Whether a Latin letter stands directly before or after; a small word after it does not count."""
        text = self.view.folded
        before, after = text[max(0, candidate.start - 1) : candidate.start], text[candidate.end : candidate.end + 1]
        if before.isascii() and before.isalpha():
            return True
        return after.isascii() and after.isalpha() and not _WORD_AFTER.match(text, candidate.end)

    def stands_alone(self, candidate: Candidate) -> bool:
        """Whether no short number goes before or follows with the same joint as inside (a row of figures does not stand alone)."""
        text = self.view.folded
        inside = set(text[candidate.start : candidate.end])
        after = _MORE_AFTER.match(text, candidate.end)
        before = _MORE_BEFORE.search(text[max(0, candidate.start - 9) : candidate.start])
        return not any(neighbour and inside & set(neighbour.group(1)) for neighbour in (after, before))


def survey(view: View) -> Surroundings:
    """The Surroundings of a document; column heads are read only when it has tables."""
    heads = {
        (block.cell.table, block.cell.column): view.folded[block.span.start : block.span.end].strip()
        for block in view.cells
        if block.cell is not None and block.cell.row == 0
    }
    return Surroundings(view, MappingProxyType(heads) if heads else _NO_HEADS)
