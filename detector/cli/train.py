"""``detector train``: every model again, from the data."""

from __future__ import annotations

import os
import tempfile
from contextlib import nullcontext
from pathlib import Path

import click

# The stages of ``detector.training``, which is only loaded when it is used.
NAMES = click.Choice(
    "encoder rarity gazetteer names pairs derivation entailment fabrication "
    "plugs extraction style risk".split()
)


@click.command()
@click.argument("shared", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the models; by default that of the checkout.",
)
@click.option("--only", multiple=True, type=NAMES, help="Make only these; repeatable.")
@click.option("--keep", multiple=True, type=NAMES, help="Keep these as they are; repeatable.")
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps what passes between stages, for the next run to go on with.",
)
def train(
    shared: Path, into: Path | None, only: tuple[str, ...], keep: tuple[str, ...], work: Path | None
) -> None:
    """Rebuild the models from the data in SHARED, the folder with data/ in it.

    Works from a checkout, with the extra `train` installed. Prints what the cards in
    models/README.md quote. The same data and packages give the same bytes.

    \b
    Examples:
      detector train ../shared
      detector train ../shared --only plugs --only style --into new-models
    """
    from detector.training import check, checkout, put, stages_of
    from detector.training import train as run

    root = checkout()
    stages = stages_of(only, keep, work)
    check(stages, shared)
    if work:
        work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() if work is None else nullcontext(str(work)) as folder:
        models = run(stages, shared, Path(folder), environment=os.environ, say=_say)
        for rebuilt in put(models, into or root / "models"):
            if rebuilt.is_new:
                _say(f"new: {rebuilt.name}")


def _say(line: str) -> None:
    click.echo(line, err=True)
