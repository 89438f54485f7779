"""The certificate of a batch: how many papers in the pile "suggested 主动公开" must not be there, at most, and how sure that is.

The bound is exact (Clopper and Pearson, `learn.guarantee`). It takes the draws for independent, as if the pile were endless; drawing
without replacement from a finite pile can only make the truth smaller than the bound, so the statement errs on the careful side. Where
the whole pile was looked at there is nothing left to chance, and the share is what was seen.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from classifier.core.errors import ExitCode
from classifier.holdings import judgements, sampling
from classifier.holdings.judgements import Label, Said
from classifier.holdings.ledger import Ledger
from classifier.holdings.listing import plain, show_path
from classifier.holdings.sampling import BadSample, Pile, Sample
from classifier.holdings.seal import Seal
from classifier.learn.guarantee import LEVEL, papers_needed, upper_bound

RISKS = (0.01, 0.005, 0.001)
"""The bounds whose price is told."""


class Unfinished(BadSample):
    """A sample that is not labelled to the end: nothing can be certified."""

    code = "sample_unfinished"
    exit_code = ExitCode.UNREAD


@dataclass(frozen=True, slots=True)
class Claim:
    """What is stated of the pile: misses seen, and their share at most."""

    misses: int
    looked_at: int
    bound: float
    pile: int

    @property
    def at_most(self) -> int:
        """Papers of the pile at most."""
        return max(self.misses, math.floor(self.bound * self.pile + 1e-9))


@dataclass(frozen=True, slots=True)
class Price:
    """What a smaller bound costs: papers to label in all, if no further miss is seen; the whole pile where that is less."""

    risk: float
    papers: int
    is_whole_pile: bool
    is_reached: bool
    known: float
    """The share of the pile that is known to be missed."""
    is_impossible: bool
    """The misses that were found are a larger share of the pile already: no labelling can undo them."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A paper of the sample that must not be 主动公开. `name` is None where words are left out."""

    number: int
    name: str | None
    path: str | None
    said: Said
    who: str
    day: dt.date
    note: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another sample of the same batch: it is told, because whoever chooses among samples chooses among results."""

    sample: Sample
    labelled: int
    misses: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything a certificate says."""

    sample: Sample
    made: dt.datetime
    level: float
    open_claim: Claim
    """Papers that should not be 主动公开, whatever else they are."""
    closed_claim: Claim
    """Those among them that are 不予公开 or carry a state secret."""
    prices: tuple[Price, ...]
    misses: tuple[Miss, ...]
    people: tuple[str, ...]
    first_day: dt.date
    last_day: dt.date
    corrections: int
    disputed: int
    """Papers of which the list and the desk say different things; the stricter one was counted."""
    now: Pile
    """The pile as it is when the certificate is made."""
    others: tuple[Earlier, ...]

    @property
    def is_census(self) -> bool:
        """Whether the whole pile was looked at."""
        return self.sample.size == self.sample.pile.papers

    @property
    def has_changed(self) -> bool:
        """Whether the pile is another one since the draw."""
        return self.now.digest != self.sample.pile.digest


def certify(
    ledger: Ledger, seal: Seal | None, made: dt.datetime, number: int | None = None, *, words: bool = True
) -> Certificate:
    """The certificate of a sample, the last one where none is named.

    Args:
        ledger: the batch.
        seal: opens the titles of the misses.
        made: the moment, for the record.
        number: of the sample.
        words: whether titles and paths of the misses are named.

    Raises:
        Unfinished: labels are missing; the message says how many.
        BadSample: no such sample, another one says something else of the same paper, or its list is not what was drawn.
    """
    sample = sampling.find_sample(ledger, number)
    labels = judgements.read_labels(ledger, sample)
    if missing := sample.size - len(labels):
        raise Unfinished(
            f"第 {sample.number} 次抽样的 {sample.size} 件里还有 {missing} 件没有人工判断，不能出具证书。"
            "请填完抽样清单，用 mishen batch label 交回后再试。"
        )
    _refuse_contradicted(ledger, sample)
    if not sampling.is_whole(ledger, sample):
        raise BadSample(f"第 {sample.number} 次抽样的清单与抽取时不一致，账本可能被改动过，不能出具证书。请重新抽样。")
    wrong = tuple(label for label in labels if label.said is not Said.ACTIVE)
    closed = sum(label.said in (Said.WITHHELD, Said.SECRET) for label in wrong)
    drawn = {d.number: d for d in sampling.read_drawn(ledger, sample)}
    return Certificate(
        sample=sample,
        made=made,
        level=LEVEL,
        open_claim=_claim(len(wrong), sample),
        closed_claim=_claim(closed, sample),
        prices=tuple(_price(len(wrong), risk, sample) for risk in RISKS),
        misses=tuple(
            _miss(w, *_names(ledger, seal if words and w.said is not Said.SECRET else None, drawn[w.number])) for w in wrong
        ),
        people=tuple(dict.fromkeys(plain(label.who) for label in labels)),
        first_day=min(label.day for label in labels),
        last_day=max(label.day for label in labels),
        corrections=judgements.count_corrections(ledger, sample),
        disputed=len(judgements.find_disputes(ledger, sample)),
        now=sampling.pile_of(ledger),
        others=tuple(_earlier(ledger, other) for other in sampling.read_samples(ledger) if other.number != sample.number),
    )


def _refuse_contradicted(ledger: Ledger, sample: Sample) -> None:
    """One paper cannot be right in one sample and a miss in another: people have to say which.

    Raises:
        BadSample: there is such a paper.
    """
    told = []
    for other, numbers in judgements.find_contradicted(ledger, sample).items():
        first, second = sorted((sample.number, other))
        shown = "、".join(str(number) for number in numbers[: judgements.SHOWN]) + (
            "等" if len(numbers) > judgements.SHOWN else ""
        )
        told.append(
            f"第 {first} 次与第 {second} 次抽样对同一件的判断不同（{len(numbers)} 件），请先核对。第 {sample.number} 次抽样里是序号 {shown}。"
        )
    if told:
        raise BadSample("\n".join(told) + "\n核对后用 mishen batch label（--sample 指明第几次）交回改过的清单，再出具证书。")


def _miss(label: Label, name: str | None, path: str | None) -> Miss:
    """A miss; of a paper that may hold a state secret neither its name nor what was written about it."""
    note = "" if label.said is Said.SECRET else plain(label.note)
    return Miss(label.number, name, path, label.said, plain(label.who), label.day, note)


def _claim(misses: int, sample: Sample) -> Claim:
    whole = sample.size == sample.pile.papers
    bound = misses / sample.size if whole else upper_bound(misses, sample.size)
    return Claim(misses, sample.size, bound, sample.pile.papers)


def _price(misses: int, risk: float, sample: Sample) -> Price:
    needed, pile = papers_needed(misses, risk), sample.pile.papers
    whole = needed >= pile
    reached = sample.size >= needed or (sample.size == pile and misses / pile <= risk)
    return Price(risk, min(needed, pile), whole, reached, misses / pile, misses > risk * pile)


def _names(ledger: Ledger, seal: Seal | None, drawn: sampling.Drawn) -> tuple[str | None, str | None]:
    """Title and path of a drawn paper, where it may be named; one that is not in the ledger any more has its path only."""
    label, may_be_named = sampling.label_of(ledger, drawn)
    if seal is None or not may_be_named:
        return None, None
    return plain(seal.open_label(label).title) or None, show_path(drawn.path)


def _earlier(ledger: Ledger, sample: Sample) -> Earlier:
    labels = judgements.read_labels(ledger, sample)
    return Earlier(sample, len(labels), sum(label.said is not Said.ACTIVE for label in labels))
