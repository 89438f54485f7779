"""A bureau's packs: its own rules and changes count; a bad pack is left out whole; a marking can never be switched off."""

import re
from pathlib import Path

import pytest

from classifier.core.errors import BadKnowledge
from classifier.core.finding import Category, Severity
from classifier.core.settings import Thresholds, read_settings
from classifier.detect.validators import VALIDATORS
from classifier.knowledge import RuleState, careful, load_knowledge, packs, rules
from classifier.knowledge.packs import try_pack

CORPUS = read_settings().data_home / "corpus"
HOUSE = load_knowledge(CORPUS)
PACK = """
[pack]
prefix = "yunxi"
name = "云溪市水利局规则"
version = "1"
publisher = "云溪市水利局办公室"
description = "水库和堤防的内部代号"
"""
RULE = """
[[rule]]
id = "yunxi.code_names"
version = 1
method = "terms"
category = "public_security"
type = "passage"
severity = "review"
law = ["条例:14"]
why = "工程内部代号"
terms = ["青鸾工程"]
hits = ["青鸾工程进展"]
"""
OVERRIDE = '\n[[override]]\nrule = "security.stability"\nstate = "evaluation"\nreason = "先试用一个月"\n'


def _write(folder: Path, pack: str = PACK, rule: str = RULE) -> Path:
    place = folder / "yunxi"
    place.mkdir(parents=True, exist_ok=True)
    (place / "pack.toml").write_text(pack, encoding="utf-8")
    (place / "rules.toml").write_text(rule, encoding="utf-8")
    return folder


def test_a_packs_rules_stand_beside_the_house_rules(tmp_path: Path) -> None:
    """Its rule is active, names its pack, and the version of the book tells that it is there."""
    book = load_knowledge(CORPUS, _write(tmp_path)).book
    assert book.by_id("yunxi.code_names").pack == "yunxi"
    assert book.by_id("yunxi.code_names") in book.active()
    assert len(book.rules) == len(HOUSE.book.rules) + 1
    assert book.version != HOUSE.book.version
    assert [p.name for p in book.packs] == ["云溪市水利局规则"]


def test_the_version_follows_every_file_of_a_pack(tmp_path: Path) -> None:
    """A changed list of terms is another book."""
    rule = RULE.replace('terms = ["青鸾工程"]', 'term_files = ["a.txt"]')
    (_write(tmp_path, rule=rule) / "yunxi" / "terms").mkdir()
    words = tmp_path / "yunxi" / "terms" / "a.txt"
    words.write_text("青鸾工程\n", encoding="utf-8")
    first = load_knowledge(CORPUS, tmp_path).book
    words.write_text("青鸾工程\n白泽工程\n", encoding="utf-8")
    second = load_knowledge(CORPUS, tmp_path).book
    assert first.by_id("yunxi.code_names").terms == ("青鸾工程",)
    assert first.version != second.version


def test_an_override_changes_a_house_rule_with_its_reason(tmp_path: Path) -> None:
    """State and reason are kept; the other rules stay as they were."""
    book = load_knowledge(CORPUS, _write(tmp_path, PACK + OVERRIDE)).book
    changed = book.by_id("security.stability")
    assert changed.state is RuleState.EVALUATION
    assert changed.override == "先试用一个月"
    assert [r for r in book.rules if r.override] == [changed]


@pytest.mark.parametrize("state", ["disabled", "evaluation"])
def test_no_pack_switches_off_a_secret_marking(tmp_path: Path, state: str) -> None:
    """Every stop for a state-secret marking stays, and the refusal says why in Chinese."""
    stops = [r for r in HOUSE.book.rules if r.category is Category.STATE_SECRET and r.severity is Severity.BLOCK]
    assert stops
    for rule in stops:
        text = f'{PACK}\n[[override]]\nrule = "{rule.id}"\nstate = "{state}"\nreason = "误报多"\n'
        book = load_knowledge(CORPUS, _write(tmp_path, text)).book
        assert book.by_id(rule.id).state is RuleState.ENABLED
        assert "国家秘密标志" in book.refused[0].message


@pytest.mark.parametrize("state", ["disabled", "evaluation"])
def test_no_pack_switches_off_a_secret_hint(tmp_path: Path, state: str) -> None:
    """Nor any other rule about state secrets, such as a level that stands alone on a line."""
    hints = [r for r in HOUSE.book.rules if r.category is Category.STATE_SECRET and r.severity is not Severity.BLOCK]
    assert "marking.lone_line" in {r.id for r in hints}
    for rule in hints:
        text = f'{PACK}\n[[override]]\nrule = "{rule.id}"\nstate = "{state}"\nreason = "误报多"\n'
        book = load_knowledge(CORPUS, _write(tmp_path, text)).book
        assert book.by_id(rule.id).state is RuleState.ENABLED
        assert "只能启用" in book.refused[0].message


def test_a_secret_hint_may_be_switched_on(tmp_path: Path) -> None:
    """That is as strict as before, or stricter."""
    text = PACK + OVERRIDE.replace("security.stability", "marking.lone_line").replace("evaluation", "enabled")
    book = load_knowledge(CORPUS, _write(tmp_path, text)).book
    assert book.refused == ()
    assert book.by_id("marking.lone_line").override == "先试用一个月"


def test_a_softened_marking_is_refused(tmp_path: Path) -> None:
    """Neither may its severity fall."""
    text = f'{PACK}\n[[override]]\nrule = "marking.full"\nseverity = "info"\nreason = "误报多"\n'
    book = load_knowledge(CORPUS, _write(tmp_path, text)).book
    assert book.by_id("marking.full").severity is Severity.BLOCK
    assert book.refused


@pytest.mark.parametrize(
    ("pack", "rule", "message"),
    [
        ("[pack", RULE, "TOML：文件末尾"),
        (PACK, RULE.replace("version = 1", "version 1"), "第 4 行"),
        (PACK.replace('publisher = "云溪市水利局办公室"\n', ""), RULE, "publisher"),
        (PACK + "colour = 1\n", RULE, "colour"),
        (PACK.replace('"yunxi"', '"Yun-xi"'), RULE, "前缀"),
        (PACK.replace('"yunxi"', '"marking"'), RULE, "前缀"),
        (PACK, RULE.replace("yunxi.code", "other.code"), "yunxi."),
        (PACK, RULE.replace('"terms"', '"code"'), "code"),
        (PACK, RULE.replace("条例:14", "条例:99"), "rules.toml 第 3 行.*条例:99"),
        (PACK, RULE.replace("terms = [", "termz = ["), "termz"),
        (PACK, RULE.replace('"review"', '"block"'), "block"),
        (PACK, RULE + 'validator = "magic"\n', "validator"),
        (PACK, RULE.replace("public_security", "state_secret"), "hint"),
        (
            PACK + OVERRIDE.replace("security.stability", "marking.declassified").replace("state =", "grade ="),
            RULE,
            "只能改 state",
        ),
        (PACK, RULE + 'mask = "magic"\n', "mask"),
        (PACK, RULE.replace("version = 1\n", ""), "version"),
        (PACK, RULE + RULE, "重复"),
        (PACK + OVERRIDE.replace("security.stability", "no.such"), RULE, "no.such"),
        (PACK + OVERRIDE.replace('reason = "先试用一个月"\n', ""), RULE, "理由"),
        (PACK + OVERRIDE.replace('state = "evaluation"\n', ""), RULE, "改什么"),
        (PACK + OVERRIDE.replace('"evaluation"', '"off"'), RULE, "取值"),
        (PACK + OVERRIDE + OVERRIDE, RULE, "两次"),
        (PACK + OVERRIDE.replace("state", "stat"), RULE, "stat"),
        (PACK + '\n[[override]]\nthreshold = "suggest"\nvalue = 0.5\nreason = "快"\n', RULE, "更谨慎"),
        (PACK + '\n[[override]]\nthreshold = "doubt"\nvalue = 0.5\nreason = "快"\n', RULE, "更谨慎"),
        (PACK + '\n[[override]]\nthreshold = "speed"\nvalue = 0.5\nreason = "快"\n', RULE, "speed"),
    ],
)
def test_a_bad_pack_is_left_out_whole(tmp_path: Path, pack: str, rule: str, message: str) -> None:
    """The refusal names folder, place and fault; the house rules are untouched, the pack's good parts do not count."""
    _refused(tmp_path, pack, rule, message)


def _refused(tmp_path: Path, pack: str, rule: str, message: str) -> None:
    book = load_knowledge(CORPUS, _write(tmp_path, pack, rule)).book
    [refusal] = book.refused
    assert "yunxi" in refusal.message
    assert re.search(message, refusal.message), refusal.message
    assert book.version == HOUSE.book.version
    assert [r.id for r in book.rules] == [r.id for r in HOUSE.book.rules]
    assert all(not r.override for r in book.rules)


def _with_field(line: str) -> str:
    """The rule with one field written otherwise."""
    key = line.partition(" = ")[0]
    kept = [old for old in RULE.splitlines() if not old.startswith(f"{key} = ")]
    return "\n".join([*kept, line, ""])


@pytest.mark.parametrize("value", ["5", "true", '["甲"]', '""', "{ a = 1 }"])
@pytest.mark.parametrize(
    "key",
    [
        "id", "state", "method", "category", "type", "severity", "grade", "why", "pattern", "near", "not_near", "mask", "validator",
    ],
)  # fmt: skip
def test_a_field_of_text_is_text(tmp_path: Path, key: str, value: str) -> None:
    """Numbers, lists and nothing are refused with file, rule and field before any paper meets them."""
    _refused(tmp_path, PACK, _with_field(f"{key} = {value}"), rf"rules\.toml 第 \d+ 行：规则 .+ 的 {key} 应是不空的文字")


@pytest.mark.parametrize("value", ["5", '"甲"', "[5]", '["甲", ["乙"]]', '[""]', "{ a = 1 }"])
@pytest.mark.parametrize("key", ["law", "terms", "term_files", "sealed_files", "places", "hits", "misses"])
def test_a_field_of_texts_is_a_list_of_texts(tmp_path: Path, key: str, value: str) -> None:
    """One string is not a list of its letters."""
    message = rf"rules\.toml 第 \d+ 行：规则 yunxi\.code_names 的 {key} 应是方括号里的一组文字"
    _refused(tmp_path, PACK, _with_field(f"{key} = {value}"), message)


@pytest.mark.parametrize("value", ["true", '"1"', "1.0", "[1]"])
def test_a_version_is_a_whole_number(tmp_path: Path, value: str) -> None:
    """`true` is none."""
    _refused(tmp_path, PACK, _with_field(f"version = {value}"), r"规则 yunxi\.code_names 的 version 应是整数")


@pytest.mark.parametrize(
    ("pack", "rule", "message"),
    [
        ('override = ["x"]\n' + PACK, RULE, r"pack\.toml：override 应写作 \[\[override\]\]"),
        (PACK + OVERRIDE.replace("[[override]]", "[override]"), RULE, r"override 应写作 \[\[override\]\]"),
        ("override = 5\n" + PACK, RULE, "override 应写作"),
        (PACK + OVERRIDE.replace('"security.stability"', '["a"]'), RULE, "rule 应是文字"),
        (PACK + OVERRIDE.replace('"security.stability"', "5"), RULE, "rule 应是文字"),
        (PACK + OVERRIDE.replace('"evaluation"', "[1]"), RULE, "state 应是文字"),
        (PACK + OVERRIDE.replace('"先试用一个月"', "5"), RULE, "理由"),
        (PACK + '\n[[override]]\nthreshold = ["a"]\nvalue = 0.9\nreason = "慢"\n', RULE, "threshold 应是文字"),
        (PACK + '\n[[override]]\nthreshold = "suggest"\nvalue = "0.9"\nreason = "慢"\n', RULE, "小数"),
        ("pack = 5\n", RULE, r"pack 应写作 \[pack\]"),
        (PACK.replace("[pack]", "[[pack]]"), RULE, r"pack 应写作 \[pack\]"),
        (PACK.replace('"yunxi"', "5"), RULE, "不空的文字"),
        (PACK, RULE.replace("[[rule]]", "[rule]"), r"rules\.toml：rule 应写作 \[\[rule\]\]"),
        (PACK, "rule = [5]\n", "rule 应写作"),
        (PACK, "rule = 5\n", "rule 应写作"),
        (PACK, RULE + 'near = "a{99999999999999999999}"\n', "表达式有误"),
        (PACK, f"rule = {'[' * 5000}\n", "TOML"),
        (PACK, f"version = {'1' * 5000}\n", "TOML"),
    ],
)
def test_a_pack_of_the_wrong_shape_is_left_out_whole(tmp_path: Path, pack: str, rule: str, message: str) -> None:
    """Whatever stands where something else belongs costs the pack, never the house."""
    _refused(tmp_path, pack, rule, message)


@pytest.mark.parametrize("fault", [TypeError, AttributeError, KeyError, ValueError, RecursionError, PermissionError])
def test_a_fault_nobody_foresaw_costs_only_the_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    """The last resort: told as a fault of the form, to the installation and to whoever tries the pack."""

    def fail(*_: object) -> None:
        raise fault("x")

    monkeypatch.setattr(packs, "_read_pack", fail)
    _refused(tmp_path, PACK, RULE, "规则包格式有误")
    with pytest.raises(BadKnowledge, match="规则包格式有误"):
        try_pack(CORPUS, None, tmp_path / "yunxi")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('gist = "代号不得公开。"', "gist = 5", "gist"),
        ('place = "第三条"', 'place = ["a"]', "place"),
        ("[[article]]", "[article]", "格式有误"),
        ('[statute]\nid = "市办法"\n', "[statute]\n", "缺少"),
    ],
)
def test_a_bad_local_regulation_costs_only_the_pack(tmp_path: Path, old: str, new: str, message: str) -> None:
    """What readers are shown is text."""
    (tmp_path / "yunxi" / "law").mkdir(parents=True)
    text = '[statute]\nid = "市办法"\nname = "云溪市水利工程管理办法"\nin_force = 2022-01-01\n[[article]]\nno = "3"\nplace = "第三条"\ngist = "代号不得公开。"\n'
    (tmp_path / "yunxi" / "law" / "a.toml").write_text(text.replace(old, new), encoding="utf-8")
    _refused(tmp_path, PACK, RULE, message)


def test_a_good_pack_works_beside_a_bad_one(tmp_path: Path) -> None:
    """One pack's fault costs only that pack."""
    _write(tmp_path)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "pack.toml").write_text("[pack", encoding="utf-8")
    book = load_knowledge(CORPUS, tmp_path).book
    assert [p.prefix for p in book.packs] == ["yunxi"]
    assert [r.folder for r in book.refused] == ["bad"]


def test_confidence_lines_only_become_more_careful(tmp_path: Path) -> None:
    """A pack may ask for surer suggestions; the installation's own stricter line stays."""
    text = PACK + '\n[[override]]\nthreshold = "suggest"\nvalue = 0.97\nreason = "先严后宽"\n'
    book = load_knowledge(CORPUS, _write(tmp_path, text)).book
    assert careful(Thresholds(), book).suggest == 0.97
    assert careful(Thresholds(suggest=0.99), book).suggest == 0.99
    assert careful(Thresholds(), HOUSE.book) == Thresholds()


def test_local_regulations_can_be_cited_by_the_packs_rules(tmp_path: Path) -> None:
    """law/ of a pack holds articles its rules stand on."""
    _write(tmp_path, rule=RULE.replace("条例:14", "市办法:3"))
    (tmp_path / "yunxi" / "law").mkdir()
    text = '[statute]\nid = "市办法"\nname = "云溪市水利工程管理办法"\nin_force = 2022-01-01\n[[article]]\nno = "3"\nplace = "第三条"\ngist = "代号不得公开。"\n'
    (tmp_path / "yunxi" / "law" / "a.toml").write_text(text, encoding="utf-8")
    known = load_knowledge(CORPUS, tmp_path)
    assert known.law.cite(known.book.by_id("yunxi.code_names").law) == "《云溪市水利工程管理办法》第三条"


def test_packs_may_name_every_check_we_have() -> None:
    """The list of checks here and the checks of the detect room are the same."""
    assert frozenset(VALIDATORS) == packs.VALIDATORS


def test_a_new_version_is_tried_against_the_installed_one(tmp_path: Path) -> None:
    """Before: the old version; after: the new one in its place, never both."""
    installed = _write(tmp_path / "rules")
    new = _write(tmp_path / "new", PACK.replace('version = "1"', 'version = "2"'), RULE.replace("青鸾", "白泽")) / "yunxi"
    before, after = try_pack(CORPUS, installed, new)
    assert [p.version for p in before.book.packs] == ["1"]
    assert [p.version for p in after.book.packs] == ["2"]
    assert after.book.by_id("yunxi.code_names").terms == ("白泽工程",)


def test_an_installed_pack_is_tried_against_its_absence(tmp_path: Path) -> None:
    """The same folder is not there before."""
    installed = _write(tmp_path)
    before, after = try_pack(CORPUS, installed, installed / "yunxi")
    assert before.book.packs == ()
    assert [p.prefix for p in after.book.packs] == ["yunxi"]


@pytest.mark.parametrize("name", ["../../secret.txt", "/etc/passwd", "inner/terms.txt", ".."])
def test_a_term_list_outside_the_folder_is_refused(name: str) -> None:
    """A pack reads its own lists, not the machine's."""
    with pytest.raises(BadKnowledge, match="只写文件名"):
        rules._stay_inside(name)
