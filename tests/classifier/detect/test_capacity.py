"""In which capacity a person is named."""

import pytest

from classifier.core.finding import Severity
from classifier.core.settings import read_settings
from classifier.detect.capacity import Capacity, load_labels, read_capacities
from classifier.detect.name_scorer import Mention

LABELS = load_labels(read_settings().data_home / "corpus" / "terms")


def _read(text, *names, learned="o", sureness=0.5):
    mentions = [Mention(text.index(n), text.index(n) + len(n), 5.0, learned, sureness) for n in names]
    return [capacity for capacity, _ in read_capacities(text, mentions, LABELS)]


@pytest.mark.parametrize(
    ("text", "name", "capacity"),
    [
        ("局长张建国强调", "张建国", Capacity.OFFICIAL),
        ("（记者王晓燕）", "王晓燕", Capacity.OFFICIAL),
        ("联系人：李明", "李明", Capacity.OFFICIAL),
        ("张建国同志指出", "张建国", Capacity.OFFICIAL),
        ("患者李秀英入院", "李秀英", Capacity.PRIVATE),
        ("村民赵大柱反映", "赵大柱", Capacity.PRIVATE),
        ("举报人：周敏", "周敏", Capacity.PRIVATE),
        ("李秀英的丈夫外出打工", "李秀英", Capacity.PRIVATE),
        ("诗人李白", "李白", Capacity.OTHER),
    ],
)
def test_words_beside_a_name_say_whose_it_is(text, name, capacity):
    """The label before the name counts, then the form of address behind it; a public figure is one in any case."""
    assert _read(text, name) == [capacity]


def test_the_longest_label_counts():
    """犯罪嫌疑人 is private although 人 says nothing, 副主任医师 is an office."""
    assert _read("犯罪嫌疑人鲁大奎", "鲁大奎") == [Capacity.PRIVATE]
    assert _read("副主任医师鲁大奎", "鲁大奎", learned="p", sureness=0.99) == [Capacity.OFFICIAL]


def test_a_list_shares_the_label_of_its_first_name():
    """患者甲、乙: the second is a patient too."""
    assert _read("患者李秀英、王桂兰均已出院", "李秀英", "王桂兰") == [Capacity.PRIVATE, Capacity.PRIVATE]


def test_an_unsure_learned_label_makes_nobody_private():
    """Without words beside the name only a sure model may ask a person to look."""
    assert _read("李秀英来了", "李秀英", learned="p", sureness=0.6) == [Capacity.OFFICIAL]
    assert _read("李秀英来了", "李秀英", learned="p", sureness=0.99) == [Capacity.PRIVATE]


def test_only_a_private_name_is_looked_at():
    """Officials and public figures are told, not masked (条例:20.2)."""
    assert {c: c.severity for c in Capacity} == {
        Capacity.OFFICIAL: Severity.INFO,
        Capacity.OTHER: Severity.INFO,
        Capacity.PRIVATE: Severity.REVIEW,
    }
