"""The clocks of the archives law: when a paper's opening review, transfer or period of secrecy is due. Pure: the day is an argument.

Texts read in full: 档案法（2020 年修订，第十五、二十、二十七、三十条）、档案法实施条例（2024，第二十、三十、三十一条）、保密法（2024，第二十、
二十四条）、保密法实施条例（2024，第十九、二十二条）. Not read in full: 国家档案馆档案开放办法（2022，前三条）. Nothing here opens or declassifies
a paper: every clock says what a person has to look at next.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from classifier.detect.marking_period import expires
from classifier.knowledge.law import read_day

OPENING_YEARS = 25
"""档案法 第二十七条."""
TRANSFER_YEARS_COUNTY = 10
TRANSFER_YEARS_CITY = 20
"""档案法实施条例 第二十条第二款: archives of counties take papers after 10 years, those of cities and above after 20."""
LONGEST_SECRECY = {"top_secret": 30, "secret": 20, "confidential": 10}
"""保密法 第二十条第二款. For old papers whose marking states no period the longest is presumed（domain/02 §2，未核）."""
LEVELS = {"top_secret": "绝密", "secret": "机密", "confidential": "秘密", "unknown": "密级不明"}


class Basis(StrEnum):
    """Where the day a paper was formed comes from."""

    PAPER = "paper"
    NUMBER = "number"
    FOLDER = "folder"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"paper": "文件日期", "number": "发文字号年份（按年末计）", "folder": "文件夹年度（按年末计）"}[self.value]


@dataclass(frozen=True, slots=True)
class Formed:
    """When a paper was formed. Where only the year is known it is the last day of that year: no clock rings too early."""

    day: dt.date
    basis: Basis


class Clock(StrEnum):
    """What may be due."""

    OPENING = "opening"
    OPENING_SOON = "opening_soon"
    SECRECY_OVER = "secrecy_over"
    SECRECY_OPEN = "secrecy_open"
    TRANSFER_CITY = "transfer_city"
    TRANSFER_COUNTY = "transfer_county"
    UNDATED = "undated"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return _TOLD[self][0]

    @property
    def law(self) -> str:
        """The articles it stands on."""
        return _TOLD[self][1]

    @property
    def advice(self) -> str:
        """What to do next, and what the clock does not know."""
        return _TOLD[self][2]


_TOLD = {
    Clock.OPENING: (
        "满 25 年，可做开放审核",
        "《档案法》第二十七条、第三十条；《档案法实施条例》第三十条、第三十一条",
        "自形成之日起已满 25 年。馆藏档案由档案馆会同形成单位或移交单位审核；未移交的由形成单位或保管单位审核。经济、教育、科技、文化等类可以提前开放；"
        "涉及国家安全、重大利益或者到期不宜开放的，经同级档案主管部门同意可以延期。满年限不等于可以公开。",
    ),
    Clock.OPENING_SOON: (
        "一年内将满 25 年",
        "《档案法》第二十七条",
        "可以列入下一年度的开放审核计划。",
    ),
    Clock.SECRECY_OVER: (
        "保密期限推定期满，须询问原定密机关",
        "《保守国家秘密法》第二十条、第二十四条；《保守国家秘密法实施条例》第十九条、第二十二条",
        "按标注的期限（没有标注的，按该密级最长期限：绝密 30 年、机密 20 年、秘密 10 年）推算已满。期限可能被延长，本表不是解密结论："
        "须由原定密机关（已进馆的，由原定密机关解密审核）书面答复，答复之前照旧按原密级管理。旧文件未标期限的按最长期限推定，这一条未核对原规定。",
    ),
    Clock.SECRECY_OPEN: (
        "保密期限为长期、附条件或者无法计算",
        "《保守国家秘密法》第二十条、第二十四条",
        "标注的是长期、解密条件，或者写法不能计算，不作任何推定。需要利用时询问原定密机关。",
    ),
    Clock.TRANSFER_CITY: (
        "满 20 年，应向设区的市级以上档案馆移交",
        "《档案法》第十五条；《档案法实施条例》第二十条第二款",
        "仅对还在本单位保管、属于中央级、省级、设区的市级国家档案馆接收范围的档案适用；已在档案馆的不适用。"
        "专业性较强或者需要保密的，经同级档案主管部门检查和同意可以延长。系统不知道哪些属于接收范围。",
    ),
    Clock.TRANSFER_COUNTY: (
        "满 10 年，应向县级档案馆移交",
        "《档案法》第十五条；《档案法实施条例》第二十条第二款",
        "仅对还在本单位保管、属于县级国家档案馆接收范围的档案适用（其中包括上一项的文件）；已在档案馆的不适用。"
        "需要保密的，经同级档案主管部门检查和同意可以延长。",
    ),
    Clock.UNDATED: (
        "日期不明",
        "《档案法》第二十七条",
        "文件上没有读到成文日期，发文字号里也没有年份（疑似涉密的文件不保留日期，只看所在文件夹的年度）。请人工核定形成日期后再计算。",
    ),
}


@dataclass(frozen=True, slots=True)
class Due:
    """One clock of one paper: the day it rang or will ring; None where no day can be told."""

    clock: Clock
    day: dt.date | None
    note: str = ""


_NUMBER_YEAR = re.compile(r"[〔\[［【（(﹝]\s*((?:19|20)\d{2})\s*(?:年度?)?\s*[〕\]］】）)﹞]")
_BARE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?(?:年|-|—|－|/)?\s?第?\s?\d{1,5}\s?号")
_FOLDER_YEAR = re.compile(r"((?:19|20)\d{2})(?:年度?)?(?:[-_·.\s]\D{0,12})?")


def year_of_number(number: str | None) -> int | None:
    """The year in a 发文字号: `云府发〔1998〕12号` → 1998; None where there is none."""
    found = (_NUMBER_YEAR.search(number) or _BARE_YEAR.search(number)) if number else None
    return int(found[1]) if found else None


def year_of_folders(path: str) -> int | None:
    """The year of the innermost folder that is named for one: `室藏/1998年度/永久/12.pdf` → 1998."""
    for folder in reversed(path.split("/")[:-1]):
        if found := _FOLDER_YEAR.fullmatch(folder.strip()):
            return int(found[1])
    return None


def find_formed(issued: str | None, number: str | None, folder_year: int | None = None) -> Formed | None:
    """When a paper was formed: its printed date, else the year of its number, else the year of its folder where one is given."""
    if (day := read_day(issued)) is not None:
        return Formed(day, Basis.PAPER)
    if (year := year_of_number(number)) is not None:
        return Formed(dt.date(year, 12, 31), Basis.NUMBER)
    return None if folder_year is None else Formed(dt.date(folder_year, 12, 31), Basis.FOLDER)


def after_years(day: dt.date, years: int) -> dt.date:
    """The same day some years later; 28 February where there is no 29th（民法典:202）."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 2, 28)


def find_due(formed: Formed | None, today: dt.date) -> tuple[Due, ...]:
    """What is due for a paper without a state-secret marking."""
    if formed is None:
        return (Due(Clock.UNDATED, None),)
    due: list[Due] = []
    opening = after_years(formed.day, OPENING_YEARS)
    if opening <= today:
        due.append(Due(Clock.OPENING, opening))
    elif opening <= after_years(today, 1):
        due.append(Due(Clock.OPENING_SOON, opening))
    for clock, years in ((Clock.TRANSFER_CITY, TRANSFER_YEARS_CITY), (Clock.TRANSFER_COUNTY, TRANSFER_YEARS_COUNTY)):
        if (day := after_years(formed.day, years)) <= today:
            due.append(Due(clock, day))
    return tuple(due)


def find_secrecy(level: str | None, period: str | None, formed: Formed | None, today: dt.date) -> tuple[Due, ...]:
    """What is due for a paper with a state-secret marking: at most a presumption that people have to ask about.

    The period runs from the day of issue（保密法实施条例:19）; a stated day of declassification needs none. A level nobody can name
    (cipher telegrams) has no longest period.
    """
    issued = formed.day.isoformat() if formed else None
    if period:
        words = period.replace("解密", "").replace("保密", "")
        end, note = expires(words, issued), f"标注：{period}"
        if end is None and (formed is not None or expires(words, "2000-01-01") is None):
            return (Due(Clock.SECRECY_OPEN, None, note),)
    else:
        years = LONGEST_SECRECY.get(level or "unknown")
        note = f"未标期限，按{LEVELS.get(level or 'unknown', '')}级最长 {years} 年推定"
        if years is None:
            return (Due(Clock.SECRECY_OPEN, None, "密级不明，没有最长期限"),)
        end = after_years(formed.day, years) if formed else None
    if end is None:
        return (Due(Clock.UNDATED, None, note),)
    return (Due(Clock.SECRECY_OVER, end, note),) if end < today else ()
