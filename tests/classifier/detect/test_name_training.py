"""scripts/train_names and what it draws its names from: a small run from sentences to a model that loads."""

import json
import random
import shutil
import subprocess
import sys

import numpy as np
import pytest

from classifier.core.errors import BadModel
from classifier.core.settings import read_settings
from classifier.detect.name_scorer import choose, load_scorer

HOME = read_settings().data_home
SENTENCES = [
    "局长⟦o:张建国⟧强调，要抓好防汛工作。",
    "患者⟦p:李秀英⟧因头痛到医院就诊。",
    "会议由⟦o:王志强⟧主持，⟦o:陈丽华⟧、⟦o:周海涛⟧参加。",
    "村民⟦p:赵大柱⟧反映，村里的路坏了半年。",
    "诗人⟦x:李白⟧写过许多名篇。",
    "外长⟦x:谢尔盖·伊万诺夫⟧抵达北京。",
    "高度重视安全生产，严格落实责任。",
    "方便群众办事，任何单位不得推诿。",
    "水利工程建设应当符合国家标准。",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data home with a model trained on nine sentences."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus" / "names").mkdir(parents=True)
    (folder / "corpus" / "names" / "n1.txt").write_text("\n".join(SENTENCES * 2), encoding="utf-8")
    shutil.copytree(HOME / "corpus" / "terms", folder / "corpus" / "terms")
    command = [
        sys.executable,
        str(HOME / "scripts" / "train_names"),
        "--copies",
        "2",
        "--corpus",
        str(folder / "corpus" / "names"),
    ]
    command += ["--papers", str(folder), "--out", str(folder / "models" / "name")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


def test_a_trained_model_loads_and_finds_its_names(home):
    """Written, checked by its sum, loaded, and it has learned what it was shown."""
    scorer = load_scorer(home)
    assert scorer is not None
    text = "局长张建国强调，要抓好防汛工作。"
    assert [(m.start, m.end) for m in choose(text, scorer, 0.3)] == [(2, 5)]


def test_a_model_of_other_features_is_refused(home, tmp_path):
    """Weights of another feature version would score noise."""
    copy = shutil.copytree(home, tmp_path / "home")
    path = copy / "models" / "name" / "1" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"features": 0}), encoding="utf-8")
    with pytest.raises(BadModel, match="不匹配"):
        load_scorer(copy)


def test_the_card_says_which_suites_were_seen(home, tmp_path):
    """Figures on texts that a choice was made by are told as such; the weights stay as they are."""
    model = shutil.copytree(home / "models" / "name", tmp_path / "name") / "1"
    weights = (model / "weights.npz").read_bytes()
    command = [sys.executable, str(HOME / "scripts" / "train_names"), "--card", "--out", str(tmp_path / "name")]
    subprocess.run([*command, "--setups", "7", "--seen", "some_suite:0.9:0.8"], check=True, capture_output=True, timeout=120)
    card = (model / "CARD.md").read_text(encoding="utf-8")
    assert "| some_suite | 0.9 | 0.8 |" in card
    assert "among about 7" in card
    assert (model / "weights.npz").read_bytes() == weights


def test_weights_are_plain_arrays(home):
    """No pickle is needed to read them."""
    with np.load(home / "models" / "name" / "1" / "weights.npz", allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} == {"f", "u"}


@pytest.fixture
def corpus_tool(monkeypatch):
    """scripts/name_corpus as a module."""
    monkeypatch.syspath_prepend(str(HOME / "scripts"))
    import name_corpus

    return name_corpus


def test_one_name_stays_one_name(corpus_tool):
    """Where a sentence names somebody twice, the drawn name stands in both places, and the marks fit it."""
    sentence = corpus_tool.read_marked("⟦p:李秀英⟧说，⟦p:李秀英⟧的户口不在本地。", "n1")
    varied = corpus_tool.vary(sentence, corpus_tool.read_lists(HOME / "corpus" / "terms"), random.Random(3))
    names = [varied.text[a:b] for a, b, _ in varied.names]
    assert len(names) == 2
    assert len(set(names)) == 1
    assert varied.text == f"{names[0]}说，{names[0]}的户口不在本地。"
