"""Imported by the fork server alone, before everything else: loads once what every child would load for itself.

A child forked from here starts in milliseconds with law, rules, model and readers in memory. The name of the function that
loads them comes through the environment, the only line to a fork server that has not begun to listen.
"""

from __future__ import annotations

import gc
import importlib
import os

from classifier.batch import filters

VARIABLE = "MISHEN_NURSERY"
"""`module:function`, or `:` for nothing; set by the engine while it starts the fork server."""


def _warm(name: str) -> None:
    # one thread per child: the engine runs as many children as there are cores; and a process with threads forks badly
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")
    filters.library()
    module, _, function = name.partition(":")
    try:
        if module:
            getattr(importlib.import_module(module), function)()
    except Exception:  # noqa: BLE001 - an engine guard: the child tries again, and its work tells what is missing
        return
    gc.collect()
    gc.freeze()  # the collector of a child then leaves the shared pages shared


if os.environ.get(VARIABLE):
    _warm(os.environ.pop(VARIABLE))
