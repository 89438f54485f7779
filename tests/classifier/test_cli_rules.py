"""`mishen rules …` as a clerk types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACK = '[pack]\nprefix = "yunxi"\nname = "云溪规则"\nversion = "2"\npublisher = "云溪市水利局"\ndescription = "代号"\n'
RULE = """
[[rule]]
id = "yunxi.code_names"
version = 1
method = "terms"
category = "public_security"
type = "passage"
severity = "review"
law = ["反法:10"]
why = "工程内部代号"
sealed_files = ["a.sealed"]
"""
PAPER = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好青鸾工程宣传工作。\n云溪市水利局\n2026年4月2日"


def _run(*args: str, packs: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **({"MISHEN_RULES": str(packs)} if packs else {})}
    command = [sys.executable, "-c", "from classifier.cli import main; main()", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    place = tmp_path / "packs" / "yunxi"
    (place / "terms").mkdir(parents=True)
    (place / "pack.toml").write_text(PACK, encoding="utf-8")
    (place / "rules.toml").write_text(RULE, encoding="utf-8")
    (tmp_path / "词表.txt").write_text("青鸾工程\n", encoding="utf-8")
    assert _run("rules", "seal", str(tmp_path / "词表.txt"), str(place / "terms" / "a.sealed")).returncode == 0
    return tmp_path / "packs"


def test_list_is_a_table_or_json(packs: Path) -> None:
    """Each rule with version, state, pack, counts and law."""
    assert "yunxi.code_names@1" in _run("rules", "list", packs=packs).stdout
    rows = [json.loads(line) for line in _run("rules", "list", "--json", packs=packs).stdout.splitlines()]
    [row] = [r for r in rows if r["pack"] == "yunxi"]
    assert (row["version"], row["state"], row["sealed_terms"]) == (1, "enabled", 1)
    assert row["citation"] == "《反不正当竞争法》第十条"


def test_explain_tells_pack_law_and_dates(packs: Path) -> None:
    """Every edition with its days, numbers that are not verified, and no sealed word."""
    told = _run("rules", "explain", "yunxi.code_names", packs=packs).stdout
    assert "云溪规则 2（云溪市水利局）" in told
    assert "《反不正当竞争法》第十条（2025-10-15起施行）［未核］" in told
    assert "《反不正当竞争法》（2019年）第九条（2019-04-23 至 2025-10-14）" in told
    assert "青鸾" not in told


def test_an_id_alone_still_explains() -> None:
    """What people typed before there were sub-commands."""
    assert _run("rules", "marking.full").stdout == _run("rules", "explain", "marking.full").stdout


def test_check_of_a_pack_that_is_not_installed(packs: Path) -> None:
    """A pack can be tried before it is put in place; 0 when it is good, 5 with the fault when it is not."""
    done = _run("rules", "check", "--pack", str(packs / "yunxi"))
    assert done.returncode == 0
    assert "检查了 1 条规则，没有问题" in done.stdout
    (packs / "yunxi" / "rules.toml").write_text(RULE.replace("反法:10", "反法:99"), encoding="utf-8")
    done = _run("rules", "check", "--pack", str(packs / "yunxi"))
    assert done.returncode == 5
    assert "反法:99" in done.stderr


def test_a_bad_pack_is_told_and_assess_goes_on(packs: Path, tmp_path: Path) -> None:
    """The house rules work, and nobody can overlook that the pack does not."""
    (packs / "yunxi" / "pack.toml").write_text("[pack", encoding="utf-8")
    (tmp_path / "通知.txt").write_text(PAPER, encoding="utf-8")
    done = _run("assess", str(tmp_path / "通知.txt"), "--format", "jsonl", packs=packs)
    assert done.returncode == 0
    assert "规则包 yunxi 没有装入" in done.stderr


def test_a_packs_sealed_word_is_found_by_assess(packs: Path, tmp_path: Path) -> None:
    """From the sealed list to the verdict; the citation stands beside the id."""
    (tmp_path / "通知.txt").write_text(PAPER, encoding="utf-8")
    result = json.loads(_run("assess", str(tmp_path / "通知.txt"), "--format", "jsonl", packs=packs).stdout)
    assert [f["text"] for f in result["findings"] if f["rule"] == "yunxi.code_names@1"] == ["青鸾工程"]
    assert result["citations"]["反法:10"] == "《反不正当竞争法》第十条"


def test_an_old_paper_cites_the_old_law(tmp_path: Path) -> None:
    """A paper of 2018 stands under the regulations of 2007."""
    (tmp_path / "通知.txt").write_text(
        PAPER.replace("2026年", "2018年").replace("青鸾工程", "手机13857801234的"), encoding="utf-8"
    )
    result = json.loads(_run("assess", str(tmp_path / "通知.txt"), "--format", "jsonl").stdout)
    assert result["citations"]["条例:15"] == "《政府信息公开条例》（2007年）第十四条"


def test_dry_run_tells_changes_without_words(packs: Path, tmp_path: Path) -> None:
    """File, rule, count; nothing is changed."""
    (tmp_path / "通知.txt").write_text(PAPER, encoding="utf-8")
    done = _run("rules", "dry-run", "--pack", str(packs / "yunxi"), str(tmp_path / "通知.txt"))
    assert done.returncode == 0
    assert "通知.txt\tyunxi.code_names@1 +1" in done.stdout
    assert "命中有变 1 份" in done.stdout
    assert "青鸾" not in done.stdout


@pytest.mark.parametrize("args", [["dry-run", "x"], ["dry-run", "--rule", "a", "--pack", "b", "x"], ["dry-run", "--rule", "a"]])
def test_dry_run_asks_for_what_is_missing(args: list[str]) -> None:
    """One target and one source."""
    assert _run("rules", *args).returncode == 2


def test_seal_overwrites_nothing(tmp_path: Path) -> None:
    """An existing file stays."""
    (tmp_path / "a.txt").write_text("青鸾工程\n", encoding="utf-8")
    (tmp_path / "b.sealed").write_text("旧", encoding="utf-8")
    assert _run("rules", "seal", str(tmp_path / "a.txt"), str(tmp_path / "b.sealed")).returncode == 5
    assert (tmp_path / "b.sealed").read_text(encoding="utf-8") == "旧"


def test_rules_help_loads_nothing_heavy() -> None:
    """`mishen rules --help` is as quick as `mishen --help`."""
    code = "import sys; from click.testing import CliRunner; from classifier.cli import cli; CliRunner().invoke(cli, ['rules', '--help']); print([m for m in ('numpy','lxml','flask','tomllib','classifier.knowledge') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
