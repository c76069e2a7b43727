"""Claims about bad input: one clear line, the right exit status, and nothing good is lost."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import FIXTURES, Shell

from detector.article import Article
from detector.cli import main
from detector.errors import BadInput
from detector.index import FILE, Index
from detector.pipeline import Detector, compare

TEN_WORDS = "A walrus wearing spectacles juggled nine lemons beside that well."
SPANISH = (
    "El Gobierno aprobó el martes un nuevo plan para reformar los puertos del país, que incluye la "
    "compra de treinta grúas automáticas y la construcción de dos terminales en la costa. La "
    "ministra de Transporte explicó que las obras empezarán en marzo y costarán doscientos "
    "millones de euros. Los sindicatos criticaron la falta de diálogo y anunciaron una huelga para "
    "la próxima semana, y la oposición pidió que el Parlamento revise los contratos."
)
BINARY = b"\x7fELF\x00\x01\x02" + bytes(range(256)) * 40


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def is_one_line_of_ours(result: Result) -> bool:
    (line,) = result.stderr.splitlines()
    return line.startswith("detector: ") and ":" in line[10:]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, sources: tuple[Article, ...]) -> Path:
    folder = tmp_path_factory.mktemp("bad") / "sources.index"
    with Index.create(folder) as index:
        index.add(sources)
    return folder


@pytest.fixture(scope="module")
def good() -> list[str]:
    """Return two sound records as lines: a copy and an honest article."""
    lines = (FIXTURES / "labelled.jsonl").read_text(encoding="utf8").splitlines(keepends=True)
    return [line for line in lines if json.loads(line)["id"] in {"eel-d1", "eel-h1"}]


@pytest.mark.parametrize("text", ["", " \n\t ", "— … —", "\0\0"])
def test_a_text_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="holds no word"):
        Article.from_text(text)


def test_ten_words_are_undecided(tmp_path: Path, index: Path) -> None:
    file = tmp_path / "ten.txt"
    file.write_text(TEN_WORDS)
    result = run("score", file, "--index", index)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "UNDECIDED" in result.stdout
    assert "it has 10 words; under 50 hold too little evidence" in result.stdout


def test_spanish_is_undecided(tmp_path: Path, index: Path) -> None:
    file = tmp_path / "es.txt"
    file.write_text(SPANISH, encoding="utf8")
    result = run("score", file, "--index", index, "--fail-on", "any")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "UNDECIDED" in result.stdout
    assert "its language looks like 'es'" in " ".join(result.stdout.split())


# What the slowest cases of scripts/fuzz.py were made of, and their like.
REPEATED = (
    "a", "A", "1", "é", "aA", "9,", "1.1.", "a “", 'a "', "a’", "a(", "a-", "Mr. ", "A. ", "Aa\n",
    "a\n", "12 ", "$1 ", "[1] ", "No. 1 ", "12 May ", "Aa and ", "and ", "Aa, ", "the New York ",
    "he said ", "said Mr A ", "one hundred and ", "twenty-", "“Aa,” said Aa. ", "http://",
    "a.com ", "日本語。",
)  # fmt: skip


@pytest.mark.parametrize("unit", REPEATED)
def test_one_thing_over_and_over_takes_no_two_seconds(examiner: Detector, unit: str) -> None:
    text = f"The ferry sank in May 2025, twelve people said. {unit * (40_000 // len(unit))}"
    taken = []
    for _ in range(3):  # a busy machine also stretches CPU time
        start = time.process_time()
        examiner.examine(Article.from_text(text, id="long")).text()
        taken.append(time.process_time() - start)
        if taken[-1] < 2:
            break
    assert min(taken) < 2


@pytest.mark.parametrize(
    "make",
    [
        lambda rng: "a" * 2_000_000,
        lambda rng: "!" * 1_999_990 + " word end.",
        lambda rng: "".join(rng.choices("abcdefghij  ,.\"'", k=2_000_000)),
        lambda rng: "“" * 1_000_000 + "Then he said it. " * 60_000,
        lambda rng: " ".join(rng.choices(SPANISH.split(), k=300_000)),
    ],
    ids=["one word", "marks", "noise", "quotes", "spanish"],
)
def test_two_megabytes_in_one_line_take_bounded_time(
    examiner: Detector, make: Callable[[random.Random], str]
) -> None:
    article = Article.from_text(make(random.Random(1)), id="huge")
    start = time.process_time()
    report = examiner.examine(article)
    assert time.process_time() - start < 40
    assert report.verdict.label in {"original", "undecided"}
    json.dumps(report.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 lone surrogate in a text about a ferry",
        "n\0ul bytes \0 in it",
        "e\u0301" * 90,
        "\u202eright to left\u202c and 🛶 boats",
        "\r\n\r\nonly\r\nlines\r\n",
        "日本語の記事です。" * 30,
    ],
    ids=["surrogate", "nul", "combining", "bidi", "lines", "japanese"],
)
def test_odd_characters_are_examined_like_others(examiner: Detector, text: str) -> None:
    article = Article.from_text(text, id="odd")
    for report in (examiner.examine(article), compare(article, article.named("same"))):
        shown = report.to_dict(with_text=True)
        assert json.loads(json.dumps(shown, allow_nan=False)) == shown
        report.text().encode()


def test_binary_is_refused(tmp_path: Path, index: Path) -> None:
    for name in ("a.txt", "a.html", "a.json", "a.jsonl"):
        file = tmp_path / name
        file.write_bytes(BINARY)
        for command in ("score", "scan"):
            result = run(command, file, "--index", index, *(["--quiet"] * (command == "scan")))
            assert (name, command, result.exit_code) == (name, command, 3)
            if command == "score":
                assert result.stdout == ""
                assert is_one_line_of_ours(result)
            else:
                assert all(json.loads(line)["error"] for line in result.stdout.splitlines())


def test_a_truncated_gzip_gives_what_came_before_the_cut(
    tmp_path: Path, index: Path, good: list[str]
) -> None:
    noise = random.Random(2).randbytes(60_000).hex()
    content = gzip.compress(("".join(good) + json.dumps({"text": noise})).encode(), mtime=0)
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(content[: len(content) // 2])
    result = run("scan", file, "--index", index)
    assert result.exit_code == 0
    *reports, failure = [json.loads(line) for line in result.stdout.splitlines()]
    assert [report["article"]["id"] for report in reports] == ["eel-d1", "eel-h1"]
    assert failure["origin"] == file.as_posix()
    assert "the file is cut off" in failure["error"]
    assert result.stderr == "3 examined: 1 derivative, 1 failed, 1 original\n"


def test_bad_records_stand_as_failures_among_good_ones(
    tmp_path: Path, index: Path, good: list[str]
) -> None:
    bad = ['{"title": "no text"}\n', "not json\n", "[1, 2]\n", '{"text": ""}\n', '{"text": 7}\n']
    file = tmp_path / "mixed.jsonl"
    file.write_text("".join([bad[0], good[0], *bad[1:3], "\n", good[1], *bad[3:]]), encoding="utf8")
    result = run("scan", file, "--index", index)
    assert result.exit_code == 0
    shown = [json.loads(line) for line in result.stdout.splitlines()]
    assert [item.get("line") for item in shown] == [1, None, 3, 4, None, 7, 8]
    assert [item["article"]["id"] for item in shown if "article" in item] == ["eel-d1", "eel-h1"]
    assert all("\n" not in item["error"] for item in shown if "error" in item)
    assert "the record has no text (its fields: title)" in shown[0]["error"]
    assert "broken JSON" in shown[2]["error"]


def test_json_without_text_is_refused(tmp_path: Path, index: Path) -> None:
    file = tmp_path / "a.json"
    for content, said in (
        ('{"title": "Eels"}', "the record has no text (its fields: title)"),
        ("{", "broken JSON"),
        ("[]", "holds 0 records, expected one"),
        ("null", "the record is NoneType, expected an object"),
        ("[" * 100_000, "broken JSON"),
    ):
        file.write_text(content)
        result = run("score", file, "--index", index)
        assert (result.exit_code, result.stdout) == (3, "")
        assert is_one_line_of_ours(result)
        assert said in result.stderr


def test_a_repeated_id_is_told_and_loses_no_other_record(
    tmp_path: Path, index: Path, good: list[str]
) -> None:
    file = tmp_path / "twice.jsonl"
    file.write_text("".join([good[0], good[0], good[1]]), encoding="utf8")
    result = run("scan", file, "--index", index)
    first, second, third = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 0
    assert (first["article"]["id"], third["article"]["id"]) == ("eel-d1", "eel-h1")
    assert "the id 'eel-d1' was used before in this scan" in second["error"]


def test_only_failures_have_status_3(tmp_path: Path, index: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text("not json\n{}\n")
    result = run("scan", file, "--index", index)
    assert result.exit_code == 3
    assert result.stdout.count("\n") == 2
    assert result.stderr == "2 examined: 2 failed\n"


def test_a_missing_index_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    file = tmp_path / "ten.txt"
    file.write_text(TEN_WORDS)
    for arguments in (("score", file), ("scan", file), ("index", "info"), ("index", "verify"),
                      ("index", "remove", "x")):  # fmt: skip
        result = run(*arguments, "--index", tmp_path / "nowhere")
        assert (result.exit_code, result.stdout) == (3, "")
        assert is_one_line_of_ours(result)
        assert "holds no index" in result.stderr
        assert "detector index add" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_an_index_of_another_format_is_told(tmp_path: Path, index: Path) -> None:
    other = Path(shutil.copytree(index, tmp_path / "other.index"))
    database = sqlite3.connect(other / FILE)
    database.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    database.commit()
    database.close()
    for arguments in (("index", "info"), ("index", "add", FIXTURES / "sources.jsonl")):
        result = run(*arguments, "--index", other)
        assert (result.exit_code, result.stdout) == (3, "")
        assert is_one_line_of_ours(result)
        assert "is an index of format 99" in result.stderr


def test_a_damaged_index_is_told(tmp_path: Path, index: Path) -> None:
    broken = tmp_path / "broken.index"
    broken.mkdir()
    (broken / FILE).write_bytes((index / FILE).read_bytes()[:5_000])
    file = tmp_path / "ten.txt"
    file.write_text(TEN_WORDS)
    result = run("score", file, "--index", broken)
    assert (result.exit_code, result.stdout) == (3, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"detector: {broken / FILE} is no index of this program (")


def test_a_file_where_the_index_should_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    result = run("index", "add", FIXTURES / "sources.jsonl", "--index", tmp_path / "file")
    assert (result.exit_code, result.stdout) == (3, "")
    assert is_one_line_of_ours(result)
    assert (tmp_path / "file").read_text() == "no folder"


def test_a_missing_file_is_told(tmp_path: Path, index: Path) -> None:
    missing = tmp_path / "nix.json"
    for arguments in (("score", missing, "--index", index), ("compare", missing, missing)):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr == (
            f"detector: {missing}: there is no such file or folder: check the path\n"
        )


def test_a_missing_file_among_others_loses_nothing_of_them(
    tmp_path: Path, index: Path, good: list[str]
) -> None:
    crawl = tmp_path / "crawl.jsonl"
    crawl.write_text("".join(good), encoding="utf8")
    result = run("scan", tmp_path / "nix.json", crawl, "--index", index)
    assert result.exit_code == 0
    failure, *reports = [json.loads(line) for line in result.stdout.splitlines()]
    assert failure["origin"] == (tmp_path / "nix.json").as_posix()
    assert [report["article"]["id"] for report in reports] == ["eel-d1", "eel-h1"]


def test_a_missing_source_among_others_is_told(tmp_path: Path, good: list[str]) -> None:
    crawl = tmp_path / "crawl.jsonl"
    crawl.write_text(good[0], encoding="utf8")
    sources = ("--sources", tmp_path / "nix.json", "--sources", FIXTURES / "sources.jsonl")
    result = run("score", crawl, *sources, "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["verdict"]["label"] == "derivative"
    assert is_one_line_of_ours(result)
    alone = run("score", crawl, *sources[:2])
    assert (alone.exit_code, alone.stdout) == (3, "")
    assert "no source could be read" in alone.stderr


def test_a_folder_without_articles_is_told(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "picture.png").write_bytes(BINARY)
    scanned = run("scan", folder, "--index", index, "--quiet")
    assert (scanned.exit_code, scanned.stderr) == (3, "")
    assert "the folder holds no file to read" in json.loads(scanned.stdout)["error"]
    scored = run("score", folder, "--index", index)
    assert (scored.exit_code, scored.stdout) == (3, "")
    assert is_one_line_of_ours(scored)


def test_an_output_that_cannot_be_written_is_told(
    tmp_path: Path, index: Path, good: list[str]
) -> None:
    crawl = tmp_path / "crawl.jsonl"
    crawl.write_text(good[0], encoding="utf8")
    for output in (tmp_path / "nowhere" / "x.jsonl", crawl / "x.jsonl"):
        result = run("scan", crawl, "--index", index, "-o", output)
        assert (result.exit_code, result.stdout) == (3, "")
        assert is_one_line_of_ours(result)
        assert "cannot be written" in result.stderr
    result = run("scan", crawl, "--index", index, "-o", tmp_path)
    assert result.exit_code == 2


def test_several_records_are_no_single_article(tmp_path: Path, index: Path) -> None:
    result = run("score", FIXTURES / "sources.jsonl", "--index", index)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "holds 19 records, expected one: use 'detector scan'" in result.stderr
    assert is_one_line_of_ours(result)


def test_an_unknown_kind_of_file_is_told(tmp_path: Path, index: Path) -> None:
    file = tmp_path / "article.docx"
    file.write_bytes(BINARY)
    result = run("score", file, "--index", index)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "files named *.docx are not known here: expected .txt" in result.stderr
    assert is_one_line_of_ours(result)


@pytest.mark.parametrize("content", [b"", BINARY])
def test_bad_standard_input_is_told_in_one_line(shell: Shell, index: Path, content: bytes) -> None:
    process = shell("-m", "detector", "score", "-", "--index", index, stdin=content)
    assert (process.returncode, process.stdout) == (3, b"")
    assert process.stderr.count(b"\n") == 1
    assert process.stderr.startswith(b"detector: -: ")


def test_adding_goes_on_after_bad_records(tmp_path: Path, good: list[str]) -> None:
    file = tmp_path / "mixed.jsonl"
    file.write_text(good[0] + "not json\n" + good[1], encoding="utf8")
    result = run("index", "add", file, "--index", tmp_path / "new.index")
    assert (result.exit_code, result.stdout) == (0, "")
    first, last = result.stderr.splitlines()
    assert first.startswith(f"detector: {file.as_posix()}: broken JSON")
    assert last.startswith("2 added, 0 there already, 1 refused;")
