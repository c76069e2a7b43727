"""``detector doctor``: what is installed and whether it works."""

from __future__ import annotations

import time

import click

from detector.version import __version__

# Enough sentences that the grain of the clock does not matter.
TRIAL_SENTENCES = 2_000
EXTRAS = (
    ("sentence_transformers", "--encoder"),
    ("pyarrow", "Parquet"),
    ("fastwarc", "WARC and WACZ"),
    ("mcp", "detector mcp"),
    ("fastapi", "detector serve"),
    ("scrapy", "the item pipeline"),
    ("pyspark", "Spark"),
    ("numba", "scans of many articles"),
)


@click.command()
def doctor() -> None:
    """Say what is installed, which models load, and how fast they are.

    \b
    Example:
      detector doctor
    """
    import platform
    import sqlite3
    from importlib import metadata, util

    from detector.models import load_rarity
    from detector.pipeline import Detector

    click.echo(f"detector  {__version__} on Python {platform.python_version()}")
    click.echo(f"SQLite    {sqlite3.sqlite_version}")
    for package in ("numpy", "trafilatura", "tokenizers", "rapidfuzz"):
        click.echo(f"{package:12} {metadata.version(package)}")
    for package, use in EXTRAS:
        state = "installed" if util.find_spec(package) else f"not installed (for {use})"
        click.echo(f"{package:22} {state}")
    detector = Detector.from_sources([])
    for name, digest in detector.provenance.models.items():
        click.echo(f"model {name:12} {digest}")
    click.echo(f"model terms        {len(load_rarity().known):,} terms")
    encoder = detector.index.encoder
    start = time.perf_counter()
    encoder.encode(["The council voted on Tuesday to close the old bridge."] * TRIAL_SENTENCES)
    speed = TRIAL_SENTENCES / (time.perf_counter() - start)
    click.echo(f"encoder {encoder.name}: {speed:,.0f} sentences a second")
