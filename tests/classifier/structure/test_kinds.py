"""The kind of document is read off the title, else off the form."""

import pytest

from classifier.structure.kinds import kind_from_form, kind_from_title, may_end_in_kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发《云溪市旅馆管理办法》的通知", "通知"),
        ("关于加快发展的实施意见（试行）", "意见"),
        ("局长办公会会议纪要", "会议纪要"),
        ("云溪市水利局关于追加经费的请示", "请示"),
        ("行政处罚决定书", "行政处罚决定书"),
        ("关于市十五届人大三次会议第12号建议的答复", "答复"),
        ("云溪市旅馆管理办法（征求意见稿）", "管理办法"),
        ("2026年政府工作报告", "政府工作报告"),
        ("云溪市突发环境事件应急预案（内部版）", "应急预案"),
        ("《云溪市旅馆管理办法（2026年修订）（试行）》", "管理办法"),
        ("云溪市旅馆管理办法（一）（二）（三）", None),
        ("云溪市旅馆管理办法（" + "长" * 17 + "）", None),
        ("《云溪市旅馆管理办法》（试行）", None),
        ("函", "函"),
        ("", None),
        ("今天天气很好", None),
    ],
)
def test_kind_from_title(title: str, kind: str | None) -> None:
    """The last kind word of the title counts, composite names stay whole."""
    assert kind_from_title(title) == kind
    assert kind is None or may_end_in_kind(title)


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("被询问人：周某\n问：你的姓名？\n答：周某。", "询问笔录"),
        ("问：怎样办理？\n答：到窗口办理。", None),
        ("主持：李\n出席：王", "会议记录"),
        ("……\n妥否，请批示。", "请示"),
        ("普通文字", None),
    ],
)
def test_kind_from_form(opening: str, kind: str | None) -> None:
    """Without a telling title the form of the paper tells."""
    assert kind_from_form(opening) == kind
