"""Training: reproducible, better than the dummy, and the numpy scorer says what scikit-learn says."""

import numpy as np
import pytest

from classifier.core.assessment import Attribute
from classifier.learn.features import extract
from classifier.learn.scorer import LABELS, Scorer, to_scores
from classifier.learn.train import Example, find_temperature, fit, to_matrix
from classifier.structure import annotate
from tests.classifier.papers import paper

TEXTS = {
    Attribute.ACTIVE: "关于开展惠民活动的公告{n}号\n为方便群众，现予公告，欢迎广大市民参加第{n}场活动。",
    Attribute.ON_REQUEST: "关于{n}号企业延期的复函\n你公司申请收悉，同意延期，按合同约定计收利息。",
    Attribute.WITHHELD: "关于追加经费的请示{n}号\n市政府：拟追加经费，从预备费安排。妥否，请批示。",
}
ARTICLES = {Attribute.ACTIVE: "条例:19", Attribute.ON_REQUEST: "条例:13", Attribute.WITHHELD: "条例:16.2"}
PAPERS = [(annotate(paper(text.format(n=n))), label) for n in range(12) for label, text in TEXTS.items()]
EXAMPLES = [Example(extract(doc, ()), label, ARTICLES[label], f"g{i % 7}") for i, (doc, label) in enumerate(PAPERS)]


@pytest.fixture(scope="module")
def fitted():
    return fit(EXAMPLES)


def test_twice_trained_is_the_same(fitted) -> None:
    """Same examples and seed give equal weights and temperature."""
    again = fit(EXAMPLES)
    assert (again.weights == fitted.weights).all()
    assert again.temperature == fitted.temperature


def test_held_out_beats_the_dummy(fitted) -> None:
    """Groups never seen are told apart better than by the commonest label."""
    labels = np.array([LABELS.index(e.attribute) for e in EXAMPLES])
    assert (fitted.held_out.argmax(axis=1) == labels).mean() > fitted.dummy + 0.3


def test_scorer_equals_scikit_learn(fitted) -> None:
    """The run-time scorer (numpy) gives the probabilities that scikit-learn's own decision function gives."""
    from sklearn.svm import LinearSVC

    labels = np.array([LABELS.index(e.attribute) for e in EXAMPLES])
    matrix = to_matrix([e.features for e in EXAMPLES])
    model = LinearSVC(C=1.0, random_state=7, class_weight="balanced").fit(matrix, labels)
    scorer = Scorer(
        fitted.weights,
        fitted.intercept,
        fitted.temperature,
        fitted.articles,
        fitted.article_weights,
        fitted.article_intercept,
        "t/1",
    )
    for (document, _), row in zip(PAPERS[:9], model.decision_function(matrix)[:9], strict=True):
        ours, theirs = scorer.score(document, ()), to_scores(row / fitted.temperature)
        assert ours.active == pytest.approx(theirs.active, abs=1e-4)
        assert ours.withheld == pytest.approx(theirs.withheld, abs=1e-4)


def test_temperature_undoes_overconfidence() -> None:
    """Logits blown up three times ask for a temperature three times as high."""
    chance = np.random.default_rng(1)
    logits = chance.normal(size=(400, 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([chance.choice(3, p=row) for row in shares])
    assert find_temperature(logits * 3, labels) / find_temperature(logits, labels) == pytest.approx(3, rel=0.05)
