"""The web application, put together. Begin reading here."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import IO

from flask import Flask, Request
from flask_wtf.csrf import CSRFProtect

from classifier.knowledge import load_knowledge
from review_ui.store.engine import open_database
from review_ui.store.place import Place, prepare
from review_ui.web import (
    access,
    batches,
    desk,
    doubtful,
    errors,
    headers,
    intake,
    login,
    officers,
    opinion,
    pages,
    phrases,
    release,
    review,
)
from review_ui.web.office import KEY, Office, WebSettings

BLUEPRINTS = (login, pages, desk, batches, doubtful, intake, review, opinion, release, officers)
"""The rooms of the counter, each with a `blueprint`."""


def create_app(settings: WebSettings) -> Flask:
    """The application for one data folder; the schema must be up to date (`cli.serve` sees to it)."""
    app = Flask("review_ui", root_path=str(Path(__file__).parent / "web"))
    place = prepare(settings.data, settings.memory)
    app.extensions[KEY] = Office(settings, place, open_database(place), load_knowledge(settings.law.parent, settings.packs).law)
    app.config.update(
        SECRET_KEY=_form_key(place),
        SESSION_COOKIE_NAME="mishen_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,  # the login's own limits end it
        WTF_CSRF_SSL_STRICT=False,  # needs a Referer, and our Referrer-Policy sends none
        MAX_CONTENT_LENGTH=settings.most_bytes,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1_000,
    )
    app.request_class = _memory_request(place)
    headers.install(app)
    errors.install(app)
    access.install(app)  # before the form tokens: a stranger is sent to the login page, not told about tokens
    CSRFProtect(app)
    phrases.install(app)
    for room in BLUEPRINTS:
        app.register_blueprint(room.blueprint)
    return app


def _form_key(place: Place) -> bytes:
    """The random key behind form tokens; made once, readable by this account only."""
    if not place.key.exists():
        with os.fdopen(os.open(place.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(secrets.token_bytes(32))
    return place.key.read_bytes()


def _memory_request(place: Place) -> type[Request]:
    """Requests whose uploads are spooled on tmpfs: before the scan, no byte of a file may touch a disk."""

    class MemoryRequest(Request):
        """A request that spools into memory, without a name."""

        def _get_file_stream(self, *_sizes: object, **_names: object) -> IO[bytes]:
            return tempfile.TemporaryFile(dir=place.spool)

    return MemoryRequest
