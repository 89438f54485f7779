"""Headers of every answer, errors included（design/SECURITY §3.8）."""

from __future__ import annotations

from flask import Flask
from werkzeug.wrappers import Response

from review_ui.web.office import office

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
}


def install(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(add)


def add(response: Response) -> Response:
    """Set, never merge: nobody upstream may loosen them."""
    for name, value in ALWAYS.items():
        response.headers[name] = value
    if office().settings.https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers.pop("Server", None)
    return response
