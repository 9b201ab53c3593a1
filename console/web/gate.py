"""Who is let in: with the token of this start, or by a proxy that has verified a user's name."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

from console.desk.desk import Viewer

SECRET_HEADER = "X-Console-Secret"
TOKEN = "token"
ONWARD = '<!doctype html><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/"><title>console</title>'
USER = re.compile(r"[^\W_][\w.@+=, '-]{0,127}")


class Refused(web.HTTPForbidden):
    """Not let in, and why in a sentence."""

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(text=f"{why}\n")


class Gate(Protocol):
    """Lets requests in."""

    scheme: str  # of the page's websocket
    verified: bool  # whether names are proved

    def viewer(self, request: web.Request) -> Viewer:
        """Return who asks; raises Refused."""
        ...

    def first_visit(self, request: web.Request) -> web.Response | None:
        """Return what a visit that brings a token is answered, None for every other."""
        ...


class TokenGate:
    """Lets in who has this start's token, once in the address and from then on in a cookie; whoever that is may look, no more."""

    scheme, verified = "ws", False

    def __init__(self, user: str, port: int) -> None:
        """Make a token; `user` is whom it is given to."""
        self._user = user
        self.token = secrets.token_urlsafe(32)
        self._kept = secrets.token_urlsafe(32)
        self._cookie = f"console-{port}"  # a browser tells hosts apart, not ports

    def viewer(self, request: web.Request) -> Viewer:
        """See Gate."""
        if not same(request.cookies.get(self._cookie, ""), self._kept):
            raise Refused("403: open the address with the token that console web printed when it started")
        return Viewer(f"{self._user} (browser)")

    def first_visit(self, request: web.Request) -> web.Response | None:
        """See Gate: the answer leaves the token out of the address, and comes to the page as from itself."""
        if request.path != "/" or TOKEN not in request.query:
            return None
        if not same(request.query[TOKEN], self.token):
            raise Refused("403: the token is of another start: console web printed this one's")
        answer = web.Response(text=ONWARD, content_type="text/html")
        answer.set_cookie(self._cookie, self._kept, httponly=True, samesite="Strict", path="/")
        return answer


class ProxyGate:
    """Lets in what a proxy passes on with a user's name; it is believed for a secret, or for the socket that it alone can open."""

    scheme, verified = "wss", True

    def __init__(self, header: str, secret: str | None) -> None:
        """Take the user from a header; `secret` is None where only the proxy can reach the socket."""
        self._header, self._secret = header, secret

    def viewer(self, request: web.Request) -> Viewer:
        """See Gate."""
        if self._secret is not None and not same(self._one(request, SECRET_HEADER), self._secret):
            raise Refused("403: this console is reached through its proxy only")
        user = self._one(request, self._header).strip()
        if not USER.fullmatch(user):
            raise Refused(f"403: the proxy passed on no user's name in {self._header}")
        return Viewer(user, verified=True)

    def first_visit(self, request: web.Request) -> web.Response | None:
        """See Gate: there is no token here."""
        return None

    @staticmethod
    def _one(request: web.Request, header: str) -> str:
        """Return a header's only value; one sent twice is none."""
        held = request.headers.getall(header, [])
        return held[0] if len(held) == 1 else ""


def own_page(request: web.Request) -> None:
    """Let in only what comes from a page of this very address; raises Refused."""
    if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        raise Refused("403: asked for by another site's page")


def same(said: str, known: str) -> bool:
    """Return whether two secrets are the same, in a time that doesn't tell where they differ."""
    return hmac.compare_digest(said.encode("utf-8", "surrogatepass"), known.encode())
