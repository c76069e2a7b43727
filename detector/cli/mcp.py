"""``detector mcp``: the tools for assistants."""

from __future__ import annotations

import click

from detector.cli.inputs import detector_for, encoder_named, fetcher_for
from detector.cli.options import ACCESS, SOURCES, options
from detector.errors import MissingPackage


@click.command()
@SOURCES
@click.option("--fetch", is_flag=True, help="Let the assistant have addresses fetched.")
@options(ACCESS)
def mcp(
    folder: str | None,
    sources: tuple[str, ...],
    encoder: str | None,
    fetch: bool,
    allow_private: bool,
    ignore_robots: bool,
) -> None:
    """Serve an assistant over standard input and output (MCP); it only reads.

    The tools are score_article, compare_articles and list_facts.

    \b
    Example:
      detector mcp --index sources.index
    """
    try:
        from detector.integrations.mcp import Tools, server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "pydantic"}:
            raise
        raise MissingPackage(
            "'detector mcp' needs the package mcp: "
            "install it with pip install 'derivative-detector[mcp]'"
        ) from error
    fetcher = fetcher_for(
        sources, lists=fetch, allow_private=allow_private, ignore_robots=ignore_robots
    )
    known = None
    if folder or sources:
        known = detector_for(folder, sources, encoder, fetcher=fetcher)
    tools = Tools(known, encoder_named(encoder), fetcher if fetch else None)
    server(tools).run("stdio")
