"""Claims about ``detector evaluate``: what it prints, what it refuses, what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import FIXTURES, Shell

from detector.cli import main
from detector.evaluation import read_labelled

SOURCES = FIXTURES / "sources.jsonl"
LABELLED = "eel-d1 bridge-d4 eel-h1 misc-h1".split()


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    result = CliRunner().invoke(main, ["evaluate", *map(str, arguments)])
    assert "Traceback" not in result.output
    return result


def records() -> list[dict[str, object]]:
    lines = (FIXTURES / "labelled.jsonl").read_text(encoding="utf8").splitlines()
    every = {record["id"]: record for record in map(json.loads, lines)}
    return [every[id] for id in LABELLED]


def written(file: Path, *labelled: dict[str, object]) -> Path:
    file.write_text("".join(json.dumps(record) + "\n" for record in labelled), encoding="utf8")
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of four of the fixtures."""
    return written(tmp_path_factory.mktemp("evaluate") / "labelled.jsonl", *records())


@pytest.fixture(scope="module")
def index(file: Path) -> Path:
    folder = file.parent / "sources.index"
    added = CliRunner().invoke(main, ["index", "add", str(SOURCES), "--index", str(folder)])
    assert added.exit_code == 0
    return folder


def test_the_text_says_how_right_the_reports_are(file: Path) -> None:
    result = run(file, "--sources", SOURCES)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "4 labelled articles against 19 sources: 2 derivatives, 2 honest"
    for expected in (
        "  the report names a true source first                       2 of 2   1.00  (0.34–1.00)",
        "  true sources among the 10 candidates                       3 of 3   1.00  (0.44–1.00)",
        "  honest articles called derivative (false alarms)           0 of 2   0.00  (0.00–0.66)",
        "    mosaic         mosaic 1",
        "False alarms (honest articles called derivative): none",
        "Other mistakes: none",
    ):
        assert expected in lines
    assert "not examined yet" not in result.stdout
    assert result.stderr.startswith("4 examined, ")
    assert result.stderr.endswith(" a second\n")


def test_the_json_is_the_same_in_every_process_and_holds_no_time(
    shell: Shell, file: Path, index: Path
) -> None:
    asked = ("-m", "detector", "evaluate", file, "--index", index, "--format", "json", "--quiet")
    one = shell(*asked, PYTHONHASHSEED="1")
    two = shell(*asked, "--workers", "2", PYTHONHASHSEED="2")
    assert (one.returncode, one.stderr) == (0, b"")
    assert one.stdout == two.stdout
    shown = json.loads(one.stdout)
    assert (shown["articles"], shown["derived"], shown["sources"]) == (4, 2, 19)
    assert shown["labels"]["found"]["right"] == 2
    assert shown["provenance"]["index"] == "sources.index"


def test_an_index_is_left_as_it_was(file: Path, index: Path) -> None:
    before = {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in index.iterdir()}
    assert run(file, "--index", index, "--quiet").exit_code == 0
    after = {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in index.iterdir()}
    assert after == before


def test_mistakes_are_listed_as_many_as_asked_for(tmp_path: Path) -> None:
    honest = [
        {**record, "relation": "none", "sources": []}
        for record in records()
        if record["id"] in {"eel-d1", "bridge-d4"}
    ]
    file = written(tmp_path / "wrong.jsonl", *honest)
    result = run(file, "--sources", SOURCES, "--errors", "1", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    place = lines.index("False alarms (honest articles called derivative): 2 (the first 1 shown)")
    assert ", labelled none: derivative, " in lines[place + 1]
    assert lines[place + 2 : place + 4] == ["    an honest article is called derivative", ""]


def test_every_bad_label_is_a_line_and_nothing_is_measured(tmp_path: Path) -> None:
    good, other, *_ = records()
    file = written(
        tmp_path / "bad.jsonl",
        {**good, "relation": "copied"},
        good,
        {**other, "plugs": [{"start": 0, "end": 1_000_000}]},
    )
    result = run(file, "--sources", SOURCES)
    assert (result.exit_code, result.stdout) == (3, "")
    first, second = result.stderr.splitlines()
    assert first == (
        f"detector: {file.as_posix()}:1: its relation is 'copied': expected one of copy, spun, "
        "rewrite, summary, mosaic, headline-only, same-event, none"
    )
    assert second.startswith(
        f"detector: {file.as_posix()}:3: plugs: found the place 0 to 1000000 in a text of "
    )


def test_a_source_that_is_not_there_is_a_line(tmp_path: Path, index: Path) -> None:
    good, other, *_ = records()
    file = written(tmp_path / "lost.jsonl", good, {**other, "sources": ["bridge-s1", "bridge-s9"]})
    result = run(file, "--index", index)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == (
        "detector: bridge-d4: its source 'bridge-s9' is not among the sources to search: "
        "add it to them, or correct the label\n"
    )


def test_a_file_without_articles_is_told(tmp_path: Path) -> None:
    for file, told in (
        (written(tmp_path / "empty.jsonl"), " holds no record: expected labelled articles, one"),
        (tmp_path / "none.jsonl", ": there is no such file: expected a file of JSON lines"),
    ):
        result = run(file, "--sources", SOURCES)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr.startswith(f"detector: {file.as_posix()}{told}")
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'FILE'"),
        (["FILE"], "give --index DIR or --sources INPUT"),
        (["FILE", "--index", "x", "--sources", "y"], "not both"),
        (["FILE", "--index", "x", "--errors", "-1"], "-1 is not in the range"),
        (["FILE", "--index", "x", "--format", "jsonl"], "'jsonl' is not one of"),
    ],
)
def test_wrong_usage_has_status_2(file: Path, arguments: list[str], said: str) -> None:
    result = run(*(str(file) if argument == "FILE" else argument for argument in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_every_label_of_the_fixtures_can_be_read() -> None:
    from detector.readers import Failure

    items = list(read_labelled(FIXTURES / "labelled.jsonl"))
    assert [item for item in items if isinstance(item, Failure)] == []
    assert len(items) > 100
