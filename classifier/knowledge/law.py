"""Statute articles by id (`条例:14`, `保密法:22`), with the dates they are in force and the way to cite them."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from classifier.core.errors import BadKnowledge


@dataclass(frozen=True, slots=True)
class Article:
    """One article, paragraph or item of a statute."""

    id: str
    """`条例:16.2` = 第十六条第二款; `条例:20.5` = 第二十条第（五）项."""
    statute: str
    place: str
    gist: str
    """What it says, in our own words, in one sentence a clerk can read."""
    in_force: dt.date
    until: dt.date | None = None

    @property
    def citation(self) -> str:
        """`《政府信息公开条例》第十六条第二款`."""
        return f"《{self.statute}》{self.place}"


@dataclass(frozen=True, slots=True)
class Law:
    """All articles. Lookup fails loudly: a rule may not cite what is not here."""

    articles: Mapping[str, Article]

    def article(self, identifier: str) -> Article:
        """The article with this id.

        Raises:
            BadKnowledge: when corpus/law does not hold it.
        """
        try:
            return self.articles[identifier]
        except KeyError:
            raise BadKnowledge(f"法规库没有条文 {identifier}。请检查 corpus/law。") from None

    def cite(self, identifiers: tuple[str, ...]) -> str:
        """Citations joined for a reader: `《…条例》第十五条、《…》第…条`."""
        return "、".join(self.article(i).citation for i in identifiers)


def _read_article(entry: Mapping[str, Any], statute: Mapping[str, Any], path: Path) -> Article:
    try:
        return Article(
            id=f"{statute['id']}:{entry['no']}",
            statute=statute["name"],
            place=entry["place"],
            gist=entry["gist"],
            in_force=entry.get("in_force", statute["in_force"]),
            until=entry.get("until", statute.get("until")),
        )
    except KeyError as error:
        raise BadKnowledge(f"{path.name}：条文缺少字段 {error}。") from error


def load_law(folder: Path) -> Law:
    """Read every statute file of a folder (corpus/law).

    Raises:
        BadKnowledge: a file that is not TOML, a missing field, a repeated id, or an empty folder.
    """
    articles: dict[str, Article] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BadKnowledge(f"{path.name} 不是正确的 TOML：{error}") from error
        for entry in data.get("article", []):
            article = _read_article(entry, data["statute"], path)
            if article.id in articles:
                raise BadKnowledge(f"{path.name}：条文 {article.id} 重复。")
            articles[article.id] = article
    if not articles:
        raise BadKnowledge(f"法规库 {folder.name} 是空的。")
    return Law(MappingProxyType(articles))
