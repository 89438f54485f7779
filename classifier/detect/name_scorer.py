"""The learned part of finding names: weights for candidates, and the choice among overlapping ones."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.core.errors import BadModel
from classifier.detect.candidates import Candidates, drop_words, find_candidates
from classifier.detect.name_company import SIZE, look_again
from classifier.detect.name_features import PLACE, VERSION, WHOLE, describe
from classifier.detect.name_hashes import BUCKETS
from classifier.detect.name_shapes import Shapes, load_shapes
from classifier.detect.name_words import cut, is_common
from classifier.knowledge.model_files import NAMES, read_active

Weights = npt.NDArray[np.float32]
CAPACITIES = ("o", "p", "x")
"""Labels of the capacity model: in office, private, other (public figures, history, foreign leaders)."""


_WORD_ENDS = "率性化度量型级类费款税法制品平病期中内者员书证权金额价值力学点线面区部会所局室站"
_OFTEN = 16
_PLACE_WORDS = "中内外前后上下里间处"
_CALLED_AFTER = ("新时代", "思想", "理论", "主义", "精神", "文学奖", "学院", "市", "奖", "医院")


@dataclass(frozen=True, slots=True, eq=False)
class NameScorer:
    """Linear weights over hashed features, and the character tables they were trained with."""

    weights: Weights
    bias: float
    company: Weights
    """The second look (name_company): the first entry weighs the first score, the last is the bias."""
    capacity: Weights
    capacity_bias: Weights
    shapes: Shapes
    version: str
    line: float = 0.5
    """Candidates of at least this probability are names."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that the model takes for a name."""

    start: int
    end: int
    score: float
    """Log odds."""
    capacity: str
    """The likeliest of CAPACITIES."""
    sureness: float
    """Its probability."""


def pick(found: Candidates, scores: npt.NDArray[np.float32], line: float) -> list[int]:
    """Indices of the candidates over the line, in text order; of a heap that overlaps, the best first."""
    good = np.flatnonzero(scores > np.log(line / (1 - line)))
    taken: set[int] = set()
    kept = []
    for index in good[np.argsort(-scores[good], kind="stable")].tolist():
        places = range(int(found.start[index]), int(found.end[index]))
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(index)
    return sorted(kept, key=lambda i: int(found.start[i]))


def _is_no_person(text: str, start: int, end: int, shapes: Shapes) -> bool:
    """An ordinary word or place, or a person's name that names a thing: 邓小平理论, 雷锋精神."""
    word = text[start:end]
    if word in shapes.figures:
        return text.startswith(_CALLED_AFTER, end)
    built = len(word) == 3 and word[-1] in _WORD_ENDS and is_common(word, _OFTEN)
    return word in shapes.stop or built or (len(word) == 2 and word[-1] in _PLACE_WORDS)


def choose(text: str, scorer: NameScorer, line: float | None = None) -> list[Mention]:
    """The names of a text, without overlaps, in order: the best candidate of a heap first."""
    words = cut(text)
    if not len(words.tags):
        return []
    found = drop_words(words, find_candidates(words, scorer.shapes))
    if not len(found.start):
        return []
    values = describe(words, found, scorer.shapes)
    boxes, first = look_again(words, found, WHOLE.score(values, scorer.weights) + scorer.bias)
    scores = scorer.company[boxes].sum(axis=1) + scorer.company[0] * first + scorer.company[-1]
    kept = pick(found, scores, scorer.line if line is None else line)
    kept = [i for i in kept if not _is_no_person(text, int(found.start[i]), int(found.end[i]), scorer.shapes)]
    if not kept:
        return []
    odds = scorer.capacity[:, PLACE.buckets(values[:, kept])].sum(axis=1).T + scorer.capacity_bias
    shares = np.exp(odds - odds.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    best = shares.argmax(axis=1)
    return [
        Mention(int(found.start[i]), int(found.end[i]), float(scores[i]), CAPACITIES[b], float(shares[row, b]))
        for row, (i, b) in enumerate(zip(kept, best.tolist(), strict=True))
    ]


@lru_cache(maxsize=2)
def load_scorer(home: Path) -> NameScorer | None:
    """The active name model of a data home; None when there is none (names are then found by labels only).

    Raises:
        BadModel: weights that were changed, are no plain arrays, or belong to another version of the program.
    """
    stored = read_active(home / "models", NAMES)
    if stored is None:
        return None
    if stored.manifest.get("features") != VERSION:
        raise BadModel(f"人名模型 {stored.version} 与本版本程序不匹配。请运行 scripts/train_names 重新训练。")
    try:
        with np.load(io.BytesIO(stored.raw), allow_pickle=False) as file:
            arrays = {name: file[name].astype(np.float32) for name in file.files}
    except ValueError as error:  # object arrays would need pickle, which executes on load
        raise BadModel(f"人名模型 {stored.version} 的权重文件不是普通数组，已拒绝使用。请重新安装。") from error
    shapes = {
        "weights": (BUCKETS,),
        "bias": (1,),
        "company": (SIZE + 1,),
        "capacity": (len(CAPACITIES), BUCKETS),
        "capacity_bias": (len(CAPACITIES),),
    }
    if any(name not in arrays or arrays[name].shape != shape for name, shape in shapes.items()):
        raise BadModel(f"人名模型 {stored.version} 的形状不对。请重新安装。")
    return NameScorer(
        arrays["weights"],
        float(arrays["bias"][0]),
        arrays["company"],
        arrays["capacity"],
        arrays["capacity_bias"],
        load_shapes(home / "corpus" / "terms"),
        f"name/{stored.version}",
        float(stored.manifest["line"]),
    )
