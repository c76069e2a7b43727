"""A web server on loopback that says exactly the bytes a test gives it, true or false."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = bytes | Callable[[], Iterable[bytes]]


@dataclass
class Site:
    """Addresses by path, and what was asked.

    Attributes:
        pages: path -> what is sent; without one, 404.
        asked: paths, in the order they were asked for.
        heads: the request heads, as they came.
    """

    host: str
    port: int = 0
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    def url(self, path: str = "/", *, host: str | None = None, scheme: str = "http") -> str:
        return f"{scheme}://{host or self.host}:{self.port}{path}"


def answer(
    body: bytes = b"", *headers: str, status: str = "200 OK", kind: str = "text/html"
) -> bytes:
    """Return a whole, truthful answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def redirect(location: str, *headers: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {location}", *headers, status=status)


@contextmanager
def serving(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve a site until the block ends."""
    site = Site(host)

    class Handler(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            try:
                if tls:
                    self.request = tls.wrap_socket(self.request, server_side=True)
                    self.rfile, self.wfile = (
                        self.request.makefile("rb"),
                        self.request.makefile("wb"),
                    )
                head = b"".join(iter(self.rfile.readline, b"\r\n")).decode("latin-1")
                path = head.split(" ")[1]
                site.asked.append(path)
                site.heads.append(head)
                for piece in pieces(site.pages.get(path, answer(status="404 Not Found"))):
                    self.wfile.write(piece)
                    self.wfile.flush()
            except (OSError, IndexError):
                pass  # the client has seen enough

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server((host, 0), Handler) as server:
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()


def pieces(page: Answer) -> Iterable[bytes]:
    return [page] if isinstance(page, bytes) else page()
