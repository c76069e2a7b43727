"""What the documents say is run and compared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from detector.article import Article
from detector.candidates import find_candidates
from detector.evaluation import Labelled, answer, evaluation_text, measure, read_labelled
from detector.evidence.reuse import SIGNALS
from detector.models import load_models
from detector.pipeline import Detector
from detector.report import Report

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, flags=re.M | re.S)


def session(name: str) -> tuple[str, str]:
    """Return a command of the README and what it is said to print."""
    (found,) = (block for block in blocks("console") if block.startswith(f"$ detector {name} "))
    command, _, shown = found.partition("\n")
    return command, shown.rstrip("\n")


# The recipes need other packages and an index; tests/test_recipes.py runs them.
@pytest.mark.parametrize("block", [b for b in blocks("python") if not b.startswith("# ")])
def test_every_python_block_of_the_readme_runs(block: str) -> None:
    exec(compile(block, "README.md", "exec"), {})


def test_the_session_of_the_readme_is_what_the_command_prints(examiner: Detector) -> None:
    command, shown = session("score")
    assert command == "$ detector score out/suspect.json --index out/sources.index"
    lines = (ROOT / "fixtures" / "labelled.jsonl").read_text(encoding="utf8").splitlines()
    record = next(r for r in map(json.loads, lines) if r["id"] == "ports-d2")
    fields = {name: record[name] for name in ("id", "title", "url", "site", "published")}
    report = examiner.examine(Article.from_text(record["text"], **fields))
    assert report.text().startswith(shown)


def test_the_evaluation_of_the_readme_is_what_the_command_prints(
    examiner: Detector, examined: Callable[[str], Report]
) -> None:
    command, shown = session("evaluate")
    assert command == (
        "$ detector evaluate fixtures/labelled.jsonl --sources fixtures/sources.jsonl"
    )
    items = read_labelled(ROOT / "fixtures" / "labelled.jsonl")
    evaluation = measure(
        answer(item, examined(item.article.id), find_candidates(item.article, examiner.index))
        for item in items
        if isinstance(item, Labelled)
    )
    assert evaluation_text(evaluation, sources=len(examiner.index)).startswith(shown)


def test_every_file_the_readme_links_to_exists() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert linked
    assert [name for name in linked if not (ROOT / name).exists()] == []


def test_the_card_of_the_models_counts_its_signals_and_trees() -> None:
    card = (ROOT / "models" / "README.md").read_text(encoding="utf8")
    trees = load_models(SIGNALS).derivation
    assert f"{len(trees.roots)} trees of depth {trees.depth} over {len(SIGNALS)} signals" in card
