"""Runs the application until it is told to end."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from detector.errors import BadInput
from detector.web.app import LARGEST_REQUEST, LOOPBACK, application
from detector.web.desk import Desk
from detector.web.guard import Access

# Connections beyond these are told to come again, so that memory stays bounded.
MOST_CONNECTIONS = 400
SECONDS_TO_END = 3
KEPT_OPEN_SECONDS = 15


def run(
    desk: Desk, *, host: str, port: int, token: str | None, local: bool, say: Callable[[str], None]
) -> None:
    """Serve until interrupted.

    Args:
        desk: examines; closed at the end.
        host: address to listen on.
        port: to listen on; 0 takes a free one.
        token: what visitors must know; None for nothing.
        local: whether only this machine reaches the address.
        say: is given the address once the server listens.

    Raises:
        BadInput: the address cannot be listened on.
    """
    access = Access(token, hosts=LOOPBACK if local else None, largest=LARGEST_REQUEST)
    config = uvicorn.Config(
        application(desk, access),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEPT_OPEN_SECONDS,
        timeout_graceful_shutdown=SECONDS_TO_END,
        lifespan="off",
    )
    with _listening(host, port) as listening:
        shown = f"[{host}]" if ":" in host else host
        say(f"http://{shown}:{listening.getsockname()[1]}/")
        try:
            uvicorn.Server(config).run([listening])
        finally:
            desk.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        (family, kind, protocol, _, address) = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(256)
    except (OSError, OverflowError) as error:
        raise BadInput(
            f"{host} port {port} cannot be listened on ({error}): choose another with --port"
        ) from error
    return listening
