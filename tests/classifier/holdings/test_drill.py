"""A short drill: kill -9 of workers and of the command itself (the long one is scripts/drill_batch)."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def drill(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    loader = importlib.machinery.SourceFileLoader("drill_batch", str(ROOT / "scripts" / "drill_batch"))
    spec = importlib.util.spec_from_loader("drill_batch", loader)
    assert spec is not None
    made = importlib.util.module_from_spec(spec)
    loader.exec_module(made)
    return made


def test_whatever_is_killed_every_file_is_told_once_and_nobody_lives_on(drill: ModuleType, tmp_path: Path) -> None:
    """Six kills over six hundred papers."""
    folder, out = tmp_path / "archive", tmp_path / "out"
    folder.mkdir()
    for number in range(600):
        text = f"关于第{number}号事项的通知\n各单位：\n　　请认真组织。\n2024年3月1日\n" * 20
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    told = drill.drill(folder, out, 6, longest=0.5, seed=7)
    files, lost, twice, _failed = drill.check(folder, out)
    assert (files, lost, twice, told.get("left alive", 0)) == (600, 0, 0, 0)
    assert told["parent"]
    assert told["worker"]
