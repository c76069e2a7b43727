"""``detector report``: results for people to look at."""

from __future__ import annotations

from pathlib import Path

import click

from detector.cli.outputs import refuse_overwriting, write_pieces
from detector.errors import BadInput


@click.command()
@click.argument("scan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page; standard output when absent.",
)
@click.option("--bundle", is_flag=True, help="Write a zip of texts, hashes, times, versions.")
def report(scan: Path, output: Path | None, bundle: bool) -> None:
    """Render what 'detector scan' or 'detector score --format json' wrote as one HTML file.

    The page needs no network. With reports made --with-text it shows article and source side by
    side; without, it lists the places alone.

    With --bundle it is a zip file with what a take-down request needs: the texts, the findings, the
    pages, and a manifest with hashes, times and versions.

    \b
    Examples:
      detector scan crawl.jsonl.gz --index sources.index --with-text -o found.jsonl
      detector report found.jsonl -o report.html
      detector report found.jsonl --bundle -o evidence.zip
    """
    from detector.render import page_of_file

    refuse_overwriting(output, scan)
    if bundle:
        _write_bundle(scan, output)
        return
    write_pieces(output, page_of_file(scan))


def _write_bundle(scan: Path, output: Path | None) -> None:
    from io import BytesIO

    from detector.render import write_bundle

    if output is None:
        raise click.UsageError("--bundle needs -o FILE.zip: a zip file is nothing to read here")
    made = BytesIO()  # nothing half-made is left behind
    count = write_bundle(scan, made)
    try:
        output.write_bytes(made.getvalue())
    except OSError as error:
        raise BadInput(
            f"{output} cannot be written ({error.strerror}): name another file with -o"
        ) from error
    click.echo(f"{count:,} article{'' if count == 1 else 's'} with evidence in {output}", err=True)
