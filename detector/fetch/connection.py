"""One request over one connection: to a checked address, under a deadline, read as it comes."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpcore2
import httpx2

from detector.errors import FetchError
from detector.fetch.addresses import Network, Resolve, checked_addresses

# Enough for a host with several addresses of which the first are dead.
MOST_ADDRESSES = 4


@dataclass(frozen=True, slots=True)
class Route:
    """How addresses are found and reached.

    Attributes:
        resolve: host and port -> addresses.
        private: networks that may be reached though they are not public.
        tls: what certificates are checked with.
        connect_seconds: longest wait for a connection.
        read_seconds: longest wait for the next bytes.
        deadline: when all must be over, by ``time.monotonic``.
    """

    resolve: Resolve
    private: tuple[Network, ...]
    tls: ssl.SSLContext
    connect_seconds: float
    read_seconds: float
    deadline: float = 0.0

    def until(self, deadline: float) -> Route:
        """Return the same route with another deadline."""
        return replace(self, deadline=deadline)

    def left(self, most: float) -> float:
        """Return the seconds that may still be waited, at most some."""
        left = min(most, self.deadline - time.monotonic())
        if left <= 0:
            raise httpcore2.ReadTimeout("the time for the whole page is over")
        return left


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer whose body has not been read yet."""

    status: int
    headers: httpx2.Headers
    body: Iterable[bytes]


@contextmanager
def asked(url: httpx2.URL, headers: dict[str, str], route: Route) -> Iterator[Answer]:
    """Send a GET request over a connection of its own.

    Raises:
        FetchError: the address must not be reached, or the server did not answer rightly; also
            while the body is read inside of the ``with`` block.
    """
    target = httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    sent = [(b"Host", url.netloc), *((k.encode(), v.encode()) for k, v in headers.items())]
    try:
        # the pool keeps nothing alive: a connection is never used for a second address
        with (
            httpcore2.ConnectionPool(
                ssl_context=route.tls, network_backend=_CheckedBackend(route)
            ) as pool,
            pool.stream("GET", target, headers=sent) as response,
        ):
            read = httpx2.Headers(response.headers)
            yield Answer(response.status, read, response.iter_stream())
    except httpcore2.TimeoutException as error:
        raise FetchError(f"{_short(url)} took too long ({error}): try again later") from error
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.UnsupportedProtocol,
    ) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise FetchError(f"{_short(url)} could not be read ({reason}): try again later") from error


def _short(url: httpx2.URL) -> str:
    return str(url)[:200]


class _CheckedBackend(httpcore2.NetworkBackend):
    """Connects to the addresses that were checked, and looks nothing up a second time."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers; TLS and ``Host`` keep the name."""
        route = self._route
        addresses = checked_addresses(host, port, resolve=route.resolve, private=route.private)
        failure: Exception | None = None
        for address in addresses[:MOST_ADDRESSES]:
            try:
                seconds = route.left(route.connect_seconds)
                stream = self._plain.connect_tcp(address, port, timeout=seconds)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = failure or error
            else:
                return _TimedStream(stream, route)
        raise failure or httpcore2.ConnectError(f"{host} has no address")


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which no single wait, nor all of them together, lasts too long."""

    def __init__(self, stream: httpcore2.NetworkStream, route: Route) -> None:
        self._stream = stream
        self._route = route

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._route.left(self._route.read_seconds))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._route.left(self._route.read_seconds))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = self._route.left(self._route.connect_seconds)
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, seconds), self._route
        )

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
