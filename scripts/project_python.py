"""Imported first by the developer scripts: re-runs them with the project's .venv, so that `scripts/evaluate` alone works."""

import os
import sys
from pathlib import Path

_OWN = Path(__file__).resolve().parents[1] / ".venv" / "bin" / "python"
if _OWN.exists() and sys.prefix == sys.base_prefix:
    os.execv(str(_OWN), [str(_OWN), *sys.argv])  # noqa: S606 - the same script, the right interpreter
if sys.prefix == sys.base_prefix:
    raise SystemExit("还没有 .venv：请先运行 scripts/test（开发）或 scripts/run。")
