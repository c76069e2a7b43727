"""Claims about the shipped models: they are what the manifest says, or they are refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from math import exp, nan
from pathlib import Path

import numpy as np
import pytest

from detector.encoders.static import StaticEncoder
from detector.errors import ModelError
from detector.evidence.fabrication import load_weights
from detector.evidence.reuse import SIGNALS
from detector.mainblocks import FILE as EXTRACTION_FILE
from detector.mainblocks import load_main_trees
from detector.models import (
    DERIVATION_FILE,
    KINSHIP_FILE,
    RARITY_FILE,
    RELATION_FILE,
    BoostedTrees,
    Softmax,
    load_models,
    load_rarity,
)
from detector.shipped import model_folder, model_hash, read_model

# What the shipped models were trained on: one test alone compares it with this version's signals.
TRAINED = tuple(json.loads(read_model(DERIVATION_FILE))["signals"])
LOADERS: dict[str, Callable[[Path], object]] = {
    DERIVATION_FILE: lambda folder: load_models(TRAINED, folder),
    RELATION_FILE: lambda folder: load_models(TRAINED, folder),
    KINSHIP_FILE: lambda folder: load_models(TRAINED, folder),
    RARITY_FILE: load_rarity,
    EXTRACTION_FILE: load_main_trees,
}
# Two stumps: the first asks for signal 0, the second for signal 1.
STUMPS = BoostedTrees(
    signals=("shared", "lag"),
    baseline=-1.0,
    slope=2.0,
    intercept=0.5,
    roots=np.array([0, 3]),
    feature=np.array([0, 0, 0, 1, 1, 1]),
    threshold=np.array([0.5, 0, 0, 10.0, 0, 0]),
    missing_left=np.array([True, False, False, False, False, False]),
    left=np.array([1, 1, 2, 4, 4, 5]),
    right=np.array([2, 1, 2, 5, 4, 5]),
    value=np.array([0.25, -1.0, 1.5, 0.0, 0.75, -0.75]),
    depth=1,
)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder(), tmp_path / "models"))


def change_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def rewrite(folder: Path, name: str, **changes: object) -> None:
    """Change fields of a JSON model and list the new hash, as a newly trained one would be."""
    parsed = json.loads((folder / name).read_text(encoding="utf8")) | changes
    (folder / name).write_text(json.dumps(parsed), encoding="utf8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
    manifest[name] = sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf8")


def test_every_listed_model_is_the_one_that_was_listed() -> None:
    manifest = json.loads((model_folder() / "manifest.json").read_text(encoding="utf8"))
    assert {*LOADERS} < {*manifest}
    for name, listed in manifest.items():
        assert sha256(read_model(name)).hexdigest() == listed
        assert model_hash(name) == f"sha256:{listed[:16]}"


def test_every_model_file_is_listed_and_plain_data() -> None:
    folder = model_folder()
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    models = {name for name in files if not name.endswith((".md", ".svg"))} - {"manifest.json"}
    assert models == set(json.loads((folder / "manifest.json").read_text(encoding="utf8")))
    assert {Path(name).suffix for name in models} == {".json", ".safetensors"}


def test_the_shipped_models_load_for_the_signals_of_this_version(copied: Path) -> None:
    models = load_models(SIGNALS)
    for model in (models.derivation, models.relation, models.kinship):
        assert model.signals == tuple(SIGNALS)
    assert models.hashes == {
        "derivation": model_hash(DERIVATION_FILE),
        "relation": model_hash(RELATION_FILE),
        "kinship": model_hash(KINSHIP_FILE),
    }
    assert load_models(SIGNALS, copied).hashes == models.hashes


def test_the_rarity_table_is_sorted() -> None:
    rarity = load_rarity()
    assert (np.diff(rarity.known.astype(np.int64)) > 0).all()
    assert len(rarity.known) == len(rarity.values)
    assert 0 <= rarity.values.min() <= rarity.values.max() <= rarity.unknown + 1e-3


@pytest.mark.parametrize("name", LOADERS)
def test_a_model_with_a_changed_byte_is_refused(copied: Path, name: str) -> None:
    change_a_byte(copied / name)
    with pytest.raises(
        ModelError, match=rf"{name} has SHA-256 \w+…, the manifest says \w+…: restore the file"
    ):
        LOADERS[name](copied)


@pytest.mark.parametrize("name", LOADERS)
def test_a_missing_model_is_refused(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelError, match=f"holds no model {name}: install the package again"):
        LOADERS[name](copied)


def test_a_changed_encoder_is_refused(copied: Path) -> None:
    change_a_byte(copied / "static-encoder" / "table.safetensors")
    with pytest.raises(ModelError, match=r"table\.safetensors has SHA-256"):
        StaticEncoder(read_model("static-encoder/table.safetensors", copied), b"")


def test_a_file_that_is_not_listed_is_no_model(copied: Path) -> None:
    (copied / "other.json").write_text("{}", encoding="utf8")
    with pytest.raises(ModelError, match=r"holds no model other\.json"):
        read_model("other.json", copied)


@pytest.mark.parametrize(
    "signals", [TRAINED[1:], TRAINED[::-1], (*TRAINED, "another"), ()], ids=len
)
def test_models_for_other_signals_are_refused(signals: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match="was trained for other signals than this version"):
        load_models(signals)


def test_trees_of_another_schema_find_no_text(copied: Path) -> None:
    rewrite(copied, EXTRACTION_FILE, schema=99)
    with pytest.raises(ModelError, match=r"train it with scripts/train_extraction\.py"):
        load_main_trees(copied)


@pytest.mark.parametrize("name", [DERIVATION_FILE, RELATION_FILE, KINSHIP_FILE])
def test_a_model_of_another_schema_or_for_other_signals_is_refused(copied: Path, name: str) -> None:
    rewrite(copied, name, schema=99)
    with pytest.raises(ModelError, match="train it again with scripts/train_derivation"):
        load_models(TRAINED, copied)
    rewrite(copied, name, schema=1, signals=[*TRAINED[1:], "another"])
    with pytest.raises(ModelError, match="train it again with scripts/train_derivation"):
        load_models(TRAINED, copied)
    rewrite(copied, name, signals=list(TRAINED))
    assert load_models(TRAINED, copied).derivation.signals == tuple(TRAINED)


@pytest.mark.parametrize(
    ("values", "moved"),
    [
        ([0.5, 10.0], [-1.25, 0.75]),
        ([0.6, 10.5], [1.25, -0.75]),
        ([nan, nan], [-1.25, -0.75]),
    ],
)
def test_each_step_down_a_tree_credits_its_signal(values: list[float], moved: list[float]) -> None:
    assert STUMPS.contributions(np.array(values)).tolist() == moved
    log_odds = -1.0 + 0.25 + sum(moved)
    expected = 1 / (1 + exp(-(2.0 * log_odds + 0.5)))
    assert STUMPS.probability(np.array(values)) == pytest.approx(expected, rel=1e-12)


def test_the_shipped_trees_end_in_leaves() -> None:
    trees = load_models(TRAINED).derivation
    nodes = trees.roots
    for _ in range(trees.depth):
        nodes = np.unique(np.concatenate([trees.left[nodes], trees.right[nodes]]))
    assert (trees.left[nodes] == nodes).all()
    assert (trees.right[nodes] == nodes).all()


def test_small_trees_gone_through_by_nodes_add_what_they_add_by_steps() -> None:
    weights = load_weights()
    random = np.random.default_rng(7)
    for trees in (STUMPS, *weights.trees.values(), *weights.placed.values(), weights.reread):
        assert trees._are_small
        rows = random.choice([*trees.threshold[:200], 0.0, 1.0], (40, len(trees.signals)))
        rows[20:][random.random(rows[20:].shape) < 0.2] = nan
        for some in (rows, rows[:20], rows[:1], rows[:0]):
            assert trees._by_nodes(some).tolist() == trees._by_steps(some).tolist()


def test_contributions_lead_from_the_average_to_the_log_odds() -> None:
    trees = load_models(TRAINED).derivation
    random = np.random.default_rng(5)
    for values in random.normal(0.5, 1, (50, len(TRAINED))):
        values[random.random(len(TRAINED)) < 0.2] = nan
        start = trees.baseline + trees.value[trees.roots].sum()
        log_odds = start + trees.contributions(values).sum()
        expected = 1 / (1 + exp(-(trees.slope * log_odds + trees.intercept)))
        assert trees.probability(values) == pytest.approx(expected, rel=1e-9)


def test_the_linear_model_chooses_among_its_classes() -> None:
    model = Softmax(
        signals=("a", "b"),
        classes=("copy", "rewrite"),
        mean=np.array([1.0, 0.0]),
        scale=np.array([2.0, 1.0]),
        weights=np.array([[1.0, 0.0], [0.0, 1.0]]),
        bias=np.array([0.0, 0.5]),
    )
    odds = exp(1.0), exp(2.5)
    expected = {"copy": odds[0] / sum(odds), "rewrite": odds[1] / sum(odds)}
    assert model.scores(np.array([3.0, 2.0])) == pytest.approx(expected)


def test_a_missing_signal_counts_as_average() -> None:
    model = load_models(TRAINED).relation
    assert model.scores(np.full(len(TRAINED), nan)) == pytest.approx(model.scores(model.mean))
    assert sum(model.scores(model.mean).values()) == pytest.approx(1)
