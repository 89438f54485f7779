"""Sentences and names that the page and the workbook of a report share."""

from __future__ import annotations

from collections.abc import Iterable

from classifier.core.assessment import Route
from classifier.core.problems import PROBLEMS
from classifier.holdings.elusion import Price
from classifier.holdings.figures import Gap, Run, SampleState, Saving
from classifier.holdings.ledger import FileState
from classifier.holdings.listing import STOPPED
from classifier.holdings.moments import show_moment
from classifier.holdings.progress import duration

HIDDEN = "（不显示）"
"""In place of a name or path where words are left out."""

CAUTIONS = (
    "本报告是机器的建议，供审查人员参考；没有一件因此公开，决定由人作出。",
    "“疑似涉密（停止处理）”的文件只列编号、密级和期限，不显示任何文字；请按保密规定处理原件。",
)
STATES = {FileState.DONE: "已处理", FileState.AGAIN: "待单独重试", FileState.FAILED: "失败"}
RUN_STATES = {
    "running": "正在运行",
    "done": "完成",
    "paused": "已暂停",
    "stopped": "中途停下",
    "cancelled": "已取消",
    "killed": "意外中断",
}
_FORMATS = {"unknown": "不认识的格式", "image": "图片", "wordml": "Word 的 xml", "txt": "纯文本"}


def format_name(form: str) -> str:
    """A format as people call it: by its extension, where that says enough."""
    return _FORMATS.get(form, form)


def route_name(route: Route) -> str:
    """How a paper travels to a person; the blocked have one name everywhere."""
    return STOPPED if route is Route.BLOCKED else route.label


def reason(code: str) -> str:
    """Why something was not read, in one clause."""
    return PROBLEMS[code].partition("。")[0] if code in PROBLEMS else "原因没有记录"


def reasons(codes: Iterable[str]) -> str:
    """Why something was not read, each reason in one clause."""
    return "；".join(reason(code) for code in codes) or "原因没有记录"


def gap_line(gap: Gap) -> str:
    """That a batch was not done to its end."""
    found = "还没有数清一共多少个文件，" if gap.found is None else f"{gap.found:,} 个文件里"
    return f"批次没有做完：{found}完成了 {gap.done:,} 个，以下数字不是全部。"


def impossible_line(misses: int, price: Price) -> str:
    """Why a bound cannot be had by looking at more papers."""
    return f"已发现 {misses:,} 件漏判，占这一堆的 {price.known:.2%}，先改判并移出后重新运行、重新抽样，才可能说不超过 {price.risk * 100:g}%。"


def run_lines(run: Run) -> tuple[str, ...]:
    """What was run, when, with what."""
    ended = f" 至 {show_moment(run.ended)}" if run.ended else ""
    found = f"找到 {run.found:,} 个文件，" if run.found is not None else ""
    return (
        f"第 {run.number} 次运行：{show_moment(run.began)}{ended}（{RUN_STATES.get(run.state, '状态不明')}），用时 {duration(run.seconds)}，"
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
    head = f"第 {sample.number} 次抽样（{show_moment(sample.drawn)[:10]}，{sample.asked}）：从 {sample.pile:,} 件中抽取 {sample.size:,} 件，"
    changed = "抽样之后批次又运行过，这一结果只对抽样时的那一堆成立。" if sample.has_changed else ""
    if sample.bound is None:
        return f"{head}已判断 {sample.labelled:,} 件，还差 {sample.size - sample.labelled:,} 件，不能下结论。{changed}"
    if sample.size == sample.pile:
        return f"{head}全部看过，不应主动公开的 {sample.misses:,} 件。{changed}"
    return f"{head}全部判断完毕，不应主动公开的 {sample.misses:,} 件；有 95% 的把握，这一堆里不应主动公开的不超过 {sample.bound:.2%}。{changed}"
