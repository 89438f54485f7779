"""The curve in the model card: well-formed, within its frame, every series named."""

from xml.etree import ElementTree

from classifier.learn.curve import draw
from classifier.learn.guarantee import Point

SPACE = "{http://www.w3.org/2000/svg}"


def _drawn(curves: dict[str, list[Point]]) -> ElementTree.Element:
    return ElementTree.fromstring(draw(curves))


def test_every_series_is_named_and_drawn() -> None:
    """A series without points is named too: silence would look like perfection."""
    tree = _drawn({"甲": [Point(0.9, 0.5, 0.01), Point(0.8, 1.0, 0.03)], "乙": []})
    words = [t.text for t in tree.iter(f"{SPACE}text")]
    assert {"甲", "乙"} <= set(words)
    assert len(list(tree.iter(f"{SPACE}polyline"))) == 1


def test_points_lie_in_the_frame_and_more_risk_lies_higher() -> None:
    """Risk above the axis is drawn at its top."""
    tree = _drawn({"甲": [Point(0.99, 0.01, 0.9), Point(0.9, 0.5, 0.02), Point(0.8, 1.0, 0.04)]})
    line = next(tree.iter(f"{SPACE}polyline")).attrib["points"]
    points = [tuple(map(float, pair.split(","))) for pair in line.split()]
    assert all(0 <= x <= 560 and 0 <= y <= 320 for x, y in points)
    assert points[2][1] < points[1][1]
