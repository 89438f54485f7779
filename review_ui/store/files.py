"""Uploaded files: first on tmpfs under their own name, then, if nothing speaks against it, in the store under a random one."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from review_ui.store.place import Place

LONGEST_NAME = 240
"""Bytes; file systems take 255."""


class BadName(Exception):
    """A file name that no file system can hold."""


def clean_name(raw: str) -> str:
    """The base name of an upload, as typed, without path or control characters.

    Raises:
        BadName: when nothing is left, or it is too long to be kept whole (a cut name could hide what it says).
    """
    name = "".join(c for c in raw.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip()
    if not name.strip(".") or len(name.encode("utf-8")) > LONGEST_NAME:
        raise BadName
    return name


def receive(place: Place, stream: IO[bytes], name: str) -> str:
    """Write an upload to the incoming folder; returns its token."""
    token = str(uuid.uuid4())
    folder = place.incoming / token
    folder.mkdir(mode=0o700)
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        shutil.copyfileobj(stream, target, 1 << 20)
    return token


def waiting(place: Place, token: str) -> Path | None:
    """The file behind a token, or None when it is gone (the machine was restarted: tmpfs is memory)."""
    folder = place.incoming / str(uuid.UUID(token))
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return found[0] if found else None


def adopt(place: Place, token: str) -> str:
    """Copy a scanned upload into the store, durably; returns its random name. The incoming copy is still there."""
    source = waiting(place, token)
    if source is None:
        raise FileNotFoundError
    name = str(uuid.uuid4())
    target = place.originals / name
    with source.open("rb") as data, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(data, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())
    return name


def keep_snippets(place: Place, original_name: str, pictures: Sequence[bytes]) -> None:
    """Lay the pictures of what was not read surely beside their original, durably, numbered from 1."""
    if not pictures:
        return
    snippet(place, original_name, 1).parent.mkdir(mode=0o700)
    for number, png in enumerate(pictures, 1):
        target = snippet(place, original_name, number)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(png)
            out.flush()
            os.fsync(out.fileno())


def destroy(place: Place, token: str) -> None:
    """Overwrite and remove everything of an upload, name included. Safe to repeat."""
    folder = place.incoming / str(uuid.UUID(token))
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        size = path.stat().st_size
        with path.open("r+b") as target:
            for start in range(0, size, 1 << 20):
                target.write(bytes(min(1 << 20, size - start)))
            target.flush()
            os.fsync(target.fileno())
        anonymous = folder / "0"
        path.rename(anonymous)
        anonymous.unlink()
    folder.rmdir()


def sweep(place: Place, known: set[str], before: float) -> int:
    """Destroy incoming uploads that no open job knows: a crash came between upload and queue, or after the landing.

    `before` (seconds since the epoch) spares an upload that is just being queued.
    """
    gone = 0
    for folder in uploads(place):
        if folder.name not in known and folder.stat().st_mtime < before:
            destroy(place, folder.name)
            gone += 1
    return gone


def clear_spool(place: Place) -> None:
    """Remove temporary files that a killed process left; called before anything uses the spool."""
    for path in place.spool.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def uploads(place: Place) -> list[Path]:
    """The uploads that wait, whoever knows of them."""
    return [folder for folder in place.incoming.iterdir() if folder != place.spool]


def original(place: Place, name: str) -> Path:
    """The path of a stored original; only random ids lead anywhere."""
    return place.originals / str(uuid.UUID(name))


def snippet(place: Place, original_name: str, number: int) -> Path:
    """The path of one picture of what was not read surely; only random ids lead anywhere."""
    return place.snippets / str(uuid.UUID(original_name)) / f"{number:d}.png"


def package(place: Place, name: str) -> Path:
    """The path of a publication package; only random ids lead anywhere."""
    return place.packages / str(uuid.UUID(name))
