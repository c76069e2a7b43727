"""Claims about the quality gate: floors hold figures up, and fall only when told to."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import FIXTURES

ROOT = FIXTURES.parent
FIGURES = [
    "source_first",
    "every_source_of_a_mosaic",
    "derivatives_found",
    "relation_right",
    "honest_not_accused",
    "credit_right",
    "retold_found",
    "retold_honest_not_accused",
]
# The last is labelled wrongly on purpose: three of the four relations are right.
TRIAL = {"eel-d1": "copy", "bridge-d4": "mosaic", "eel-d2": None, "vote-d1": "rewrite"}

Gate = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of fixtures small enough to be examined often, without floors."""
    lines = (FIXTURES / "labelled.jsonl").read_text(encoding="utf8").splitlines()
    chosen = [r for r in map(json.loads, lines) if r["id"] in TRIAL]
    relabelled = [{**r, "relation": TRIAL[r["id"]] or r["relation"]} for r in chosen]
    text = "".join(json.dumps(record) + "\n" for record in relabelled)
    for place in (tmp_path, tmp_path / "retold"):
        place.mkdir(exist_ok=True)
        (place / "labelled.jsonl").write_text(text, encoding="utf8")
        (place / "sources.jsonl").write_bytes((FIXTURES / "sources.jsonl").read_bytes())
    return tmp_path


@pytest.fixture
def gate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Return what runs the gate over those fixtures."""
    place = ROOT / "scripts" / "quality_gate.py"
    spec = importlib.util.spec_from_file_location("quality_gate", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FIXTURES", folder)
    return lambda *arguments: CliRunner().invoke(module.main, arguments)


def floors(folder: Path) -> dict[str, float]:
    return json.loads((folder / "floors.json").read_text(encoding="utf8"))


def test_floors_are_set_hold_and_fall_only_when_told_to(folder: Path, gate: Gate) -> None:
    assert gate("--raise").exit_code == 0
    found = floors(folder)
    assert list(found) == FIGURES
    assert (found["source_first"], found["relation_right"]) == (1.0, 0.75)
    assert gate().exit_code == 0
    raised = {**found, "relation_right": 0.8, "source_first": 0.9}
    (folder / "floors.json").write_text(json.dumps(raised), encoding="utf8")
    below = gate()
    assert below.exit_code == 1
    assert "relation_right             0.7500  floor 0.8000" in below.output
    assert floors(folder) == raised
    assert gate("--raise").exit_code == 0
    assert floors(folder) == {**found, "relation_right": 0.8}
    assert gate("--lower").exit_code == 0
    assert floors(folder) == found


def test_a_mistake_is_told_by_name(gate: Gate) -> None:
    assert "vote-d1, labelled rewrite: " in gate().output


def test_texts_that_nothing_is_learned_from_have_floors_of_their_own(
    folder: Path, gate: Gate
) -> None:
    unrelated = '{"id": "x", "relation": "copy", "sources": ["eel-s1"], "text": "Nothing of it."}'
    (folder / "retold" / "labelled.jsonl").write_text(unrelated, encoding="utf8")
    assert gate("--raise").exit_code == 0
    assert floors(folder)["retold_found"] == 0
    assert floors(folder)["derivatives_found"] > 0


def test_the_floors_of_the_fixtures_name_every_figure() -> None:
    assert list(floors(FIXTURES)) == FIGURES
