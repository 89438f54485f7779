"""Work for the engine's children: behaves as its item says."""

import os
import signal
import time


def work(item: str) -> str:
    """`die` kills the process, `hang` sleeps, `burn` computes for ever, `raise` raises, anything else comes back in capitals."""
    if item.startswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if item.startswith("hang"):
        time.sleep(60)
    while item.startswith("burn"):
        pass
    if item.startswith("raise"):
        raise ValueError("words that must not travel")
    return item.upper()
