"""TOML files of law, rules and packs, and faults in them told so that a clerk finds the place."""

from __future__ import annotations

import re
import tomllib
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
