"""Turn marked drafts into the fixture files: sources.jsonl and labelled.jsonl.

A draft is plain text: records that begin with ``=== source``, ``=== derivative`` or
``=== honest``, then ``name: value`` lines, an empty line and the article. Labels stand in
the text itself, as ``⟦date:unsupported|in 2019⟧`` or ``⟦plug:Example.com|Buy one.⟧``, so an
edit never leaves an offset behind.

    python scripts/make_fixtures.py drafts/*.txt --into fixtures
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click

KINDS = {"dateline", "date", "place", "number", "person", "org", "quote", "claim"}
VERDICTS = {"unsupported", "contradicted"}
RELATIONS = {"copy", "spun", "rewrite", "summary", "mosaic", "headline-only", "same-event", "none"}
NEEDED = {"id", "title", "site", "url", "published"}
MARK = re.compile(r"⟦([a-z]+):([^|⟦⟧]+)\|([^⟦⟧]+)⟧")


def records(text: str, origin: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield (role, header, marked text) for each record of one draft."""
    for part in re.split(r"^=== ", text, flags=re.M)[1:]:
        head, _, body = part.partition("\n\n")
        role, *lines = head.splitlines()
        header = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise click.ClickException(f"{origin}: header line without a colon: {line!r}")
            header[name.strip()] = value.strip()
        if header.get("attributed", "no") not in {"yes", "no"}:
            raise click.ClickException(f"{origin}: {header.get('id')}: attributed is yes or no")
        missing = NEEDED - header.keys()
        if missing:
            raise click.ClickException(f"{origin}: {header.get('id')} lacks {sorted(missing)}")
        yield role.strip(), header, body.strip()


def unmark(marked: str, name: str) -> tuple[str, list[dict], list[dict]]:
    """Return the clean text, its plugs and its fabrications, with offsets into that text."""
    clean, plugs, fabrications, last = "", [], [], 0
    for mark in MARK.finditer(marked):
        clean += marked[last : mark.start()]
        kind, value, text = mark.groups()
        span = {"start": len(clean), "end": len(clean) + len(text), "text": text}
        if kind == "plug":
            plugs.append(span | {"brand": value})
        elif kind in KINDS and value in VERDICTS:
            fabrications.append(span | {"kind": kind, "verdict": value})
        else:
            raise click.ClickException(f"{name}: no such label: {kind}:{value}")
        clean, last = clean + text, mark.end()
    clean += marked[last:]
    if "⟦" in clean or "⟧" in clean:
        raise click.ClickException(f"{name}: a mark is not closed, or stands inside another")
    return clean, plugs, fabrications


def names(value: str | None) -> list[str]:
    """Split a comma-separated header value."""
    return [name.strip() for name in (value or "").split(",") if name.strip()]


def labelled(header: dict[str, str], marked: str) -> dict:
    """Build one record of labelled.jsonl."""
    text, plugs, fabrications = unmark(marked, header["id"])
    if header.get("relation") not in RELATIONS:
        raise click.ClickException(f"{header['id']}: no such relation: {header.get('relation')}")
    return {
        "id": header["id"],
        "relation": header["relation"],
        "sources": names(header.get("sources")),
        "related": names(header.get("related")),
        "attributed": header.get("attributed") == "yes",
        "title": header["title"],
        "site": header["site"],
        "url": header["url"],
        "published": header["published"],
        "style": header.get("style", ""),
        "text": text,
        "plugs": plugs,
        "fabrications": fabrications,
    }


def check(sources: list[dict], derived: list[dict]) -> None:
    """Refuse duplicate ids and labels that point at no source."""
    known = {source["id"] for source in sources}
    ids = [record["id"] for record in sources + derived]
    doubled = {name for name in ids if ids.count(name) > 1}
    if doubled:
        raise click.ClickException(f"ids used twice: {sorted(doubled)}")
    for record in derived:
        lost = set(record["sources"] + record["related"]) - known
        if lost:
            raise click.ClickException(f"{record['id']} points at unknown sources {sorted(lost)}")
        if bool(record["sources"]) == (record["relation"] in {"same-event", "none"}):
            raise click.ClickException(f"{record['id']}: sources do not fit {record['relation']}")


@click.command()
@click.argument("drafts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--into", default="fixtures", type=click.Path(file_okay=False, path_type=Path))
def main(drafts: tuple[Path, ...], into: Path) -> None:
    """Write INTO/sources.jsonl and INTO/labelled.jsonl from DRAFTS."""
    sources, derived = [], []
    for draft in drafts:
        for role, header, body in records(draft.read_text(encoding="utf8"), draft.name):
            if role == "source":
                sources.append(header | {"text": unmark(body, header["id"])[0]})
            else:
                derived.append(labelled(header, body))
    check(sources, derived)
    into.mkdir(parents=True, exist_ok=True)
    for name, items in (("sources", sources), ("labelled", derived)):
        lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
        (into / f"{name}.jsonl").write_text(lines, encoding="utf8")
    click.echo(f"{len(sources)} sources, {len(derived)} labelled articles in {into}", err=True)


if __name__ == "__main__":
    main()
