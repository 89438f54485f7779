"""The words of click in Chinese: usage lines, help pages and the sentences about wrong arguments.

click takes every sentence it shows through `gettext` under the name `_` of its modules. A compiled catalogue would be a binary file whose
use depends on the machine's language setting; a table is read here by whoever wants to change a word, and holds on every machine.
"""

from __future__ import annotations

import re
from types import ModuleType

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

_MODULES: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, termui, types)
_WORDS = {
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示这份说明。",
    "Show the version and exit.": "显示版本。",
    "required": "必填",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "(dynamic)": "（运行时决定）",
    "deprecated": "不再使用",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "看说明：{command} {option}",
    "Missing command.": "少了子命令。",
    "Missing argument": "少了参数",
    "Missing option": "少了选项",
    "Missing parameter": "少了参数",
    "Missing {param_type}": "少了参数",
    "Missing parameter: {param_name}": "少了参数：{param_name}",
    "No such option {name!r}.": "没有 {name} 这个选项。",
    "No such command {name!r}.": "没有 {name} 这个命令。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "是不是其中一个：{possibilities}？",
    "Invalid value: {message}": "{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint}：{message}",
    "Got unexpected extra argument ({args})": "多了一个参数：{args}",
    "Got unexpected extra arguments ({args})": "多了几个参数：{args}",
    "Takes {nargs} values but 1 was given.": "要给 {nargs} 个值，只给了 1 个。",
    "Takes {nargs} values but {len} were given.": "要给 {nargs} 个值，给了 {len} 个。",
    "Argument {name!r} takes {nargs} values.": "{name} 要给 {nargs} 个值。",
    "Option {name!r} does not take a value.": "{name} 后面不带值。",
    "Option {name!r} requires an argument.": "{name} 后面少了值。",
    "Option {name!r} requires {nargs} arguments.": "{name} 后面要给 {nargs} 个值。",
    "{value!r} is not {choice}.": "不能是 {value}，只能是 {choice}。",
    "{value!r} is not one of {choices}.": "不能是 {value}，可以是 {choices}。",
    "Choose from:\n\t{choices}": "可以是：\n\t{choices}",
    "{value!r} is not a valid {number_type}.": "{value} 不是{number_type}。",
    "{value} is not in the range {range}.": "{value} 不在范围内（{range}）。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value} 不是“是”或“否”，可以写 {states}。",
    "{name} {filename!r} does not exist.": "找不到{name} {filename}。",
    "{name} {filename!r} is a file.": "{filename} 是文件，这里要给文件夹。",
    "{name} {filename!r} is a directory.": "{filename} 是文件夹，这里要给文件。",
    "{name} {filename!r} is not readable.": "没有读取 {filename} 的权限。",
    "{name} {filename!r} is not writable.": "没有写入 {filename} 的权限。",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename}：{message}",
    "unknown error": "原因不明",
    "Aborted!": "已中止。",
}
_KINDS = {
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "integer": "整数",
    "integer range": "整数",
    "float": "数",
    "float range": "数",
    "text": "文字",
}
"""What click calls the kinds of values."""
_HINT = re.compile(r"'([^']*)'")


def speak() -> None:
    """Let click speak Chinese in this process, from now on."""
    for module in _MODULES:
        for name, words in (("_", _one), ("ngettext", _one_or_more)):
            if hasattr(module, name):
                setattr(module, name, words)


def label(command: click.Command) -> None:
    """Give a command, its options and its sub-commands Chinese placeholders where they have none of their own."""
    command.options_metavar = "[选项]"
    for parameter in command.params:
        kind = parameter.type
        kind.name = _KINDS.get(kind.name, kind.name)
        if parameter.metavar is None and not isinstance(kind, click.Choice) and not _is_flag(parameter):
            parameter.metavar = kind.name
    if isinstance(command, click.Group):
        command.subcommand_metavar = "命令 [参数]..."
        for inner in command.commands.values():
            label(inner)


def tell(error: click.ClickException) -> str:
    """What is wrong, and how to learn what would be right: one or two lines for people."""
    words = error.format_message()
    if isinstance(error, exceptions.NoArgsIsHelpError):
        return words
    if isinstance(error, click.MissingParameter) and error.param is not None:
        words = _tell_missing(error.param)
    elif isinstance(error, click.BadParameter) and error.param is not None:
        words = _HINT.sub(r"\1", words, count=error.param.param_type_name == "argument" or len(error.param.opts))
    lines = [f"错误：{words}"]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"看说明：{error.ctx.command_path} --help")
    return "\n".join(lines)


def _tell_missing(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return f"少了 {parameter.opts[0]}（{parameter.metavar or '值'}）。"
    return f"少了{(parameter.metavar or '参数').removesuffix('...')}。"


def _is_flag(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count)


def _one(words: str) -> str:
    return _WORDS.get(words, words)


def _one_or_more(one: str, more: str, count: int) -> str:
    return _one(one if count == 1 else more)
