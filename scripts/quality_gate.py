"""The quality gate: the fixtures' figures may not fall below fixtures/floors.json.

    python scripts/quality_gate.py              check, exit status 1 below a floor
    python scripts/quality_gate.py --raise      write better figures into floors.json
    python scripts/quality_gate.py --lower      write the figures as they are, also worse ones

The models are trained on the fixtures among others, so this guards against falling back; it does
not say how good the detector is. scripts/benchmarks does.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from detector.index import Index
from detector.pipeline import Detector
from detector.readers import read_articles
from detector.report import Report

FIXTURES = Path(__file__).parent.parent / "fixtures"
DERIVED = {"copy", "spun", "rewrite", "summary", "mosaic", "headline-only"}
CREDITED = {"credited", "linked", "licensed"}


def records(name: str) -> list[dict]:
    return [json.loads(line) for line in (FIXTURES / name).read_text("utf8").splitlines()]


def examine_fixtures() -> list[tuple[dict, Report]]:
    index = Index.in_memory()
    index.add(read_articles([FIXTURES / "sources.jsonl"]))
    detector = Detector(index)
    articles = read_articles([FIXTURES / "labelled.jsonl"])
    return [
        (record, detector.examine(article))
        for record, article in zip(records("labelled.jsonl"), articles, strict=True)
    ]


def share(right: list[bool]) -> float:
    return round(sum(right) / len(right), 4)


def figures(results: list[tuple[dict, Report]]) -> dict[str, float]:
    """Return every figure as a share of right answers, so that more is always better."""
    derived = [(r, report) for r, report in results if r["relation"] in DERIVED]
    honest = [report for r, report in results if r["relation"] not in DERIVED]
    return {
        "source_first": share(
            [
                bool(p.verdict.sources) and p.verdict.sources[0].source.id in r["sources"]
                for r, p in derived
            ]
        ),
        "every_source_of_a_mosaic": share(
            [
                {s.source.id for s in p.verdict.sources} == set(r["sources"])
                for r, p in derived
                if r["relation"] == "mosaic"
            ]
        ),
        "derivatives_found": share(
            [p.verdict.label in {"derivative", "republication"} for _, p in derived]
        ),
        "relation_right": share([p.verdict.relation == r["relation"] for r, p in derived]),
        "honest_not_accused": share([not p.is_flagged for p in honest]),
        "credit_right": share(
            [(p.credit.status in CREDITED) == r["attributed"] for r, p in derived]
        ),
    }


@click.command()
@click.option("--raise", "up", is_flag=True, help="Write better figures into floors.json.")
@click.option("--lower", "down", is_flag=True, help="Write the figures as they are.")
def main(up: bool, down: bool) -> None:
    """Check the fixtures' figures against their floors."""
    floors_file = FIXTURES / "floors.json"
    floors = json.loads(floors_file.read_text("utf8")) if floors_file.exists() else {}
    results = examine_fixtures()
    found = figures(results)
    for record, report in results:
        if record["relation"] in DERIVED and report.verdict.relation != record["relation"]:
            verdict = report.verdict
            click.echo(
                f"  {record['id']} {record['relation']}: {verdict.label} {verdict.relation} "
                f"{verdict.probability:.2f}"
            )
    for name, value in found.items():
        click.echo(f"{name:26} {value:.4f}  floor {floors.get(name, 0):.4f}")
    if up or down:
        kept = found if down else {n: max(v, floors.get(n, 0)) for n, v in found.items()}
        floors_file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf8")
    elif any(value < floors.get(name, 0) for name, value in found.items()):
        raise click.ClickException("a figure fell below its floor: see above")


if __name__ == "__main__":
    main()
