"""`mishen batch report | sample | label | certify | locate`: what people do with a batch that was run. Thin: parse, call, print, exit code."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from classifier.core.errors import BadLedger

if TYPE_CHECKING:
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.sampling import Sample
    from classifier.holdings.seal import Seal

_OUT = click.argument("out", metavar="输出目录", type=click.Path(path_type=Path, exists=True, file_okay=False))
_NO_WORDS = click.option("--no-words", is_flag=True, help="不写任何文字（标题、字号、单位、路径），只写编号。")
_NUMBER = click.option("--sample", "number", type=click.IntRange(1), help="第几次抽样；默认最近一次。")
_NO_MORE = "要另抽一次请加 --new。"


def _seal() -> Seal:
    """The key that is there; reading a report never makes one.

    Raises:
        BadLedger: there is none.
    """
    from classifier.holdings.seal import Seal, find_key

    place = find_key(os.environ)
    if not place.is_file():
        raise BadLedger(
            "找不到批次密钥文件，标题和单位打不开。请用 MISHEN_BATCH_KEY 指明密钥文件，或加 --no-words 只出不带文字的报告。"
        )
    return Seal.load(place)


def _now() -> dt.datetime:
    from classifier.holdings.moments import BEIJING

    return dt.datetime.now(BEIJING)


@click.command(
    short_help="出报告：report.html 和 report.xlsx。",
    help="出报告：输出目录里的 report.html 和 report.xlsx（图表、按年份单位文种、发现、失败、档案时限、抽样、逐件清单）。",
)
@_OUT
@_NO_WORDS
@click.option("--read-minutes", type=click.FloatRange(0.1, 600), help="您认为通读一件要几分钟；填了才推算可以节省的工时。")
@click.option(
    "--confirm-minutes", type=click.FloatRange(0, 600), default=1.0, show_default=True, help="您认为确认一件建议要几分钟。"
)
@click.option("--no-copies", is_flag=True, help="不比对矛盾和重复（文件很多时省时间）。")
def report(out: Path, no_words: bool, read_minutes: float | None, confirm_minutes: float, no_copies: bool) -> None:
    """Both files of the report."""
    from classifier.core.settings import read_settings
    from classifier.holdings.conflicts import show_conflicts
    from classifier.holdings.contradictions import find_contradictions
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.report import BOOK, PAGE, Wish, write_report
    from classifier.holdings.wording import gap_line
    from classifier.knowledge import load_knowledge

    settings = read_settings()
    seal = None if no_words else _seal()
    with Ledger.of(out) as ledger:
        book = load_knowledge(settings.data_home / "corpus", settings.packs).book
        wish = Wish(not no_words, read_minutes, confirm_minutes)
        conflicts = None if no_copies else show_conflicts(ledger, seal, find_contradictions(ledger, seal))
        told = write_report(ledger, seal, book, _now(), wish, conflicts)
    if told.gap:
        click.echo(gap_line(told.gap), err=True)
    click.echo(f"报告已写好：{out / PAGE} 和 {out / BOOK}（{told.figures.files:,} 个文件，{told.figures.papers.papers:,} 件）。")
    if not no_words:
        click.echo("报告里有文件的标题和路径，请按内部资料保管；对外请用 --no-words。")


@click.command(
    short_help="随机抽样，写出要人判断的清单。",
    help="抽样：从“建议主动公开、只需确认”的文件里随机抽取，生成清单 sample-N.xlsx 和 .csv，由人逐件判断。",
)
@_OUT
@click.option("--size", type=click.IntRange(1), help="抽多少件。")
@click.option(
    "--bound", type=click.FloatRange(0.0001, 0.5), help="想要的上限（例如 0.01 即 1%）：抽到没有漏判时刚好达到上限的件数。"
)
@click.option("--seed", help="随机种子；默认由系统随机产生（应当用默认）。指定的会写在证书上。")
@click.option("--new", is_flag=True, help="已有抽样时再抽一次（旧的保留）。")
@click.option("--partial", is_flag=True, help="批次没有做完也抽，只代表已经做完的部分。")
@_NO_WORDS
def sample(out: Path, size: int | None, bound: float | None, seed: str | None, new: bool, partial: bool, no_words: bool) -> None:
    """Draw a sample, or tell the one that stands."""
    from classifier.holdings import sampling
    from classifier.holdings.ledger import Ledger
    from classifier.learn.guarantee import papers_needed

    with Ledger.of(out) as ledger:
        seal = None if no_words else _seal()
        standing = sampling.read_samples(ledger)
        is_wished = size is not None or bound is not None
        if (size is not None and bound is not None) or not (is_wished or (standing and not new)):
            raise click.UsageError("请用 --size 指明抽多少件，或用 --bound 指明想要的上限，二者选一。")
        asked = f"按上限 {bound * 100:g}% 抽取" if bound is not None else f"指定抽取 {size} 件"
        if standing and not new:
            _tell_standing(standing[-1], asked if is_wished else None, seed)
            _tell_sample(out, ledger, seal, standing[-1])
            return
        count = papers_needed(0, bound) if bound is not None else size or 0
        unfinished = _refuse_unfinished(ledger, partial=partial)
        chosen = "，种子由操作人指定，不是系统随机产生" if seed else ""
        drawn = sampling.draw(ledger, count, seed or secrets.token_hex(16), _now(), asked + chosen + unfinished)
        if count > drawn.pile.papers:
            click.echo(f"这一堆只有 {drawn.pile.papers:,} 件，全部抽取。")
        _tell_sample(out, ledger, seal, drawn)


def _tell_standing(standing: Sample, asked: str | None, seed: str | None) -> None:
    """Say that the sample stands.

    Raises:
        BadSample: another one was asked for; it must not seem to have been drawn.
    """
    from classifier.holdings.sampling import BadSample

    told = f"已有第 {standing.number} 次抽样（{standing.asked}，抽了 {standing.size:,} 件），抽定的样本不会改变"
    if (asked is not None and asked != standing.asked.partition("，")[0]) or seed not in (None, standing.seed):
        raise BadSample(f"{told}。这次的 --size、--bound 或 --seed 与它不同，没有照办；{_NO_MORE}")
    click.echo(f"{told}，没有另抽；{_NO_MORE}", err=True)


def _refuse_unfinished(ledger: Ledger, *, partial: bool) -> str:
    """What to add to the record of a sample that is drawn before the batch is done.

    Raises:
        BadSample: the batch is not done and that was not said to be enough.
    """
    from classifier.holdings.sampling import BadSample
    from classifier.holdings.summary import find_gap
    from classifier.holdings.wording import gap_line

    gap = find_gap(ledger)
    if gap is None:
        return ""
    if not partial:
        raise BadSample(f"{gap_line(gap)}请做完以后再抽样；只对做完的部分抽样请加 --partial。")
    click.echo(gap_line(gap), err=True)
    return "，批次没有做完，只代表抽样时做完的部分"


def _tell_sample(out: Path, ledger: Ledger, seal: Seal | None, drawn: Sample) -> None:
    from classifier.holdings.sample_table import write_lists

    book, table = write_lists(out, ledger, seal, drawn)
    click.echo(
        f"第 {drawn.number} 次抽样（{drawn.mark}）：从 {drawn.pile.papers:,} 件中抽取 {drawn.size:,} 件，种子 {drawn.seed}。"
    )
    click.echo(f"清单：{book}（有下拉框）或 {table}。每件都看原件，填“人工判断”和“判断人”。")
    click.echo("填完后：mishen batch label 输出目录 清单；再 mishen batch certify 输出目录 出具证书。")


@click.command(
    short_help="交回填好的抽样清单。",
    help="交回填好的抽样清单（csv 或 xlsx）。可以分几次交；同一件再交一次，以后一次为准，改动留痕。与审查台不同的按从严的记。",
)
@_OUT
@click.argument("table", metavar="清单", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_NUMBER
def label(out: Path, table: Path, number: int | None) -> None:
    """Record the labels of a list."""
    from classifier.holdings import judgements, sampling
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.sample_table import read_labels

    now = _now()
    with Ledger.of(out) as ledger:
        drawn = sampling.find_sample(ledger, number)
        added = judgements.record_labels(ledger, drawn, read_labels(table, drawn, now.date()), now)
        stands = len(judgements.read_labels(ledger, drawn))
        left = f"还差 {drawn.size - stands} 件。" if stands < drawn.size else "已全部判断，可以出具证书：mishen batch certify。"
        click.echo(f"记下 {added} 件新的或改过的判断；第 {drawn.number} 次抽样 {drawn.size} 件，已判断 {stands} 件，{left}")
        for dispute in judgements.find_disputes(ledger, drawn):
            click.echo(dispute.words, err=True)


@click.command(
    short_help="出具抽样证书：漏判最多占多少。",
    help="出具抽样证书（certificate-N.html 和 .txt）：这一堆里漏判的最多占多少，95% 的把握。还有没判断的就不出具。",
)
@_OUT
@_NUMBER
@_NO_WORDS
def certify(out: Path, number: int | None, no_words: bool) -> None:
    """State the bound, or say how many labels are missing."""
    from classifier.holdings import elusion
    from classifier.holdings.drafts import draft
    from classifier.holdings.ledger import Ledger
    from classifier.holdings.report import render_certificate
    from classifier.holdings.wording import HIDDEN

    seal = None if no_words else _seal()
    with Ledger.of(out) as ledger:
        made = elusion.certify(ledger, seal, _now(), number)
    page, text = render_certificate(made, HIDDEN if no_words else out.resolve().name)
    try:
        for ending, words in (("html", page), ("txt", text)):
            with draft(out / f"certificate-{made.sample.number}.{ending}") as written:
                written.write_text(words, encoding="utf-8")
    except OSError as error:
        raise BadLedger("证书写不进去（磁盘满，或者没有写的权限）。腾出空间后再试。") from error
    click.echo(text.rstrip())
    click.echo(f"\n证书已写好：{out / f'certificate-{made.sample.number}.html'}（可打印签字）。")


@click.command(
    short_help="按编号找到文件的路径。",
    help="按编号找文件：在本机显示报告里某个编号的路径，以及里面的哪一件（疑似涉密的文件在报告里只有编号）。",
)
@_OUT
@click.argument("numbers", metavar="编号...", nargs=-1, required=True)
def locate(out: Path, numbers: tuple[str, ...]) -> None:
    """The paths of files by number, and the member a number means."""
    from classifier.holdings.ledger import Ledger

    lost = 0
    with Ledger.of(out) as ledger:
        for named in numbers:
            found = _locate(ledger, named)
            lost += found is None
            click.echo(f"{named}\t{found or '没有这个编号'}")
    if lost:
        sys.exit(2)


def _locate(ledger: Ledger, named: str) -> str | None:
    """Where a paper is; None where no paper has this number."""
    from classifier.holdings.listing import plain, show_path

    file, _, part = named.partition("-")
    if not (file.isdecimal() and (part.isdecimal() or named == file)):
        return None
    found = ledger.read("SELECT path FROM file WHERE id = ?", (int(file),)).fetchone()
    if found is None or not part or int(part) == 0:
        return show_path(bytes(found[0])) if found else None
    inside = ledger.read("SELECT label, route FROM paper WHERE file = ? AND part = ?", (int(file), int(part))).fetchone()
    if inside is None:
        return None
    try:
        member = plain(_seal().open_label(inside[0]).member)
    except BadLedger:
        member = "（没有密钥，内含文件的名称打不开）"
    told = f"内含的第 {part} 件（疑似涉密，不记名称）" if inside[1] == "blocked" else member or f"内含的第 {part} 件"
    return f"{show_path(bytes(found[0]))} → {told}"
