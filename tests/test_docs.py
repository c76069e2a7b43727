"""What the documents say is run and compared."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from detector.article import Article
from detector.evidence.reuse import SIGNALS
from detector.models import load_models
from detector.pipeline import Detector

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, flags=re.M | re.S)


@pytest.mark.parametrize("block", blocks("python"))
def test_every_python_block_of_the_readme_runs(block: str) -> None:
    exec(compile(block, "README.md", "exec"), {})


def test_the_session_of_the_readme_is_what_the_command_prints(examiner: Detector) -> None:
    (session,) = blocks("console")
    command, _, shown = session.partition("\n")
    assert command == "$ detector score out/suspect.json --index out/sources.index"
    lines = (ROOT / "fixtures" / "labelled.jsonl").read_text(encoding="utf8").splitlines()
    record = next(r for r in map(json.loads, lines) if r["id"] == "ports-d2")
    fields = {name: record[name] for name in ("id", "title", "url", "site", "published")}
    report = examiner.examine(Article.from_text(record["text"], **fields))
    assert report.text().startswith(shown.rstrip("\n"))


def test_every_file_the_readme_links_to_exists() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert linked
    assert [name for name in linked if not (ROOT / name).exists()] == []


def test_the_card_of_the_models_counts_its_signals_and_trees() -> None:
    card = (ROOT / "models" / "README.md").read_text(encoding="utf8")
    trees = load_models(SIGNALS).derivation
    assert f"{len(trees.roots)} trees of depth {trees.depth} over {len(SIGNALS)} signals" in card
