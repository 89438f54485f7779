"""Five-way consistency（五方核对）: what papers of this sort get, what the paper prints, its form, its marks, and the paper it passes on.

Each voice names an attribute or stays silent. Voices that differ from the verdict are told by name, so that a person sees not only
that something is in conflict but what speaks against what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifier.core.assessment import Attribute, Reason, Route, Voice
from classifier.core.document import Forwarded
from classifier.core.finding import Grade
from classifier.judge.case import Case, Opinion

CLOSED = (Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD)
"""From the most open to the most closed."""
_SURE = 0.6
"""Below this share the learned voice stays silent: it would only repeat its doubt."""


def _learned(case: Case) -> Attribute | None:
    best = case.lesson.scores.best() if case.lesson else None
    return best if best is not None and case.probability(best) >= _SURE else None


def _of_step(opinions: Sequence[Opinion], *steps: str) -> Attribute | None:
    """What the weightiest opinion of some steps says."""
    spoken = [o for o in opinions if o.reason.step in steps and o.reason.attribute is not None and o.weight >= 0.15]
    return max(spoken, key=lambda o: o.weight).reason.attribute if spoken else None


def _marked(case: Case) -> Attribute | None:
    """Caution marks and words of secrecy speak for 不予公开; a hint alone is no mark."""
    marks = [f for f in case.findings if f.category.value in ("work_secret", "state_secret") and f.grade is not Grade.HINT]
    return Attribute.WITHHELD if marks else None


def listen(case: Case, opinions: Sequence[Opinion]) -> tuple[Voice, ...]:
    """The five voices, in the order the screen shows them."""
    elements = case.document.elements
    note = Attribute(elements.declared_attribute) if elements.declared_attribute else None
    carried = elements.forwarded.declared_attribute if elements.forwarded else None
    return (
        Voice("learned", _learned(case)),
        Voice("note", note),
        Voice("form", _of_step(opinions, "S5")),
        Voice("marking", _marked(case)),
        Voice("forwarded", Attribute(carried) if carried else None),
    )


_FORWARDERS = ("政府", "办公厅", "办公室", "国务院")
"""Bodies whose 转发 is itself an act of government: the carried paper is theirs to publish."""


def s8_forwarded(case: Case) -> Iterator[Opinion]:
    """S8: a paper passed on is not more open than its maker said（条例:10; 国办发〔2016〕80号实施细则一（一））."""
    carried = case.document.elements.forwarded
    if carried is None:
        return
    if carried.declared_attribute in ("withheld", "on_request"):
        attribute = Attribute(carried.declared_attribute)
        text = f"所{carried.verb}的原件标注为“{attribute.label}”：未经原制作机关同意，{carried.verb}件不得比原件更公开。"
        yield Opinion(Reason(attribute, ("条例:10",), text, step="S8"), 0.8)
    elif carried.verb == "转发" and not _is_act(case, carried):
        text = "这是转发其他机关文件的通知：原件由制作机关决定公开属性，请核对原件的属性。"
        yield Opinion(Reason(None, ("条例:10",), text, step="S8"), at_least=Route.REVIEW, going_out=True)


def _is_act(case: Case, carried: Forwarded) -> bool:
    issuer = case.document.elements.issuer or case.document.elements.title or ""
    return carried.declared_attribute == "active" or any(word in issuer for word in _FORWARDERS)


def name_conflicts(voices: Sequence[Voice], attribute: Attribute) -> Reason | None:
    """One sentence that names every voice that speaks against the verdict; None when none does."""
    against = [v for v in voices if v.attribute is not None and v.attribute is not attribute]
    if not against:
        return None
    told = "；".join(f"{v.label}：{v.attribute.label}" for v in against if v.attribute)
    law = ("条例:17", "电子公文:1") if any(v.name == "note" for v in against) else ("条例:17",)
    end = "请核对后再定。" if asks_a_person(voices, attribute) else "供参考。"
    return Reason(None, law, f"五方核对不一致：结论是“{attribute.label}”，但{told}。{end}", step="S8")


def asks_a_person(voices: Sequence[Voice], attribute: Attribute) -> bool:
    """Whether a printed note, a mark or the paper passed on speaks against the verdict; the other two are our own views."""
    told = ("note", "marking", "forwarded")
    return any(v.name in told and v.attribute not in (None, attribute) for v in voices)
