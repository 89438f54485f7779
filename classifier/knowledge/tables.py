"""TOML files of law, rules and packs, and faults in them told so that a clerk finds the place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.core.errors import BadKnowledge

_PLACE = re.compile(r"at line (\d+), column (\d+)")


def read_table(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        BadKnowledge: it is not TOML, or not UTF-8; the message tells line and column.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BadKnowledge(f"{path.name} 不是正确的 TOML：不是 UTF-8 编码，请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"第 {place[1]} 行第 {place[2]} 列附近" if place else "文件末尾"
        raise BadKnowledge(f"{path.name} 不是正确的 TOML：{where}写法有误，请检查引号、括号和等号。") from error
    except (ValueError, RecursionError) as error:
        raise BadKnowledge(f"{path.name} 不是正确的 TOML：数字太长或者括号套得太深，请改短。") from error


def tables_in(data: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    """The [[key]] tables of a file; none where it has none.

    Raises:
        BadKnowledge: the key is there and holds anything else.
    """
    tables = data.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadKnowledge(f"{path.name}：{key} 应写作 [[{key}]]（两层方括号），每条一段。")
    return tables
