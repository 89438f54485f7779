"""`mishen train`: learn from our papers and from what the bureau's own people signed. Thin: parse arguments, call, print, exit code."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from classifier.training import Trained

_HELP = """训练一个候选模型，放到 models/attribute/版本号，并开始试用。

不带 --from-store 只用本系统自带的训练文书；带上则加入本单位已办结文件的签定属性（正文取自审查台，不出本机）。
最近办结的一部分（--keep-out）不参加训练，留作比较。少于 30 件，或者缺某一类属性，不训练。

候选模型不会自己启用：试用期间，审查台收到的每份文件由它另判一次，只作记录，不显示给办理人，不影响办理。

用 mishen models compare 比较，用 mishen models promote 启用。模型、清单和说明里没有任何文件的文字。"""


@click.command(help=_HELP)
@click.option("--from-store", is_flag=True, help="加入审查台里已办结的决定。")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("data"), show_default=True, help="审查台的数据目录。"
)
@click.option("--version", "chosen", metavar="版本号", help="新模型的版本号；默认取下一个整数。")
@click.option(
    "--weight",
    type=click.FloatRange(1, 100),
    default=3.0,
    show_default=True,
    help="一件本单位的决定抵几份自带文书。自带文书是编写的，数量多；本单位的做法才是要学的。",
)
@click.option(
    "--keep-out", type=click.FloatRange(5, 50), default=20, show_default=True, help="最近办结的百分之几不参加训练，留作比较。"
)
@click.option("--seed", type=int, default=7, show_default=True, help="随机种子；同样的数据和种子，得到同样的模型。")
@click.pass_obj
def train(
    doors: dict[str, Callable[..., Any]] | None,
    from_store: bool,
    data: Path,
    chosen: str | None,
    weight: float,
    keep_out: float,
    seed: int,
) -> None:
    """Train a candidate and put it on trial."""
    assert doors is not None
    decisions = doors["decisions"](data) if from_store else None  # a wrong folder is told before anything heavy is loaded
    from classifier.core.errors import BadModel
    from classifier.core.settings import read_settings
    from classifier.learn import registry
    from classifier.training import Plan
    from classifier.training import train as run

    settings = read_settings()
    models = settings.data_home / "models"
    version = registry.check_version(chosen) if chosen else registry.next_version(models)
    if (models / registry.TASK / version).exists():
        raise BadModel(f"模型 {version} 已经有了，请换一个版本号。")
    click.echo("正在训练，请稍候……", err=True)
    began = time.monotonic()
    trained = run(Plan(version, seed=seed, weight=weight, held_out=keep_out / 100), settings, decisions)
    former = registry.trial_version(models)
    registry.put_on_trial(models, version)
    if from_store:
        detail = {"papers": trained.manifest["trained_on"]["decisions"], "fingerprint": trained.manifest["decisions"]}
        doors["keep_suspects"](data, list(trained.suspects), f"{registry.TASK}/{version}", detail)
    _tell(trained, version, former, from_store)
    click.echo(f"用时 {time.monotonic() - began:.0f} 秒。")


def _tell(trained: Trained, version: str, former: str | None, from_store: bool) -> None:
    told = trained.manifest
    own = told["trained_on"]
    click.echo(
        f"候选模型 {version}：自带文书 {told['papers']} 份" + (f"，本单位的决定 {own['decisions']} 件" if from_store else "")
    )
    if own["stopped"]:
        click.echo(f"另有 {own['stopped']} 件带有国家秘密标志，没有用来训练。请报告本单位保密工作机构。")
    click.echo(f"没见过的作者和科室上的一致率 {told['held_out_accuracy']:.1%}（总猜最多的一类：{told['dummy_accuracy']:.1%}）")
    if from_store:
        click.echo(f"留作比较的决定 {told['held_out']['count']} 件。")
        count = len(trained.suspects)
        listed = f"属性可能签错的 {count} 件，已列在审查台的“决定复看”页，供人复看" if count else "没有发现属性可能签错的决定"
        click.echo(f"{listed}；没有改动任何决定。")
    if former and former != version:
        click.echo(f"原来试用的模型 {former} 不再试用。")
    click.echo("已开始试用，没有启用。比较：mishen models compare；启用：mishen models promote " + version)
