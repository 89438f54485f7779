"""One error tree. Each error has a stable code, an exit code and a Chinese message that says what to do next."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns to the shell."""

    OK = 0
    USAGE = 2
    """Wrong arguments (click's own code)."""
    UNREAD = 3
    """At least one document could not be read in full."""
    BLOCKED = 4
    """At least one document carries a state-secret marking."""
    BAD_DATA = 5
    """corpus/ or models/ cannot be trusted; nothing was assessed."""


class ClassifierError(Exception):
    """The root. `message` is shown to people; it never holds text of a document."""

    code = "internal"
    exit_code = ExitCode.UNREAD

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unreadable(ClassifierError):
    """A document from which nothing could be read; `code` is a key of core.problems.PROBLEMS."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code} {where}".strip())
        self.code = code
        self.where = where


class BadKnowledge(ClassifierError):
    """corpus/ holds a rule or article that does not load."""

    code = "bad_knowledge"
    exit_code = ExitCode.BAD_DATA


class BadModel(ClassifierError):
    """models/ holds a model whose checksum or shape is wrong."""

    code = "bad_model"
    exit_code = ExitCode.BAD_DATA


class BadLedger(ClassifierError):
    """The ledger or vault of a batch is damaged, of another version, or sealed with another key."""

    code = "bad_ledger"
    exit_code = ExitCode.BAD_DATA


class BadSettings(ClassifierError):
    """A setting has no sense."""

    code = "bad_settings"
    exit_code = ExitCode.USAGE
