"""Count how rare each term is in news: models/term-rarity.safetensors.

    python scripts/count_rarity.py --text news.jsonl.gz --into models/term-rarity.safetensors

``--text`` is JSONL with a ``text`` field. Only hashes and counts are kept, no text.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import click
import numpy as np

from detector.terms import TermExtractor, count_rarity


@click.command()
@click.option("--text", "path", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--into", required=True, type=click.Path(path_type=Path))
def main(path: Path, into: Path) -> None:
    """Write the table."""
    from safetensors.numpy import save_file

    extractor = TermExtractor()
    with gzip.open(path, "rt", encoding="utf8") as lines:
        rarity = count_rarity(extractor.terms(json.loads(line)["text"]) for line in lines)
    save_file(
        {
            "terms": rarity.known,
            "idf": rarity.values.astype(np.float16),
            "unknown": np.array([rarity.unknown], np.float32),
        },
        into,
    )
    click.echo(f"{len(rarity.known)} terms, idf of an unknown one {rarity.unknown:.2f}", err=True)


if __name__ == "__main__":
    main()
