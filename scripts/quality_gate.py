"""The quality gate: the fixtures' figures may not fall below fixtures/floors.json.

    python scripts/quality_gate.py              check, exit status 1 below a floor
    python scripts/quality_gate.py --raise      write better figures into floors.json
    python scripts/quality_gate.py --lower      write the figures as they are, also worse ones

The models are trained on the fixtures among others, so this guards against falling back; it does
not say how good the detector is. Nothing is learned from fixtures/retold, the hardest texts.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from detector.evaluation import Evaluation, Labelled, Share, evaluate, read_labelled
from detector.pipeline import Detector
from detector.readers import read_articles

FIXTURES = Path(__file__).parent.parent / "fixtures"
RETOLD = "retold"


def evaluate_folder(folder: Path) -> Evaluation:
    detector = Detector.from_sources(read_articles([folder / "sources.jsonl"]))
    items = list(read_labelled(folder / "labelled.jsonl"))
    for item in items:
        if not isinstance(item, Labelled):
            raise click.ClickException(item.told())
    return evaluate(items, detector)


def figures(evaluation: Evaluation, retold: Evaluation) -> dict[str, float]:
    """Return every figure as a share of right answers, so that more is always better."""
    shares = {
        "source_first": evaluation.retrieval.named_first,
        "every_source_of_a_mosaic": evaluation.retrieval.mosaics_complete,
        "derivatives_found": evaluation.labels.found,
        "relation_right": evaluation.relations.derived_right,
        "honest_not_accused": not_accused(evaluation),
        "credit_right": evaluation.credit.right,
        "retold_found": retold.labels.found,
        "retold_honest_not_accused": not_accused(retold),
    }
    return {name: round(share.value or 0.0, 4) for name, share in shares.items()}


def not_accused(evaluation: Evaluation) -> Share:
    accused = evaluation.labels.accused
    return Share(accused.counted - accused.right, accused.counted)


@click.command()
@click.option("--raise", "up", is_flag=True, help="Write better figures into floors.json.")
@click.option("--lower", "down", is_flag=True, help="Write the figures as they are.")
def main(up: bool, down: bool) -> None:
    """Check the fixtures' figures against their floors."""
    floors_file = FIXTURES / "floors.json"
    floors = json.loads(floors_file.read_text("utf8")) if floors_file.exists() else {}
    evaluation, retold = evaluate_folder(FIXTURES), evaluate_folder(FIXTURES / RETOLD)
    found = figures(evaluation, retold)
    for mistake in evaluation.mistakes:
        click.echo(f"  {mistake.says}: {'; '.join(mistake.faults)}")
    for name, value in found.items():
        click.echo(f"{name:26} {value:.4f}  floor {floors.get(name, 0):.4f}")
    if up or down:
        kept = found if down else {n: max(v, floors.get(n, 0)) for n, v in found.items()}
        floors_file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf8")
    elif any(value < floors.get(name, 0) for name, value in found.items()):
        raise click.ClickException("a figure fell below its floor: see above")


if __name__ == "__main__":
    main()
