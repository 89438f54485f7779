"""The cage holds: from inside nothing is reached, and every fault costs its own item with the right name."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from classifier.batch import Cage, Outcome, cage, filters, kernel, layers, run
from tests.classifier.batch.faults import DEEDS, deed, fault, slow

MIB = 1024 * 1024


def one(name: str, seconds: float = 20.0, **limits) -> Outcome:
    """The outcome of one fault with an innocent item before and after it, which must not be touched."""
    before, outcome, after = run(fault, ["ok-1", name, "ok-2"], seconds=seconds, cage=Cage(**limits))
    assert (before.value, after.value) == ("ok-1", "ok-2")
    return outcome


def children_of(pid: int) -> set[int]:
    """Every living descendant, by /proc."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(folder.name)] = int(fields[1])
    found, grew = {pid}, True
    while grew:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grew = bool(more)
    return found - {pid}


def test_layers_are_told_by_a_child() -> None:
    """What every Linux has is on in children, and nothing is on in the parent."""
    assert {"no_new_privs", "rlimits", "parent_death", "not_dumpable"} <= set(layers())
    assert cage.layers() == ()


def test_seccomp_and_landlock_are_on_where_the_machine_has_them() -> None:
    """A layer that could be on is on."""
    on = layers()
    assert ("seccomp" in on) == (filters.library() is not None)
    assert ("landlock" in on) == (kernel.landlock_version() > 0)


@pytest.mark.skipif(filters.library() is None, reason="needs libseccomp")
def test_no_deed_is_done(tmp_path: Path) -> None:
    """Network, programs, processes, written files, tracing, mounting, signals, freed limits: all refused; the file is as it was."""
    target = tmp_path / "file"
    target.write_text("content")
    outcomes = list(run(deed, [(name, str(target)) for name in DEEDS], seconds=20))
    assert {o.item[0]: o.value for o in outcomes} == dict.fromkeys(DEEDS, "refused")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert target.read_text() == "content"


@pytest.mark.skipif(not kernel.landlock_version(), reason="needs Landlock")
def test_without_seccomp_landlock_still_guards_files_and_programs(tmp_path: Path, monkeypatch) -> None:
    """Layers do not lean on each other: tried in a process that only locked the land."""
    code = f"""
from classifier.batch import kernel
from tests.classifier.batch.faults import deed
kernel.refuse_new_privileges(), kernel.lock_land(), kernel.drop_capabilities()
print([deed((n, {str(tmp_path / "file")!r})) for n in ("exec", "write", "append", "truncate", "unlink", "mkdir", "mount")])
"""
    (tmp_path / "file").write_text("content")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert set(eval(done.stdout)) == {"refused"}


def test_missing_layers_are_not_fatal() -> None:
    """On a kernel with nothing the cage closes as far as it can and says so."""
    code = """
import os
from classifier.batch import cage, filters, kernel
filters.library = lambda: None
kernel._call = lambda *a: -1
print(*cage.enter(cage.Cage(), 99, os.getppid()), file=open(os.devnull, "w"))
os._exit(0 if cage.layers() == ("rlimits",) else 1)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_the_cage_closes_without_root() -> None:
    """An ordinary user gets the same layers but perhaps the network namespace, and the same refusals."""
    wanted = set(layers()) - {"network_namespace"}
    code = f"""
import os
from classifier.batch import cage, filters
from tests.classifier.batch.faults import DEEDS, deed
filters.library()
os.setgroups([]), os.setgid(65534), os.setuid(65534)
on = set(cage.enter(cage.Cage(), 99, os.getppid()))
if {wanted!r} - on:
    os._exit(1)
told = [deed((n, "/nowhere/file")) for n in DEEDS if n != "rename"]
os._exit(0 if "seccomp" not in on or set(told) == {{"refused"}} else 2)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("loop", "timeout"), ("hang", "timeout"), ("forge-stall", "timeout"),
        ("balloon", "limits"), ("grow", "limits"),
        ("recurse", "internal"),
        ("segv", "crashed"), ("abort", "crashed"), ("exit", "crashed"), ("leave", "crashed"),
        ("not-json", "crashed"), ("bytes", "crashed"), ("nan", "crashed"), ("nested", "crashed"), ("huge", "crashed"),
        ("forge-text", "crashed"), ("forge-pickle", "crashed"), ("forge-code", "crashed"), ("forge-list", "crashed"),
        ("forge-deep", "crashed"), ("forge-length", "crashed"), ("forge-half", "crashed"),
    ],
)  # fmt: skip
def test_a_fault_costs_its_item(name: str, error: str) -> None:
    """Each fault has its name; the items before and after it are worked."""
    seconds = 0.5 if error == "timeout" else 20.0
    assert one(name, seconds, memory=600 * MIB, answer=MIB) == Outcome(name, None, error)


def test_cpu_seconds_run_out_as_limits() -> None:
    """The kernel ends a child that used its CPU seconds, long before the wall time."""
    began = time.monotonic()
    assert one("loop", 30.0, cpu=0.2).error == "limits"
    assert time.monotonic() - began < 10


def test_cpu_seconds_are_counted_anew_for_each_item() -> None:
    """Twelve items of 0.3 CPU seconds pass where one may take one second."""
    assert [o.error for o in run(burn_a_little, range(12), cage=Cage(cpu=1.0))] == [None] * 12


def burn_a_little(item: int) -> int:
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    return item


def test_honest_needs_are_met() -> None:
    """Threads start (onnxruntime needs them), files can be read, the terminal is out of reach."""
    values = {o.item: o.value for o in run(fault, ["thread", "read", "terminal"])}
    assert values == {"thread": "threads 1", "read": True, "terminal": True}


def test_a_child_has_no_line_to_our_output(capfd) -> None:
    """What a child writes to its descriptors 1 and 2 does not become a line of the report."""
    assert one("shout").error is None
    out, err = capfd.readouterr()
    assert "FORGED" not in out + err


def test_an_answer_the_parent_does_not_accept_costs_its_item() -> None:
    """`accept` sees every value; what it refuses is `crashed`, what it gives is the outcome."""

    def accept(item, value):
        if item == "ok-2":
            raise ValueError(value)
        return value.upper()

    told = {o.item: o.error or o.value for o in run(fault, ["ok-1", "ok-2", "ok-3"], accept=accept)}
    assert told == {"ok-1": "OK-1", "ok-2": "crashed", "ok-3": "OK-3"}


def test_a_child_is_replaced_after_its_items() -> None:
    """`items` bounds how long one process meets strangers."""
    pids = [o.value for o in run(fault, ["pid"] * 6, cage=Cage(items=2))]
    assert list(Counter(pids).values()) == [2, 2, 2]


def test_a_fat_child_is_replaced() -> None:
    """A child that holds on to memory goes before it reaches its limit."""
    sizes = [o.value for o in run(fault, ["eat"] * 5, cage=Cage(resident=250 * MIB))]
    assert max(sizes) < 4
    assert sizes.count(1) >= 2


def test_an_item_is_a_name() -> None:
    """Contents do not go down the line: they would block it."""
    with pytest.raises(ValueError, match="a name"):
        list(run(fault, ["ok" * MIB]))


@pytest.mark.parametrize("ahead", [0, 2])
def test_kill_nine_at_random_loses_nothing(ahead: int) -> None:
    """200 items, ten kills of random children at random moments: each item once, at most one lost a kill."""
    chance = random.Random(7)
    moments = set(chance.sample(range(5, 195), 10))
    outcomes, killed = [], 0
    for outcome in run(slow, range(200), jobs=2, ahead=ahead, seconds=20):
        outcomes.append(outcome)
        if len(outcomes) in moments:
            server_children = sorted(pid for pid in children_of(os.getpid()) if is_child(pid))
            if server_children:
                os.kill(chance.choice(server_children), signal.SIGKILL)
                killed += 1
    assert killed == 10
    assert sorted(o.item for o in outcomes) == list(range(200))
    assert all(o.value == o.item * 2 for o in outcomes if o.error is None)
    lost = [o.error for o in outcomes if o.error]
    assert len(lost) <= 10
    assert set(lost) <= {"crashed"}


def is_child(pid: int) -> bool:
    """A child of the fork server, not the server or the tracker: its parent is not this process."""
    try:
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return False
    return parent != os.getpid()


def test_a_killed_parent_leaves_no_orphan() -> None:
    """A kill -9 on the parent ends children in the middle of an endless loop within seconds."""
    code = """
from classifier.batch import run
from tests.classifier.batch.faults import burn
if __name__ == "__main__":
    list(run(burn, ["a", "b"], jobs=2, seconds=300))
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    try:
        end = time.monotonic() + 20
        while len(family := children_of(parent.pid)) < 4 and time.monotonic() < end:
            time.sleep(0.1)
        assert len(family) >= 4  # tracker, fork server, two children
        time.sleep(0.5)
    finally:
        parent.kill()
        parent.wait()
    end = time.monotonic() + 10
    while any(alive(pid) for pid in family) and time.monotonic() < end:
        time.sleep(0.1)
    assert [pid for pid in family if alive(pid)] == []


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_parent_keeps_its_freedom() -> None:
    """Nothing of the cage touches the process that started it."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    list(run(fault, ["ok"]))
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert subprocess.run(["/bin/true"], check=False).returncode == 0
