"""Sentences that the page and the workbook of a report share."""

from __future__ import annotations

from classifier.holdings.figures import Run, SampleState, Saving
from classifier.holdings.ledger import FileState
from classifier.holdings.progress import duration

CAUTIONS = (
    "本报告是机器的建议，供审查人员参考；没有一件因此公开，决定由人作出。",
    "“停止处理”的文件只列编号、密级和期限，不显示任何文字；请按保密规定处理原件。",
)
STATES = {FileState.DONE: "已处理", FileState.AGAIN: "待单独重试", FileState.FAILED: "失败"}
RUN_STATES = {
    "running": "进行中，或没有正常结束",
    "done": "完成",
    "paused": "已暂停",
    "cancelled": "已取消",
    "interrupted": "已中断",
}


def run_lines(run: Run) -> tuple[str, ...]:
    """What was run, when, with what."""
    ended = f"至 {run.ended[:16].replace('T', ' ')}" if run.ended else ""
    found = f"找到 {run.found:,} 个文件，" if run.found is not None else ""
    return (
        f"第 {run.number} 次运行：{run.began[:16].replace('T', ' ')} {ended}（{RUN_STATES.get(run.state, run.state)}），用时 {duration(run.seconds)}，"
        f"{run.jobs} 个并行。{found}其中 {run.skipped:,} 个以前已处理；现有结论中 {run.files:,} 个文件来自这一次。",
        f"来源：{'；'.join(run.sources)}",
        f"程序 {run.code}，规则 {run.rules}，模型 {run.model}",
    )


def saving_line(saving: Saving) -> str:
    """Hours saved, with the assumption they stand on."""
    return (
        f"按您填写的假设（通读一件 {saving.read_minutes:g} 分钟，确认一件 {saving.confirm_minutes:g} 分钟），{saving.papers:,} 件只需确认的文件"
        f"约可节省 {saving.hours:,.0f} 小时。这是假设下的推算，不是实测。"
    )


def sample_line(sample: SampleState) -> str:
    """How far a sample is, in one sentence."""
    head = f"第 {sample.number} 次抽样（{sample.drawn[:10]}，{sample.asked}）：从 {sample.pile:,} 件中抽取 {sample.size:,} 件，"
    changed = "抽样之后批次又运行过，这一结果只对抽样时的那一堆成立。" if sample.has_changed else ""
    if sample.bound is None:
        return f"{head}已判断 {sample.labelled:,} 件，还差 {sample.size - sample.labelled:,} 件，不能下结论。{changed}"
    if sample.size == sample.pile:
        return f"{head}全部看过，不应主动公开的 {sample.misses:,} 件。{changed}"
    return f"{head}全部判断完毕，不应主动公开的 {sample.misses:,} 件；有 95% 的把握，这一堆里不应主动公开的不超过 {sample.bound:.2%}。{changed}"
