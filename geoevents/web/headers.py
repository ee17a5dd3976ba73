"""What every answer tells the browser not to do."""

from __future__ import annotations

from flask import Flask, Response, g, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = "camera=(), geolocation={}, microphone=(), payment=(), usb=()"
# Of the map: where its reader is it may ask, once that reader presses the button for it.
LOCATING = _PERMISSIONS.format("(self)")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers then send Origin: null with a form of our own, which is refused.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": _PERMISSIONS.format("()"),
}
# Asked before a request with a header of its own, such as If-None-Match.
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_READ_BY_ANYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PRIVATE = "private, no-store"


def init_app(app: Flask) -> None:
    app.after_request(_add)


def keep_private(response: Response) -> Response:
    """Mark an answer made for somebody who may write: no cache keeps it and no other site reads it."""
    response.headers["Cache-Control"] = PRIVATE
    return response


def _add(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if g.get("may_be_framed") and response.status_code < 400:
        # It knows no sites to allow; frame-ancestors, which names them, stands in the policy.
        del response.headers["X-Frame-Options"]
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("Cache-Control", "no-cache" if response.status_code < 400 else "no-store")
    if request.method == "OPTIONS":
        response.headers.update(_READ_BY_ANYBODY | _PREFLIGHT)
    is_public = response.headers["Cache-Control"] != PRIVATE
    if is_public and request.method in ("GET", "HEAD", "OPTIONS") and response.mimetype != "text/html":
        for name, value in _READ_BY_ANYBODY.items():
            response.headers.setdefault(name, value)
    else:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response
