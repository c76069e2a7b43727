"""Claims about the command line: data on stdout, talk on stderr, exit statuses as promised."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from conftest import FIXTURES, Shell

from detector.cli import main
from detector.version import __version__

SOURCES = str(FIXTURES / "sources.jsonl")
LABELLED = FIXTURES / "labelled.jsonl"
SCANNED = "eel-d1 eel-h1 vote-d1 misc-h1 bridge-d4 eel-d2".split()
NOTHING_FOUND = {"eel-h1", "misc-h1"}


def run(*arguments: str | Path) -> Result:
    """Run a command in this process."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result


def records() -> dict[str, dict[str, object]]:
    files = (LABELLED, Path(SOURCES))
    lines = [line for file in files for line in file.read_text(encoding="utf8").splitlines()]
    return {record["id"]: record for record in map(json.loads, lines)}


def commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append(((*path, name), command))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an index, a crawl, and some of its articles as files."""
    folder = tmp_path_factory.mktemp("cli")
    every = records()
    for id in ("eel-d1", "eel-h1", "eel-s1", "misc-h1", "vote-d1"):
        (folder / f"{id}.json").write_text(json.dumps(every[id]), encoding="utf8")
    lines = [json.dumps(every[id]) + "\n" for id in SCANNED]
    (folder / "crawl.jsonl").write_text("".join(lines), encoding="utf8")
    assert run("index", "add", SOURCES, "--index", folder / "sources.index").exit_code == 0
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Path:
    return folder / "sources.index"


@pytest.fixture(scope="module")
def whole(folder: Path, index: Path) -> bytes:
    """Return what an unbroken scan of the crawl writes."""
    result = run("scan", folder / "crawl.jsonl", "--index", index, "-o", folder / "whole.jsonl")
    assert result.exit_code == 0
    return (folder / "whole.jsonl").read_bytes()


@pytest.mark.parametrize(("path", "command"), commands(), ids=[" ".join(p) for p, _ in commands()])
def test_every_command_has_help_with_an_example(
    path: tuple[str, ...], command: click.Command
) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert command.help
    assert "Example" in result.stdout
    assert f"detector {' '.join(path)}" in result.stdout
    assert run(*path, "-h").stdout == result.stdout


def test_the_commands_are_those_of_the_contract() -> None:
    found = {" ".join(path) for path, _ in commands()}
    assert {
        "score",
        "compare",
        "scan",
        "index add",
        "index remove",
        "index info",
        "index verify",
        "evaluate",
        "facts",
        "doctor",
    } <= found


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"detector, version {__version__}\n"


def test_score_says_what_was_found(folder: Path, index: Path) -> None:
    result = run("score", folder / "eel-d1.json", "--index", index)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "DERIVATIVE" in result.stdout
    assert "id eel-s1" in result.stdout


def test_score_takes_sources_from_files(folder: Path) -> None:
    result = run(
        "score",
        folder / "eel-d1.json",
        "--sources",
        folder / "eel-s1.json",
        "--sources",
        folder / "misc-h1.json",
        "--format",
        "jsonl",
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["derivation"]["source"]["id"] == "eel-s1"
    assert result.stdout.count("\n") == 1


def test_both_json_forms_hold_the_same_report(folder: Path, index: Path) -> None:
    asked = ("score", folder / "eel-d1.json", "--index", index, "--format")
    pretty, line = run(*asked, "json").stdout, run(*asked, "jsonl").stdout
    assert json.loads(pretty) == json.loads(line)
    assert pretty.count("\n") > 20 > line.count("\n")


def test_with_text_carries_the_text(folder: Path, index: Path) -> None:
    asked = ("score", folder / "eel-d1.json", "--index", index, "--format", "json")
    assert "text" not in json.loads(run(*asked).stdout)["article"]
    carried = json.loads(run(*asked, "--with-text").stdout)["article"]["text"]
    assert carried == records()["eel-d1"]["text"]


def test_score_reads_standard_input(shell: Shell, folder: Path, index: Path) -> None:
    content = (folder / "eel-d1.json").read_bytes()
    asked = ("-m", "detector", "score", "-", "--index", index, "--format", "jsonl")
    process = shell(*asked, stdin=content)
    assert (process.returncode, process.stderr) == (0, b"")
    found = json.loads(process.stdout)
    assert (found["article"]["id"], found["verdict"]["label"]) == ("eel-d1", "derivative")
    plain = shell(*asked, stdin=str(records()["eel-d1"]["text"]).encode())
    assert json.loads(plain.stdout)["verdict"]["label"] == "derivative"


def test_compare_examines_one_pair(folder: Path) -> None:
    result = run("compare", folder / "eel-d1.json", folder / "eel-s1.json", "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["derivation"]["source"]["id"] == "eel-s1"
    assert found["derivation"]["relation"] == "copy"
    backwards = run("compare", folder / "eel-s1.json", folder / "misc-h1.json")
    assert "ORIGINAL" in backwards.stdout


DETAILS = "On Tuesday nearly 40 per cent left in May 2024. “We will not close it,” said Vik, 40."


@pytest.fixture
def details(tmp_path: Path) -> Path:
    path = tmp_path / "details.json"
    record = {"text": DETAILS, "published": "2025-11-14T08:00:00Z"}
    path.write_text(json.dumps(record), encoding="utf8")
    return path


def test_facts_lists_the_details_of_an_article(details: Path) -> None:
    result = run("facts", details)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [
        " ".join(line.split()) for line in result.stdout.splitlines() if " name " not in line
    ] == [
        "3-10 date Tuesday = tuesday [2025-11-11 or 2025-11-18]",
        "11-29 number nearly 40 per cent = 40 % (nearly)",
        "38-46 date May 2024 = 2024-05 [2024-05-01 to 2024-05-31]",
        "48-71 quote “We will not close it,” -- said Vik",
        "82-84 number 40 = 40",
    ]


def test_facts_are_told_to_programs_with_all_that_is_known(details: Path) -> None:
    lines = run("facts", details, "--format", "jsonl").stdout.splitlines()
    records = json.loads(run("facts", details, "--format", "json").stdout)
    assert [json.loads(line) for line in lines] == records
    assert records[:2] == [
        {
            "kind": "date",
            "start": 3,
            "end": 10,
            "text": "Tuesday",
            "value": "tuesday",
            "moment": {
                "first_day": "2025-11-08",
                "last_day": "2025-11-20",
                "weekday": 1,
                "choices": ["2025-11-11", "2025-11-18"],
            },
        },
        {
            "kind": "number",
            "start": 11,
            "end": 29,
            "text": "nearly 40 per cent",
            "value": "40 %",
            "quantity": {"low": 40.0, "high": 40.0, "unit": "%", "bound": "nearly", "step": 1.0},
        },
    ]
    (quote,) = [record for record in records if record["kind"] == "quote"]
    assert quote["speaker"] == {"start": 77, "end": 80, "text": "Vik", "cue": "said"}


def test_facts_are_read_from_standard_input(shell: Shell) -> None:
    process = shell("-m", "detector", "facts", "-", stdin="It cost £3m to mend.".encode())
    assert (process.returncode, process.stderr) == (0, b"")
    assert process.stdout.decode() == "         8-11  number    £3m  =  3000000 £\n"


def test_an_index_is_made_filled_and_emptied(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "new.index"
    added = run("index", "add", SOURCES, "--index", index)
    assert (added.exit_code, added.stdout) == (0, "")
    assert added.stderr == (f"19 added, 0 there already, 0 refused; {index} holds 19 sources\n")
    again = run("index", "add", SOURCES, folder / "misc-h1.json", "--index", index)
    assert again.stderr == (f"1 added, 19 there already, 0 refused; {index} holds 20 sources\n")
    removed = run("index", "remove", "misc-h1", "nobody", "--index", index)
    assert (removed.exit_code, removed.stdout) == (0, "")
    assert removed.stderr == f"1 of 2 removed from {index}\n"
    info = run("index", "info", "--index", index)
    assert (info.exit_code, info.stderr) == (0, "")
    assert json.loads(info.stdout)["articles"] == 19
    sound = run("index", "verify", "--index", index)
    assert (sound.exit_code, sound.stdout, sound.stderr) == (0, "", f"{index}: sound\n")


def test_another_text_under_a_known_id_is_refused_by_name(tmp_path: Path, folder: Path) -> None:
    changed = tmp_path / "changed.jsonl"
    record = {**records()["eel-s1"], "text": "Quite another story about a ferry and its owner."}
    changed.write_text(json.dumps(record), encoding="utf8")
    index = tmp_path / "new.index"
    run("index", "add", folder / "eel-s1.json", "--index", index)
    result = run("index", "add", changed, folder / "misc-h1.json", "--index", index)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "detector: 'eel-s1' is in the index with another text: remove it first",
        f"1 added, 0 there already, 1 refused; {index} holds 2 sources",
    ]


def test_doctor_finds_everything_in_order() -> None:
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    for expected in (f"detector  {__version__}", "numpy", "model derivation", "sentences a second"):
        assert expected in result.stdout


def test_scan_writes_one_line_per_article(folder: Path, index: Path, whole: bytes) -> None:
    result = run("scan", folder / "crawl.jsonl", "--index", index)
    assert result.exit_code == 0
    assert result.stdout.encode() == whole
    shown = [json.loads(line) for line in result.stdout.splitlines()]
    assert [report["article"]["id"] for report in shown] == SCANNED
    assert {
        report["article"]["id"] for report in shown if report["verdict"]["label"] == "original"
    } == NOTHING_FOUND
    told = result.stderr.splitlines()[-1]  # a slow machine tells its progress before
    assert told == "6 examined: 3 derivative, 2 original, 1 republication"


def test_scan_says_nothing_when_quiet(folder: Path, index: Path, whole: bytes) -> None:
    result = run("scan", folder / "crawl.jsonl", "--index", index, "--quiet")
    assert (result.stdout.encode(), result.stderr) == (whole, "")


def test_scan_in_a_process_of_its_own_writes_the_same_bytes(
    shell: Shell, folder: Path, index: Path, whole: bytes
) -> None:
    asked = ("-m", "detector", "scan", folder / "crawl.jsonl", "--index", index)
    assert shell(*asked, "--workers", "2", PYTHONHASHSEED="7").stdout == whole


def test_scan_reads_standard_input(shell: Shell, folder: Path, index: Path, whole: bytes) -> None:
    content = (folder / "crawl.jsonl").read_bytes()
    process = shell("-m", "detector", "scan", "-", "--index", index, "--quiet", stdin=content)
    assert (process.returncode, process.stdout, process.stderr) == (0, whole, b"")


def test_scan_as_text_shows_what_was_flagged(folder: Path, index: Path) -> None:
    result = run("scan", folder / "crawl.jsonl", "--index", index, "--format", "text")
    assert result.exit_code == 0
    assert result.stdout.count("DERIVATIVE") == 3
    assert "ORIGINAL" not in result.stdout


def test_scan_of_a_crawl_within_itself_flags_the_later_copy(tmp_path: Path) -> None:
    every = records()
    for order in (["eel-d1", "eel-s1"], ["eel-s1", "eel-d1"]):
        crawl = tmp_path / "crawl.jsonl"
        crawl.write_text("".join(json.dumps(every[id]) + "\n" for id in order), encoding="utf8")
        shown = [json.loads(line) for line in run("scan", crawl, "--self").stdout.splitlines()]
        assert [report["article"]["id"] for report in shown] == order
        assert {report["article"]["id"]: report["verdict"]["label"] for report in shown} == {
            "eel-s1": "original",
            "eel-d1": "derivative",
        }


@pytest.mark.parametrize("cut", [0.0, 0.4, 0.9, 1.0])
def test_a_scan_that_was_cut_off_is_taken_up_again(
    tmp_path: Path, folder: Path, index: Path, whole: bytes, cut: float
) -> None:
    output = tmp_path / "found.jsonl"
    output.write_bytes(whole[: int(cut * len(whole))])
    asked = ("scan", folder / "crawl.jsonl", "--index", index, "-o", output, "--resume")
    result = run(*asked)
    assert (result.exit_code, result.stdout) == (0, "")
    assert output.read_bytes() == whole
    assert run(*asked).exit_code == 0
    assert output.read_bytes() == whole


def test_a_cut_in_the_middle_of_a_character_or_before_a_line_end_is_mended(
    tmp_path: Path, folder: Path, index: Path
) -> None:
    output = tmp_path / "found.jsonl"
    asked = ("scan", folder / "eel-d1.json", "--index", index, "--with-text", "-o", output)
    run(*asked)
    whole = output.read_bytes()
    inside = next(n for n, byte in enumerate(whole) if byte >= 0x80) + 1
    for end in (inside, whole.index(b"\n"), whole.index(b"\n") + 1):
        output.write_bytes(whole[:end])
        assert run(*asked, "--resume").exit_code == 0
        assert output.read_bytes() == whole


def test_resuming_what_was_never_begun_begins_it(
    tmp_path: Path, folder: Path, index: Path, whole: bytes
) -> None:
    output = tmp_path / "found.jsonl"
    run("scan", folder / "crawl.jsonl", "--index", index, "-o", output, "--resume")
    assert output.read_bytes() == whole


def test_without_resume_the_output_is_written_anew(
    tmp_path: Path, folder: Path, index: Path, whole: bytes
) -> None:
    output = tmp_path / "found.jsonl"
    output.write_text("an older scan\n")
    run("scan", folder / "crawl.jsonl", "--index", index, "-o", output)
    assert output.read_bytes() == whole


@pytest.mark.parametrize(
    ("kind", "status"), [(None, 0), ("derivative", 1), ("any", 1), ("plug", 0)]
)
def test_something_flagged_fails_only_on_demand(
    folder: Path, index: Path, kind: str | None, status: int
) -> None:
    demand = ("--fail-on", kind) if kind else ()
    assert run("score", folder / "eel-d1.json", "--index", index, *demand).exit_code == status
    pair = (folder / "eel-d1.json", folder / "eel-s1.json")
    assert run("compare", *pair, *demand).exit_code == status
    scanned = run("scan", folder / "crawl.jsonl", "--index", index, *demand)
    assert scanned.exit_code == status
    assert scanned.stdout.count("\n") == len(SCANNED)


@pytest.mark.parametrize(("kind", "status"), [("fabrication", 1), ("plug", 0)])
def test_an_invented_detail_fails_only_on_demand(
    folder: Path, index: Path, tmp_path: Path, kind: str, status: int
) -> None:
    lines = (FIXTURES / "labelled.jsonl").read_text(encoding="utf8").splitlines()
    record = next(line for line in lines if json.loads(line)["id"] == "ports-d2")
    suspect, sources = tmp_path / "suspect.json", FIXTURES / "sources.jsonl"
    suspect.write_text(record, encoding="utf8")
    demand = ("--sources", sources, "--fail-on", kind)
    assert run("score", suspect, *demand).exit_code == status
    assert run("scan", suspect, *demand).exit_code == status
    output = tmp_path / "found.jsonl"
    assert run("scan", suspect, "--sources", sources, "-o", output).exit_code == 0
    assert run("scan", suspect, *demand, "-o", output, "--resume").exit_code == status


def test_nothing_flagged_never_fails(folder: Path, index: Path) -> None:
    for id in ("eel-h1", "misc-h1", "vote-d1"):
        asked = (folder / f"{id}.json", "--index", index, "--fail-on", "any")
        assert run("score", *asked).exit_code == 0
        assert run("scan", *asked).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["score"], "Missing argument 'INPUT'"),
        (["score", "a.json"], "give --index DIR or --sources INPUT"),
        (["score", "a.json", "--index", "x", "--sources", "y"], "not both"),
        (["score", "a.json", "--index", "x", "--format", "xml"], "'xml' is not one of"),
        (["scan", "a.json", "--index", "x", "--resume"], "--resume needs -o FILE"),
        (["scan", "a.json", "--index", "x", "--self"], "leave --index and --sources out"),
        (["scan", "a.json", "--index", "x", "--workers", "0"], "0 is not in the range"),
        (["scan", "a.json", "--index", "x", "--map", "text"], "text=body,published=date"),
        (["index", "add", "a.json"], "Missing option '--index'"),
        (["frobnicate"], "No such command 'frobnicate'"),
    ],
)
def test_wrong_usage_has_status_2_and_says_what_is_right(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_map_names_the_fields_of_a_foreign_crawl(tmp_path: Path, index: Path) -> None:
    record = records()["eel-d1"]
    foreign = {"storia": record["text"], "quando": record["published"], "nome": "uno"}
    crawl = tmp_path / "foreign.jsonl"
    crawl.write_text(json.dumps(foreign), encoding="utf8")
    asked = ("scan", crawl, "--index", index)
    assert run(*asked).exit_code == 3
    result = run(*asked, "--map", "text=storia,published=quando, id=nome")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["article"]["id"], found["verdict"]["label"]) == ("uno", "derivative")
    assert found["article"]["published"] == "2025-09-18T09:10:00+00:00"
