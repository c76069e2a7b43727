"""``detector serve``: the local web page."""

from __future__ import annotations

import secrets
import signal
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

import click

from detector.cli.inputs import detector_for, encoder_named
from detector.cli.options import ENCODER, options
from detector.errors import BadInput, MissingPackage

if TYPE_CHECKING:
    from detector.pipeline import Detector

_NEEDED = {"fastapi", "starlette", "uvicorn", "jinja2", "pydantic", "python_multipart"}


@click.command()
@click.option(
    "--index", "folders", multiple=True, metavar="DIR", help="Source index; several are a choice."
)
@click.option("--sources", multiple=True, metavar="INPUT", help="Sources to hold in memory.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65_535))
@click.option(
    "--token",
    envvar="DETECTOR_TOKEN",
    help="What visitors must know; made and shown where others can reach the server.",
)
@click.option("--no-fetch", is_flag=True, help="Fetch no address that a visitor gives.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@options(ENCODER)
def serve(
    folders: tuple[str, ...],
    sources: tuple[str, ...],
    host: str,
    port: int,
    token: str | None,
    no_fetch: bool,
    workers: int,
    encoder: str | None,
) -> None:
    """Serve a page where articles are handed in and reports are read, and an API at /api.

    It listens on this machine alone; elsewhere (--host) it asks every visitor for a token.
    Addresses that visitors give are fetched from the public internet only.

    \b
    Examples:
      detector serve --index sources.index
      detector serve --index a.index --index b.index --host 0.0.0.0
    """
    try:
        from detector.web.server import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise MissingPackage(
            "'detector serve' needs the packages fastapi and uvicorn: "
            "install them with pip install 'derivative-detector[web]'"
        ) from error
    from detector.web.guard import SHORTEST_TOKEN

    if token is not None and len(token) < SHORTEST_TOKEN:
        raise click.UsageError(f"--token needs {SHORTEST_TOKEN} characters or more")
    local = _is_loopback(host)
    if token is None and not local:
        token = secrets.token_urlsafe(SHORTEST_TOKEN)
        click.echo(f"detector: others can reach this server; its token is {token}", err=True)
    fetcher = None
    if not no_fetch:
        from detector.fetch import fetcher as public_fetcher

        fetcher = public_fetcher()
    from detector.web.desk import Desk

    signal.signal(signal.SIGTERM, _end)  # what was handed in is deleted then, too
    with TemporaryDirectory(prefix="detector-serve-") as folder:
        desk = Desk(
            _detectors(folders, sources, encoder),
            Path(folder),
            encoder=encoder_named(encoder),
            fetcher=fetcher,
            workers=workers,
        )
        run(desk, host=host, port=port, token=token, local=local, say=_say)


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def _say(address: str) -> None:
    click.echo(f"detector: open {address} (Ctrl+C ends it)", err=True)


def _detectors(
    folders: tuple[str, ...], sources: tuple[str, ...], encoder: str | None
) -> dict[str, Detector]:
    """Open each index under the name of its folder."""
    found: dict[str, Detector] = {}
    for folder in folders:
        name = Path(folder).resolve().name
        if name in found:
            raise BadInput(f"two indexes are named {name!r}: rename one of the folders")
        found[name] = detector_for(folder, (), encoder)
    if sources:
        found["sources in memory"] = detector_for(None, sources, encoder)
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
