"""``detector report``: results for people to look at."""

from __future__ import annotations

from pathlib import Path

import click

from detector.cli.outputs import refuse_overwriting, write_pieces


@click.command()
@click.argument("scan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page; standard output when absent.",
)
def report(scan: Path, output: Path | None) -> None:
    """Render what 'detector scan' or 'detector score --format json' wrote as one HTML file.

    The page needs no network. With reports made --with-text it shows article and source side by
    side; without, it lists the places alone.

    \b
    Example:
      detector scan crawl.jsonl.gz --index sources.index --with-text -o found.jsonl
      detector report found.jsonl -o report.html
    """
    from detector.render import page_of_file

    refuse_overwriting(output, scan)
    write_pieces(output, page_of_file(scan))
