"""The tables of a ledger. Another shape is another SCHEMA: a ledger of an older one is refused, not misread."""

from __future__ import annotations

SCHEMA = 1


def is_shell(paper: str = "paper", file: str = "file") -> str:
    """The SQL condition of a paper that only holds other files and is none itself (`listing.Item.is_wrapper` says the same).

    Args:
        paper: the name of its row in the question.
        file: the name of the row of its file.
    """
    return f"({paper}.chars = 0 AND {paper}.problems = '' AND {paper}.route != 'blocked' AND {file}.state = 'done')"


TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE maker (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, rules TEXT NOT NULL, model TEXT NOT NULL, settings TEXT NOT NULL,
    UNIQUE (code, rules, model, settings));
CREATE TABLE run (
    id INTEGER PRIMARY KEY, began TEXT NOT NULL, ended TEXT, state TEXT NOT NULL, sources TEXT NOT NULL, jobs INTEGER NOT NULL,
    maker INTEGER NOT NULL REFERENCES maker, found INTEGER, skipped INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0);
CREATE TABLE file (
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, mtime INTEGER NOT NULL, sha256 BLOB,
    state TEXT NOT NULL, error TEXT, attempts INTEGER NOT NULL, seconds REAL NOT NULL,
    maker INTEGER NOT NULL REFERENCES maker, run INTEGER NOT NULL REFERENCES run);
CREATE INDEX file_state ON file (state) WHERE state != 'done';
CREATE TABLE paper (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES file ON DELETE CASCADE, part INTEGER NOT NULL,
    sha256 BLOB NOT NULL, vault BLOB, format TEXT NOT NULL, pages INTEGER, chars INTEGER NOT NULL,
    attribute TEXT, route TEXT NOT NULL, confidence REAL NOT NULL, in_scope INTEGER NOT NULL,
    kind TEXT, issued TEXT, level TEXT, period TEXT, declared TEXT,
    problems TEXT NOT NULL, counts TEXT NOT NULL,
    number_key BLOB, title_key BLOB, carried_key BLOB,
    label BLOB, verdict BLOB NOT NULL, sketch BLOB, bloom BLOB,
    UNIQUE (file, part));
CREATE INDEX paper_hash ON paper (sha256);
CREATE INDEX paper_verdict ON paper (route, attribute, problems, chars);
"""
