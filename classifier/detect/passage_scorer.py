"""The learned part of finding passages: linear weights over a sentence, its neighbours and its paper, from models/passage."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.core.errors import BadModel
from classifier.detect import sentences
from classifier.detect.sentences import Floats, Indices
from classifier.knowledge.model_files import PASSAGES, read_active

PAPER_SHARE, CLOSED_SHARE, CLOSED_MOST = 2.0, 2.0, 2.0
"""How much the paper's own score counts beside the sentence's, and how much (and at most) its being closed at all."""
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PassageScorer:
    """Weights for every family of passages; the last column of the paper's weights says whether anything in it is closed."""

    version: str
    families: tuple[str, ...]
    grams: Weights
    """Of the n-grams of a sentence, and below them of those of its neighbourhood."""
    cue: Weights
    bias: Weights
    paper: Weights
    paper_cue: Weights
    paper_bias: Weights
    gate: float
    """A paper whose closedness is below this is taken for a public one."""
    ungated: frozenset[str]
    """Families that also stand in public papers (a contract may be published with its prices masked)."""
    hint: Floats
    sure: Floats
    slope: Floats
    offset: Floats
    """Turn a score into the share of such sentences that stood in papers with marked passages of the family, held out."""

    def weigh_paper(self, text: str, title: str, counts: Floats) -> Floats:
        """The score of each family for the whole paper, and last its closedness."""
        indices, values = sentences.read_paper(text, title)
        said: Floats = values @ self.paper.take(indices, axis=0) + sentences.sum_cues(counts) @ self.paper_cue + self.paper_bias
        return said

    def weigh_sentences(self, text: str, spans: Indices, counts: Floats) -> Floats:
        """The score of each family for each sentence alone: shape (sentences, families)."""
        parts = sentences.read_parts(text, spans)
        places, stretches, at = [], [], 0
        for part in parts:
            places.append(part.buckets + sentences.BUCKETS if part.near else part.buckets)
            stretches.append(part.spans + at)
            at += len(part.buckets)
        stretch = np.concatenate(stretches)
        rows = self.grams.take(np.concatenate([*places, [0]]), axis=0)  # one row more: a stretch may end where the last part does
        sums = np.add.reduceat(rows.astype(np.float64), stretch.ravel(), axis=0)[::2]
        sums[stretch[:, 0] >= stretch[:, 1]] = 0  # a rule of dots: nothing is told
        sums *= np.concatenate([part.scale for part in parts])[:, None]
        total: Floats = sums.reshape(len(parts), *counts.shape).sum(axis=0)
        return total + sentences.CUE_SCALE * counts @ self.cue + self.bias

    def join(self, alone: Floats, paper: Floats) -> Floats:
        """The whole score of each sentence; far below every line in a paper that looks public."""
        joined = alone + (PAPER_SHARE * paper[:-1] + CLOSED_SHARE * min(float(paper[-1]), CLOSED_MOST))
        if paper[-1] < self.gate:
            joined[:, [not reads for reads in self.read_on(paper)]] = -np.inf
            joined[joined < self.sure] = -np.inf  # in a paper that looks public only the stricter line counts
        return joined

    def read_on(self, paper: Floats) -> list[bool]:
        """Which families a paper is read for: all in a closed one, else those without a gate that it looks like."""
        closed = bool(paper[-1] >= self.gate)
        return [closed or (family in self.ungated and said > 0) for family, said in zip(self.families, paper[:-1], strict=True)]

    def share(self, score: float, family: int) -> float:
        """A score as a share between 0 and 1."""
        return 1 / (1 + math.exp(-(float(self.slope[family]) * score + float(self.offset[family]))))


def load(models: Path) -> PassageScorer | None:
    """The scorer that models/passage/ACTIVE names; None when there is none (rules alone find passages then).

    Raises:
        BadModel: a pointer to a model that is missing, changed, pickled or of another shape.
    """
    stored = read_active(models, PASSAGES)
    if stored is None:
        return None
    version, manifest = stored.version, stored.manifest
    if manifest.get("features") != sentences.VERSION:
        raise BadModel(f"片段模型 {version} 与本版本程序不匹配。请运行 scripts/train_passages。")
    try:
        with np.load(io.BytesIO(stored.raw), allow_pickle=False) as file:
            arrays = {name: file[name].astype(np.float32) for name in file.files}
        own, near = arrays.pop("own"), arrays.pop("near")
        families, lines = tuple(manifest["families"]), manifest["lines"]
        rows = {name: np.array([lines[f][name] for f in families]) for name in ("hint", "sure", "slope", "offset")}
        scorer = PassageScorer(
            version=f"{PASSAGES.name}/{version}",
            families=families,
            gate=float(manifest["gate"]),
            ungated=frozenset(manifest["ungated"]),
            grams=np.concatenate([own, near]),
            **arrays,
            **rows,
        )
    except (ValueError, KeyError, TypeError) as error:  # object arrays would need pickle, which executes on load
        raise BadModel(f"片段模型 {version} 的内容不对，已拒绝使用。请重新安装。") from error
    many = len(families)
    shapes = {
        "grams": (2 * sentences.BUCKETS, many),
        "cue": (many, many),
        "bias": (many,),
        "paper": (sentences.BUCKETS, many + 1),
        "paper_cue": (2 * many, many + 1),
        "paper_bias": (many + 1,),
    }
    if any(getattr(scorer, name).shape != shape for name, shape in shapes.items()):
        raise BadModel(f"片段模型 {version} 的形状不对。请重新安装。")
    return scorer
