"""No child outlives the process that asked for its work, whatever that process died of and whatever the child is doing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_CODE = """
import sys
from classifier.batch import run
from tests.classifier.batch.work import work
if __name__ == "__main__":
    print("born", flush=True)
    list(run(work, [sys.argv[1]] * 4, jobs=2, ahead=1, seconds=60))
"""


def _alive(token: str) -> int:
    found = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"MISHEN_ORPHANS={token}".encode() in (entry / "environ").read_bytes():
                found += (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
@pytest.mark.parametrize("item", ["hang-1", "burn-1"])
def test_a_hung_child_dies_with_its_killed_parent(item: str, tmp_path: Path) -> None:
    """After kill -9 of the parent neither the fork server nor a sleeping or a busy child is left."""
    token = f"{os.getpid()}-{item}"
    script = tmp_path / "asks.py"
    script.write_text(_CODE)
    environment = {**os.environ, "MISHEN_ORPHANS": token, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])}
    parent = subprocess.Popen([sys.executable, str(script), item], env=environment, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    until = time.monotonic() + 20
    while _alive(token) < 5 and time.monotonic() < until:  # itself, resource tracker, fork server, two children
        time.sleep(0.05)
    time.sleep(0.5)
    assert _alive(token) >= 4
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    until = time.monotonic() + 5
    while _alive(token) and time.monotonic() < until:
        time.sleep(0.05)
    assert _alive(token) == 0
