"""Charts: figures as SVG that nothing can break out of."""

from lxml import etree

from classifier.holdings.charts import bar_chart, share_bar, year_chart
from classifier.holdings.figures import NO_DATE, Group

HOSTILE = '"><script>alert(1)</script>&'


def _years(first: int, last: int) -> list[Group]:
    return [Group(str(year), (3, 1, 1, 0, 0), 2) for year in range(first, last + 1)] + [Group(NO_DATE, (1, 0, 0, 0, 1), 0)]


def _words(chart: str) -> list[str]:
    return [e.text or "" for e in etree.fromstring(chart).iter("text")]


def test_every_year_has_a_column_where_there_is_room() -> None:
    assert len(etree.fromstring(year_chart(_years(1990, 2020), 1000)).findall("g")) == 32


def test_years_share_a_column_where_there_is_none_and_no_paper_is_lost() -> None:
    chart = etree.fromstring(year_chart(_years(1950, 2025), 340))
    columns = [group.find("title").text for group in chart.findall("g")]
    assert len(columns) <= 24
    assert sum(int(c.partition("主动公开 ")[2].partition("，")[0]) for c in columns) == 76 * 3 + 1


def test_the_axis_ends_at_a_round_figure_above_the_highest_column() -> None:
    assert "100" in _words(year_chart([Group("2001", (97, 0, 0, 0, 0), 0)], 400))


def test_words_are_escaped() -> None:
    for chart in (bar_chart([(HOSTILE, 3)], 400), year_chart([Group(HOSTILE, (1, 0, 0, 0, 0), 0)], 400)):
        assert "<script" not in chart
        etree.fromstring(chart)


def test_nothing_to_draw_is_no_chart() -> None:
    assert year_chart([], 400) == bar_chart([], 400) == share_bar((0,) * 5, 400) == ""
