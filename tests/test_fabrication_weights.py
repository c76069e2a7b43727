"""Claims about the shipped weights of invented details."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from detector.errors import ModelError
from detector.evidence.fabrication.weights import FILE, SIGNALS, Line, load_weights
from detector.shipped import model_folder


def test_a_line_is_a_logistic_sum() -> None:
    line = Line(weights=(2.0, -1.0), bias=0.5)
    assert line.probability((0.0, 0.5)) == 0.5
    assert line.probability((1.0, 0.0)) == pytest.approx(0.9241, abs=1e-4)


def test_every_kind_of_the_contract_is_weighed() -> None:
    kinds = set("dateline date place number person org quote claim".split())
    weights = load_weights()
    assert set(SIGNALS) == kinds
    assert {*weights.lines, *weights.trees} == kinds
    assert not {*weights.lines} & {*weights.trees}
    for kind, line in weights.lines.items():
        assert len(line.weights) == len(SIGNALS[kind])
    for kind, trees in weights.trees.items():
        assert trees.signals == SIGNALS[kind]
    for kind in kinds:
        assert 0 < weights.threshold(kind) < 1
    assert weights.hash.startswith("sha256:")


def test_a_name_that_the_source_has_nearby_is_never_more_suspicious() -> None:
    for kind in ("place", "person", "org"):
        line = load_weights().lines[kind]
        by_name = dict(zip(SIGNALS[kind], line.weights, strict=True))
        assert by_name["found"] < 0
        assert by_name["match"] < 0
        assert by_name["missing_beside"] > 0


def test_weights_for_other_signals_are_refused(tmp_path: Path) -> None:
    shipped = json.loads((model_folder() / FILE).read_text(encoding="utf8"))
    shipped["kinds"]["claim"]["signals"][0] = "another"
    content = json.dumps(shipped).encode()
    (tmp_path / FILE).write_bytes(content)
    listed = {FILE: sha256(content).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps(listed), encoding="utf8")
    with pytest.raises(ModelError, match=r"fabrication\.json was trained for other signals"):
        load_weights(tmp_path)


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    for name in (FILE, "manifest.json"):
        shutil.copy(model_folder() / name, tmp_path / name)
    with (tmp_path / FILE).open("a", encoding="utf8") as file:
        file.write(" ")
    with pytest.raises(ModelError, match="the manifest says"):
        load_weights(tmp_path)
