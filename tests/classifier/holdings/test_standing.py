"""How far a batch is, told from its ledger."""

from classifier.holdings.progress import Tally
from classifier.holdings.standing import standing_lines


def _told(state: str, **words: object) -> str:
    told = {
        "state": state,
        "began": "2026-11-24T18:42:10+00:00",
        "seconds": 61,
        "files": {"done": 409, "again": 0, "failed": 0},
        "papers": 447,
        "containers": 0,
        "verdicts": {"active": 148, "unread": 2},
        "partly_unread": 0,
        "failures": {},
        "progress": {"total": 421, "done": 409, "rate": 5.0, "over": state == "stopped"},
    }
    return "\n".join(standing_lines({**told, **words}))


def test_moments_are_those_of_beijing() -> None:
    """To the minute."""
    assert "开始于 2026-11-25 02:42（北京时间），用时 1 分 01 秒" in _told("done")


def test_what_a_stopped_batch_has_left_is_told() -> None:
    """The total stays known."""
    assert "还有 12 个没有处理" in _told("stopped")
    assert "还有 12 个没有处理" in _told("killed")
    assert "没有处理" not in _told("done")


def test_a_running_batch_tells_the_time_left() -> None:
    """As its own terminal does."""
    assert "进度：409/421 个文件，每秒 5.0，还需 2 秒" in _told("running")


def test_containers_unread_and_partly_read_papers_stand_apart() -> None:
    """As in the report."""
    told = _told("done", containers=3, partly_unread=5)
    assert "共 447 件（另有 3 个压缩包一类的外壳，不算件）" in told
    assert "没有读到 2" in told
    assert "其中没有读全 5 件" in told


def test_failures_are_told_with_their_cause() -> None:
    """And what to do."""
    told = _told("done", files={"done": 1, "again": 1, "failed": 2}, failures={"timeout": 2})
    assert "失败 2 个，待单独重试 1 个" in told
    assert "失败 2 个文件：读取这个文件超时" in told


def test_a_tally_of_an_older_version_is_read() -> None:
    """Without the newer fields."""
    assert Tally.of('{"total": 5, "done": 2}').waiting == 3
