"""The house keeps its shape: layers hold, modules stay small, no file names a machine or an index."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(p for room in ("classifier", "review_ui") for p in (ROOT / room).rglob("*.py"))


def test_layers_hold() -> None:
    """import-linter finds no broken contract."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    """No module over 300 lines, no function over 60."""
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 300
    long = [
        n.name
        for n in ast.walk(ast.parse(source))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and (n.end_lineno or 0) - n.lineno > 60
    ]
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_drawers(path: Path) -> None:
    """No module is called utils, helpers, common, manager or base."""
    assert path.stem not in {"utils", "helpers", "common", "manager", "base", "misc"}


def test_every_room_has_a_door() -> None:
    """Each folder's __init__ says what comes in, goes out and may be touched."""
    for door in sorted(p for p in MODULES if p.name == "__init__.py"):
        assert ast.get_docstring(ast.parse(door.read_text(encoding="utf-8"))), door


def test_no_index_address_and_no_machine_path() -> None:
    """Lock files and scripts name no package index and no folder of one machine."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    bad = re.compile(r"index-url|/w[o]rk/|pypi\.|/simple/")
    for name in listed:
        if name.endswith((".lock", ".toml", ".sh", ".py")) or name.startswith("scripts/"):
            path = ROOT / name
            if path.is_file():
                assert not bad.search(path.read_text(encoding="utf-8")) or name.endswith("test_architecture.py"), name


def test_classifier_door_is_light() -> None:
    """Importing the package loads nothing heavy."""
    code = "import sys, classifier, review_ui; print([m for m in ('numpy','lxml','flask','sqlalchemy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
