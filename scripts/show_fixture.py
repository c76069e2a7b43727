"""Print one fixture article as a JSON record, for the demo and the README.

python scripts/show_fixture.py ports-d2 > suspect.json
"""

from __future__ import annotations

import json
from pathlib import Path

import click

FIXTURES = Path(__file__).parent.parent / "fixtures"
SHOWN = ("id", "title", "url", "site", "published", "text")


@click.command()
@click.argument("name")
def main(name: str) -> None:
    """Print the article NAME without its labels."""
    for file in ("labelled.jsonl", "sources.jsonl"):
        for line in (FIXTURES / file).read_text(encoding="utf8").splitlines():
            record = json.loads(line)
            if record["id"] == name:
                click.echo(json.dumps({key: record[key] for key in SHOWN}, ensure_ascii=False))
                return
    raise click.ClickException(f"no fixture is called {name!r}")


if __name__ == "__main__":
    main()
