"""The learned part of finding names: weights for candidates, and the choice among overlapping ones."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.core.errors import BadModel
from classifier.detect.candidates import Candidates, find_candidates, find_places
from classifier.detect.name_company import LOOK, look_again
from classifier.detect.name_features import CARRIED_ROWS, OPENING, PLACE, VERSION, WHOLE, describe, describe_places
from classifier.detect.name_hashes import BUCKETS, Hashes
from classifier.detect.name_pairs import make_pairs
from classifier.detect.name_shapes import Shapes, load_shapes
from classifier.detect.name_signs import FRONT, Alphabet, Signs, make_alphabet, read_signs
from classifier.detect.name_words import is_common
from classifier.knowledge.model_files import NAMES, read_active

Weights = npt.NDArray[np.float32]
CAPACITIES = ("o", "p", "x")
"""Labels of the capacity model: in office, private, other (public figures, history, foreign leaders)."""


_WORD_ENDS = "率性化度量型级类费款税法制品平病期中内者员书证权金额价值力学点线面区部会所局室站"
_OFTEN = 16
_PLACE_WORDS = "中内外前后上下里间处"
_JOINTS = "和应能可都于"
"""Surnames that are, before a word, nearly always the grammatical word: 和|手语."""
_SIDES = "中美英法德日韩朝俄印巴以越泰甲乙丙我对双各"
"""巴方, 甲方: one side of two."""
_CALLED_AFTER = ("新时代", "思想", "理论", "主义", "精神", "文学奖", "学院", "市", "奖", "医院")


_NO_VALUES, _NO_SCORES = np.zeros((0, 0), dtype=np.uint32), np.zeros(0, dtype=np.float32)
LEAST = -4.0
"""First log odds below which a candidate gets no second look."""


@dataclass(frozen=True, slots=True, eq=False)
class NameScorer:
    """Linear weights over hashed features, and the tables they were trained with. Three steps, each for the few that the step before
    left: places at which a name may begin, candidates, candidates among their neighbours and words.
    """

    opening: Weights
    opening_bias: float
    """Places of a positive score are kept."""
    weights: Weights
    bias: float
    company: Weights
    company_bias: Weights
    """What the first score counts in the second look, and the bias."""
    capacity: Weights
    capacity_bias: Weights
    alphabet: Alphabet
    version: str
    line: float = 0.5
    """Candidates of at least this probability are names."""

    @property
    def shapes(self) -> Shapes:
        """What single characters say about names."""
        return self.alphabet.shapes


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
    spans, told, least = found.rows[:2].T.tolist(), scores.tolist(), math.log(line / (1 - line))
    taken: set[int] = set()
    kept = []
    for index in sorted([i for i, score in enumerate(told) if score > least], key=told.__getitem__, reverse=True):
        places = range(*spans[index])
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(index)
    return sorted(kept, key=spans.__getitem__)


def _is_no_person(text: str, start: int, end: int, shapes: Shapes) -> bool:
    """An ordinary word or place, or a person's name that names a thing: 邓小平理论, 雷锋精神."""
    word = text[start:end]
    if word in shapes.figures:
        return text.startswith(_CALLED_AFTER, end)
    built = len(word) == 3 and word[-1] in _WORD_ENDS and is_common(word, _OFTEN)
    pair = len(word) == 2 and (word[1] in _PLACE_WORDS or (word[1] == "方" and word[0] in _SIDES))
    return word in shapes.stop or built or pair or (len(word) == 3 and _is_joined(word))


def _is_joined(word: str) -> bool:
    """Two words side by side: 和手语, 终结前, 支付有."""
    before = word[-1] in _PLACE_WORDS + "有" and is_common(word[:2])
    return before or (word[0] in _JOINTS and is_common(word[1:], _OFTEN))


def find_openings(signs: Signs, scorer: NameScorer) -> npt.NDArray[np.int64]:
    """The places where a name may begin, without the nine in ten at which none does."""
    at = find_places(signs)
    if not len(at):
        return at
    return at[OPENING.score(describe_places(signs, at), scorer.opening) + scorer.opening_bias > 0]


def _look_twice(signs: Signs, scorer: NameScorer) -> tuple[Candidates, Hashes, Weights]:
    """The candidates that the first look left, their columns, and what the second one makes of them."""
    found = find_candidates(signs, find_openings(signs, scorer), scorer.shapes)
    if not found.rows.size:
        return found, _NO_VALUES, _NO_SCORES
    values = describe(signs, found, scorer.shapes)
    first = WHOLE.score(values, scorer.weights) + scorer.bias
    kept = np.flatnonzero(first > LEAST)
    found, values, first = found.take(kept), values[:, kept], first[kept]
    if not len(kept):
        return found, values, first
    columns = look_again(signs, found, values[CARRIED_ROWS], first)
    return found, values, LOOK.score(columns, scorer.company) + scorer.company_bias[0] * first + scorer.company_bias[1]


def choose(text: str, scorer: NameScorer, line: float | None = None) -> list[Mention]:
    """The names of a text, without overlaps, in order: the best candidate of a heap first."""
    if text.isascii():
        return []
    found, values, scores = _look_twice(read_signs(text, scorer.alphabet), scorer)
    if not len(scores):
        return []
    start, end = (found.start - FRONT).tolist(), (found.end - FRONT).tolist()
    kept = pick(found, scores, scorer.line if line is None else line)
    kept = [i for i in kept if not _is_no_person(text, start[i], end[i], scorer.shapes)]
    if not kept:
        return []
    told = scores.tolist()
    return [
        Mention(start[i], end[i], told[i], capacity, sureness)
        for i, (capacity, sureness) in zip(kept, _tell_capacities(values.take(kept, axis=1), scorer), strict=True)
    ]


def _tell_capacities(values: Hashes, scorer: NameScorer) -> list[tuple[str, float]]:
    """The likeliest of CAPACITIES of each candidate, and its probability."""
    odds = np.add.reduce(scorer.capacity.take(PLACE.buckets(values), axis=0), axis=0) + scorer.capacity_bias
    shares = np.exp(odds - np.maximum.reduce(odds, axis=1, keepdims=True))
    shares /= np.add.reduce(shares, axis=1, keepdims=True)
    return [(CAPACITIES[row.index(max(row))], max(row)) for row in shares.tolist()]


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
            arrays = {name: file[name] for name in file.files}
    except ValueError as error:  # object arrays would need pickle, which executes on load
        raise BadModel(f"人名模型 {stored.version} 的权重文件不是普通数组，已拒绝使用。请重新安装。") from error
    sizes = {
        "opening": (1 << OPENING.bits,),
        "opening_bias": (1,),
        "weights": (BUCKETS,),
        "bias": (1,),
        "company": (BUCKETS,),
        "company_bias": (2,),
        "capacity": (BUCKETS, len(CAPACITIES)),
        "capacity_bias": (len(CAPACITIES),),
        "pairs": arrays["pairs"].shape if "pairs" in arrays else (),
        "pairs_known": arrays["pairs"].shape if "pairs" in arrays else (),
    }
    if any(name not in arrays or arrays[name].shape != shape for name, shape in sizes.items()):
        raise BadModel(f"人名模型 {stored.version} 的形状不对。请重新安装。")
    weights = {name: array.astype(np.float32, order="C") for name, array in arrays.items() if array.dtype.kind == "f"}
    shapes = load_shapes(home / "corpus" / "terms")
    return NameScorer(
        weights["opening"],
        float(weights["opening_bias"][0]),
        weights["weights"],
        float(weights["bias"][0]),
        weights["company"],
        weights["company_bias"],
        weights["capacity"],
        weights["capacity_bias"],
        make_alphabet(shapes, make_pairs(arrays["pairs"], arrays["pairs_known"], shapes.compound)),
        f"name/{stored.version}",
        float(stored.manifest["line"]),
    )
