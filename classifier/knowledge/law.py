"""Statute articles by id (`条例:14`, `保密法:22`), each with its editions: the text in force now, and those before an amendment."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from classifier.core.errors import BadKnowledge
from classifier.knowledge.tables import read_table


@dataclass(frozen=True, slots=True)
class Article:
    """One article, paragraph or item of a statute, in one edition."""

    id: str
    """`条例:16.2` = 第十六条第二款; `条例:20.5` = 第二十条第（五）项. Numbered as in the newest edition: rules cite it so."""
    statute: str
    place: str
    gist: str
    """What it says, in our own words, in one sentence a clerk can read."""
    in_force: dt.date
    until: dt.date | None = None
    """The last day in force; None while it stands."""
    edition: str = ""
    """`2007`, for an edition that has been replaced; empty for the newest."""
    checked: bool = True
    """False where the number was concluded from secondary sources: shown as ［未核］, to be checked against the official text."""

    @property
    def citation(self) -> str:
        """`《政府信息公开条例》第十六条第二款`, `《政府信息公开条例》（2007年）第十四条`."""
        return f"《{self.statute}》{f'（{self.edition}年）' if self.edition else ''}{self.place}"

    def is_in_force(self, day: dt.date) -> bool:
        """Whether this edition was the law on `day`."""
        return self.in_force <= day and (self.until is None or day <= self.until)


def read_day(day: dt.date | str | None) -> dt.date | None:
    """A calendar day; text may be an ISO date (成文日期) or an ISO moment; None for what is neither."""
    if day is None or isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(day[:10])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Law:
    """All articles. Lookup fails loudly: a rule may not cite what is not here."""

    articles: Mapping[str, Article]
    """The newest edition of each article."""
    earlier: Mapping[str, tuple[Article, ...]] = field(default_factory=dict)
    """Editions before it, newest first."""

    def article(self, identifier: str) -> Article:
        """The newest edition of the article with this id.

        Raises:
            BadKnowledge: when corpus/law does not hold it.
        """
        try:
            return self.articles[identifier]
        except KeyError:
            raise BadKnowledge(f"法规库没有条文 {identifier}。请检查 corpus/law。") from None

    def article_at(self, identifier: str, day: dt.date | str | None) -> Article:
        """The edition that was in force on `day` (the date of the paper).

        The newest edition where no day is known, or where we hold no edition for it: a paper from before an article existed,
        or from before the oldest edition whose number we know, is reviewed under the law of now.
        """
        newest = self.article(identifier)
        date = read_day(day)
        if date is None:
            return newest
        return next((a for a in self.editions(identifier) if a.is_in_force(date)), newest)

    def editions(self, identifier: str) -> tuple[Article, ...]:
        """Every edition of an article, newest first."""
        return (self.article(identifier), *self.earlier.get(identifier, ()))

    def cite(self, identifiers: Iterable[str], day: dt.date | str | None = None) -> str:
        """Citations joined for a reader, as of `day`: `《…条例》第十五条、《…》第…条`."""
        return "、".join(dict.fromkeys(self.article_at(i, day).citation for i in identifiers))

    def labels(self, identifiers: Iterable[str], day: dt.date | str | None = None) -> dict[str, str]:
        """Id to citation as of `day`; an id that an older rule book knew and we do not is left out."""
        known = (i for i in dict.fromkeys(identifiers) if i in self.articles)
        return {i: self.article_at(i, day).citation for i in known}


def _read_article(entry: Mapping[str, Any], statute: Mapping[str, Any], path: Path) -> tuple[Article, tuple[Article, ...]]:
    """The newest edition, and the earlier ones that stand under it as [[article.earlier]]."""
    try:
        identifier = f"{statute['id']}:{entry['no']}"
        newest = Article(
            id=identifier,
            statute=statute["name"],
            place=entry["place"],
            gist=entry["gist"],
            in_force=entry.get("in_force", statute["in_force"]),
            until=entry.get("until", statute.get("until")),
            checked=entry.get("checked", True),
        )
        earlier = tuple(
            Article(
                id=identifier,
                statute=old.get("statute", statute["name"]),
                place=old["place"],
                gist=old["gist"],
                in_force=old["in_force"],
                until=old["until"],
                edition=str(old["edition"]),
                checked=old.get("checked", True),
            )
            for old in entry.get("earlier", [])
        )
    except KeyError as error:
        raise BadKnowledge(f"{path.name}：条文缺少字段 {error}。") from error
    return newest, tuple(sorted(earlier, key=lambda a: a.in_force, reverse=True))


def _check_dates(editions: tuple[Article, ...], path: Path) -> None:
    """Editions are dated, run forward, and never overlap: on any day one text is the law."""
    for article in editions:
        days = [article.in_force] if article.until is None else [article.in_force, article.until]
        if not all(type(day) is dt.date for day in days) or days != sorted(days):
            raise BadKnowledge(f"{path.name}：条文 {article.id} 的施行日期有误，应写作 2019-05-15，且不晚于失效日期。")
    for newer, older in itertools.pairwise(editions):
        if older.until is None or older.until >= newer.in_force:
            raise BadKnowledge(f"{path.name}：条文 {newer.id} 的两个版本施行期间重叠，请改正 in_force 或 until。")


def _articles_of(path: Path) -> Iterator[tuple[Article, tuple[Article, ...]]]:
    data = read_table(path)
    for entry in data.get("article", []):
        if "statute" not in data:
            raise BadKnowledge(f"{path.name}：缺少 [statute]（id、name、in_force）。")
        newest, earlier = _read_article(entry, data["statute"], path)
        _check_dates((newest, *earlier), path)
        yield newest, earlier


def load_law(folder: Path, base: Law | None = None) -> Law:
    """Read every statute file of a folder (corpus/law); on top of `base`, when a bureau brings its local regulations.

    Raises:
        BadKnowledge: a file that is not TOML, a missing field, a repeated id, overlapping editions, or an empty folder.
    """
    articles = dict(base.articles) if base else {}
    editions = dict(base.earlier) if base else {}
    for path in sorted(folder.glob("*.toml")):
        for newest, earlier in _articles_of(path):
            if newest.id in articles:
                raise BadKnowledge(f"{path.name}：条文 {newest.id} 重复。")
            articles[newest.id] = newest
            if earlier:
                editions[newest.id] = earlier
    if not articles:
        raise BadKnowledge(f"法规库 {folder.name} 是空的。")
    return Law(MappingProxyType(articles), MappingProxyType(editions))
