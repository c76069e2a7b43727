"""Write models/manifest.json: the SHA-256 of every model file.

python scripts/list_models.py
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import click

MODELS = Path(__file__).parent.parent / "models"
LISTED = {".json", ".safetensors"}


@click.command()
@click.option("--folder", default=MODELS, type=click.Path(exists=True, path_type=Path))
def main(folder: Path) -> None:
    """List the models of FOLDER."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in LISTED and path.name != "manifest.json"
    ]
    listed = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files
    }
    (folder / "manifest.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf8")
    click.echo(f"{len(listed)} models listed", err=True)


if __name__ == "__main__":
    main()
