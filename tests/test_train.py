"""Rebuilding the models: in one command, to the same bytes, from a checkout only."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sys
import tarfile
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest

from detector.cli.train import NAMES
from detector.errors import ModelError
from detector.models import load_rarity
from detector.shipped import model_folder
from detector.training import (
    CRAWL,
    HTML,
    STAGES,
    Rebuilt,
    Stage,
    check,
    checkout,
    put,
    stages_of,
)
from tests.conftest import FIXTURES, ROOT, Shell

SCRIPTED = [(s, c) for s in STAGES for c in s.commands if c[0].startswith("scripts/")]


def records(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text("utf8").splitlines()]


def write(path: Path, found: Iterable[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf8") as file:
        file.writelines(json.dumps(record) + "\n" for record in found)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small folder of data: the fixtures in the place of the crawl and of the rewrites."""
    folder = tmp_path_factory.mktemp("shared")
    data, originals, made = folder / "data", records("sources.jsonl"), records("labelled.jsonl")
    write(folder / CRAWL, [r | {"site": f"site{n}.example"} for n, r in enumerate(made)])
    spun = [r for r in made if r["relation"] in {"spun", "rewrite"}][:12]
    for name in ("llm_rewrites", "xsum_attacks"):
        write(data / "derivation" / f"{name}_sources.jsonl.gz", originals)
        method = {"spun": "perturbation_word_human", "rewrite": "rewrite"}
        rows = [{**r, "source_id": r["sources"][0], "method": method[r["relation"]]} for r in spun]  # type: ignore[index]
        write(data / "derivation" / f"{name}.jsonl.gz", rows)
    honest = [r | {"event": r["id"]} for r in originals]
    write(data / "same_event" / "triples.jsonl.gz", honest)
    archive(folder / HTML, originals)
    return folder


def archive(path: Path, found: Iterable[dict[str, object]]) -> None:
    """Write an archive of pages as the benchmark of extraction has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for record in found:
            known = {
                "url": f"https://{record['id']}.example/",
                "ground_truth": {"main_content": record["text"]},
            }
            page = f"<html><body><article><p>{record['text']}</p></article></body></html>"
            for name, content in (
                (f"dev/html/{record['id']}.html.gz", gzip.compress(page.encode(), mtime=0)),
                (f"dev/ground-truth/{record['id']}.json", json.dumps(known).encode()),
            ):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))


def test_every_shipped_model_is_made_by_one_stage() -> None:
    made = [name for stage in STAGES for name in stage.makes if not name.endswith(".svg")]
    listed = json.loads((model_folder() / "manifest.json").read_text("utf8"))
    assert sorted(made) == sorted(listed)


def test_the_command_knows_every_stage() -> None:
    assert list(NAMES.choices) == [stage.name for stage in STAGES]


@pytest.mark.parametrize(("stage", "command"), SCRIPTED, ids=[c[0] for _, c in SCRIPTED])
def test_every_script_takes_what_its_stage_gives_it(
    stage: Stage, command: tuple[str, ...], tmp_path: Path
) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    places = {name: tmp_path / name for name in ("shared", "models", "work")}
    for place in places.values():
        place.mkdir()
    if stage.reads:
        (places["work"] / stage.reads).touch()
    for path in stage.data:
        (places["shared"] / path).parent.mkdir(parents=True, exist_ok=True)
        (places["shared"] / path).touch()
    script, *arguments = (part.format_map(places) for part in command)
    context = import_module(Path(script).stem).main.make_context(script, arguments)
    assert context.params


def test_what_a_stage_reads_is_made_before_it() -> None:
    assert [s.name for s in stages_of(["derivation"], [], None)] == ["pairs", "derivation"]
    left = [stage.leaves for stage in STAGES if stage.leaves]
    assert {stage.reads for stage in STAGES if stage.reads} <= set(left)


def test_a_folder_that_keeps_what_passes_saves_making_it_again(tmp_path: Path) -> None:
    (tmp_path / "signals.jsonl").touch()
    assert [s.name for s in stages_of(["derivation"], [], tmp_path)] == ["derivation"]
    assert "style" not in [s.name for s in stages_of([], ["style"], tmp_path)]


def test_missing_data_is_told_before_anything_begins(shell: Shell, tmp_path: Path) -> None:
    done = shell("-m", "detector", "train", tmp_path, "--only", "plugs", "--into", tmp_path / "m")
    missing = tmp_path / CRAWL
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.decode() == (
        f"detector: plugs is made of {missing}, which is not there: name the folder that holds "
        "it, or --keep plugs as it is\n"
    )
    assert not (tmp_path / "m").exists()


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    stage = Stage("plugs", (), (), (), packages=("no_such_package",))
    with pytest.raises(ModelError, match="the package no_such_package, which is not installed"):
        check([stage], tmp_path)


def test_an_installed_package_says_that_training_takes_a_checkout(
    shell: Shell, tmp_path: Path
) -> None:
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "detector", tmp_path / "detector", ignore=leave)
    done = shell("-P", "-m", "detector", "train", tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.decode() == (
        f"detector: {tmp_path} holds no scripts to train with, only the installed package: clone "
        "the project, install it there with pip install -e '.[train,transformer]', "
        "and train from the clone\n"
    )


def test_the_same_data_give_the_same_bytes(shell: Shell, shared: Path, tmp_path: Path) -> None:
    chosen = ("--only", "rarity", "--only", "style")
    before = {path: path.read_bytes() for path in (ROOT / "models").glob("*.*")}
    for name, seed in (("one", "1"), ("other", "2")):
        into = tmp_path / name
        done = shell(
            "-m", "detector", "train", shared, *chosen, "--into", into, PYTHONHASHSEED=seed
        )
        assert done.returncode == 0, done.stderr.decode()
        assert b"substituted: AUC" in done.stdout
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).glob("*.*")}
        for name in ("one", "other")
    )
    assert one == other
    shipped = {name: (checkout() / "models" / name).read_bytes() for name in one}
    changed = {name for name in one if one[name] != shipped[name]}
    assert changed == {
        "term-rarity.safetensors", "style.json", "collocations.safetensors", "manifest.json",
    }  # fmt: skip
    assert len(load_rarity(tmp_path / "one").known) < len(load_rarity().known)
    assert {path: path.read_bytes() for path in before} == before


def test_a_card_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    trained, into = tmp_path / "trained", tmp_path / "into"
    for folder in (trained, into):
        folder.mkdir()
        for name in ("README.md", "risk.json"):
            (folder / name).write_text(folder.name, encoding="utf8")
    assert list(put(trained, into)) == [Rebuilt("risk.json", is_new=True)]
    assert (into / "README.md").read_text(encoding="utf8") == "into"
    (into / "README.md").unlink()
    assert Rebuilt("README.md", is_new=True) in list(put(trained, into))


def test_a_script_that_fails_changes_no_model(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / CRAWL).parent.mkdir(parents=True)
    (tmp_path / CRAWL).write_bytes(b"no gzip")
    done = shell("-m", "detector", "train", tmp_path, "--only", "rarity", "--into", tmp_path / "m")
    assert done.returncode == 3
    assert done.stderr.decode().splitlines()[-1] == (
        "detector: rarity was not made: scripts/count_rarity.py ended with status 1, see above; "
        "no model was changed"
    )
    assert not (tmp_path / "m").exists()
