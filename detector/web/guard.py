"""The guard before every page: who asks, from where, how much; and what a browser may do with it.

Other sites' pages run in the same browser and can send requests here. They are told by ``Host``
(a name that was made to lead here), by ``Origin`` and ``Sec-Fetch-Site``; the forms carry a key
besides, which no other site can read.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing but this server's own style and script, and no other site around or behind a page.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COOKIE = "detector-session"
# A token that is shorter is guessed.
SHORTEST_TOKEN = 16
# What is read before anyone is let in.
OPEN = frozenset({"/login", "/style.css", "/desk.js"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cache-control": b"no-store",
}


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in.

    Attributes:
        token: what a person or program must know; None lets in whoever reaches this machine.
        hosts: names that this server answers to; None for any, behind a token.
        largest: bytes of a request.
        session: what a browser carries after it has shown the token.
        form_key: what this server's own forms carry.
    """

    token: str | None
    hosts: frozenset[str] | None
    largest: int
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def knows_token(self, given: str) -> bool:
        """Tell whether what was given is the token, without telling how much of it was right."""
        return self.token is not None and _same(given, self.token)

    def is_form_of_ours(self, key: object) -> bool:
        """Tell whether a form was made by this server."""
        return isinstance(key, str) and _same(key, self.form_key)

    def lets_in(self, headers: Mapping[bytes, bytes]) -> bool:
        """Tell whether a request carries the token, or the session that it opened."""
        if self.token is None:
            return True
        scheme, _, given = headers.get(b"authorization", b"").decode("latin1").partition(" ")
        if scheme.lower() == "bearer" and self.knows_token(given.strip()):
            return True
        try:
            cookie = SimpleCookie(headers.get(b"cookie", b"").decode("latin1")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and _same(cookie.value, self.session)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf8", "replace"), other.encode())


class Guard:
    """Stands before the application (ASGI middleware)."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        send = _with_headers(send)
        status, told = self._refusal(scope, headers)
        if status:
            if status == 401 and not scope["path"].startswith("/api"):
                await _redirect(send, "/login")
            else:
                await _answer(send, status, told)
            return
        await self.app(scope, _limited(receive, self.access.largest), send)

    def _refusal(self, scope: Scope, headers: Mapping[bytes, bytes]) -> tuple[int, str]:
        """Return status and words of a refusal; status 0 lets pass."""
        host = headers.get(b"host", b"").decode("latin1").lower()
        if self.access.hosts is not None and _name(host) not in self.access.hosts:
            return 421, f"this server does not answer to the name {_name(host)[:80]!r}"
        if scope["method"] not in SAFE:
            if _is_foreign(headers, host):
                return 403, "this was sent by a page of another site, and is not done"
            declared = headers.get(b"content-length", b"0")
            if declared.isdigit() and int(declared) > self.access.largest:
                return 413, _too_large(self.access.largest)
        if scope["path"] not in OPEN and not self.access.lets_in(headers):
            return 401, "a token is needed: send it as 'Authorization: Bearer TOKEN'"
        return 0, ""


class TooLarge(Exception):
    """More was sent than is read; the answer is 413."""


def _too_large(largest: int) -> str:
    return f"more than {largest:,} bytes were sent, which is more than this server reads"


def _name(host: str) -> str:
    """Return the name of ``name:port``, also of ``[::1]:port``."""
    return host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _is_foreign(headers: Mapping[bytes, bytes], host: str) -> bool:
    """Tell whether a browser says that another site's page sent a request."""
    if headers.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"}:
        return True
    origin = headers.get(b"origin")
    return origin is not None and origin.decode("latin1").lower().partition("://")[2] != host


def _limited(receive: Receive, largest: int) -> Receive:
    """Count what comes in, whatever its length was said to be."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > largest:
            raise TooLarge(_too_large(largest))
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            ours = _HEADERS | {b"content-security-policy": PAGE_POLICY.encode()}
            message["headers"] = given + [
                (name, value) for name, value in ours.items() if name not in names
            ]
        await send(message)

    return sent


async def _answer(send: Send, status: int, told: str) -> None:
    body = json.dumps({"error": told}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _redirect(send: Send, address: str) -> None:
    headers = [(b"location", address.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
