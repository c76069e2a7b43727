"""Claims about the forms for tools and archives: SARIF, the bundle, a coloured terminal."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import ROOT

from detector.article import Article
from detector.cli.terminal import painted
from detector.errors import BadInput
from detector.pipeline import compare
from detector.render import sarif, write_bundle
from detector.render.scanned import MOST_NETWORKS, page_of_scan
from detector.report import Report

Examined = Callable[[str], Report]
Log = dict[str, Any]
ESCAPE = re.compile(r"\x1b\[[\d;]+m")
MADE = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
OWL = ("🦉🦉 The council voted on Tuesday to close the old iron bridge for fourteen months. ") * 4


def owls() -> Report:
    """Return a report on characters beyond the first plane, an odd id, and a lone surrogate."""
    article = Article.from_text(f"\ud800 {OWL}", id="a b/ü?.txt", title="Bridge")
    return compare(article, Article.from_text(OWL, id="s", title="Bridge"))


@pytest.fixture(params=["eel-d2", "bridge-d2", "bridge-d4", "eel-h1", "owls"])
def log(request: pytest.FixtureRequest, examined: Examined) -> Log:
    report = owls() if request.param == "owls" else examined(request.param)
    return json.loads(json.dumps(sarif(report.to_dict(with_text=True))))


# --- SARIF 2.1.0: the rules of its schema that this form touches ----------------------------------


def results(log: Log) -> list[Log]:
    return log["runs"][0]["results"]


def places(log: Log) -> Iterator[Log]:
    for result in results(log):
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            yield place["physicalLocation"]


def test_the_log_has_what_the_schema_requires_and_nothing_it_forbids(log: Log) -> None:
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert set(run) <= {"tool", "columnKind", "artifacts", "results", "properties"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["name"] == "derivative-detector"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in results(log):
        assert set(result) <= {
            "ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations", "rank",
        }  # fmt: skip
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert 0 <= result.get("rank", 0) <= 100


def test_every_place_is_in_bounds_and_holds_the_words_it_quotes(log: Log) -> None:
    artifacts = log["runs"][0]["artifacts"]
    found = list(places(log))
    for place in found:
        text = artifacts[place["artifactLocation"]["index"]]["contents"]["text"]
        region = place["region"]
        start, length = region["charOffset"], region["charLength"]
        assert start >= 0
        assert 0 <= length <= len(text) - start
        if length:
            assert region["snippet"]["text"] == text[start : start + length]
    assert len(found) >= len(results(log))


def test_artifacts_carry_their_length_and_hash_and_places_name_them(log: Log) -> None:
    artifacts = log["runs"][0]["artifacts"]
    for artifact in artifacts:
        content = artifact["contents"]["text"].encode()
        assert artifact["length"] == len(content)
        assert artifact["hashes"] == {"sha-256": sha256(content).hexdigest()}
    for place in places(log):
        named = place["artifactLocation"]
        assert named["uri"] == artifacts[named["index"]]["location"]["uri"]
        assert re.fullmatch(r"[!#$&'()*+,/:;=?@\[\]~%\w.-]+", named["uri"], re.ASCII)
        urlsplit(named["uri"])


def test_each_kind_of_finding_has_its_results(examined: Examined) -> None:
    report = examined("bridge-d2")
    counted = [result["ruleId"] for result in results(sarif(report.to_dict(with_text=True)))]
    assert counted.count("derivative") == 1
    assert counted.count("plug") == len(report.plugs) == 1
    assert counted.count("fabrication") == len(report.fabrications)
    assert counted.count("passage") > 0


def test_without_texts_the_places_stand_alone(examined: Examined) -> None:
    bare = sarif(examined("eel-d2").to_dict())
    assert all("contents" not in artifact for artifact in bare["runs"][0]["artifacts"])
    regions = [place["region"] for place in places(bare)]
    assert regions
    assert all(set(region) == {"charOffset", "charLength"} for region in regions)


# --- the bundle -----------------------------------------------------------------------------------


@pytest.fixture
def scan(examined: Examined, tmp_path: Path) -> Path:
    shown = [examined(id).to_dict(with_text=True) for id in ("eel-d1", "eel-h1", "bridge-d4")]
    path = tmp_path / "found.jsonl"
    path.write_text("".join(f"{json.dumps(report)}\n" for report in shown), "utf8")
    return path


def bundled(scan: Path) -> bytes:
    output = io.BytesIO()
    write_bundle(scan, output, made=MADE)
    return output.getvalue()


def test_a_bundle_holds_the_evidence_and_its_hashes_match(scan: Path, examined: Examined) -> None:
    with zipfile.ZipFile(io.BytesIO(bundled(scan))) as bundle:
        assert bundle.testzip() is None
        manifest = json.loads(bundle.read("manifest.json"))
        named = {file["name"]: file for file in manifest["files"]}
        assert set(bundle.namelist()) == {*named, "manifest.json"}
        for name, file in named.items():
            content = bundle.read(name)
            assert (len(content), sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        assert [about["article"]["id"] for about in manifest["articles"]] == ["eel-d1", "bridge-d4"]
        assert manifest["made"] == "2025-11-14T09:30:00+00:00"
        mosaic = manifest["articles"][1]
        assert mosaic["provenance"]["detector"] == manifest["detector"]
        assert bundle.read("0001/article.txt").decode() == examined("eel-d1").article.text
        report = json.loads(bundle.read("0002/report.json"))
        texts = [bundle.read(f"0002/source-{n}.txt").decode() for n in (1, 2)]
        assert [source["text"] for source in report["source_texts"]] == texts
        assert b"<!doctype html>" in bundle.read("0002/report.html").lower()


def test_a_bundle_names_no_place_of_this_machine(scan: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(bundled(scan))) as bundle:
        for name in bundle.namelist():
            assert not name.startswith(("/", "\\"))
            assert ".." not in name
            assert ":" not in name
            content = bundle.read(name)
            for private in (scan.parent, ROOT, Path.home()):
                if len(private.parts) > 1:
                    assert f"{private}/".encode() not in content


def test_the_same_evidence_gives_the_same_bytes(scan: Path) -> None:
    assert bundled(scan) == bundled(scan)


def test_without_texts_there_is_no_evidence_to_bundle(examined: Examined, tmp_path: Path) -> None:
    path = tmp_path / "bare.jsonl"
    path.write_text(json.dumps(examined("eel-d1").to_dict()) + "\n", "utf8")
    with pytest.raises(BadInput, match="--with-text"):
        bundled(path)


# --- the terminal ---------------------------------------------------------------------------------


def on_a_terminal(*arguments: str, columns: int, **environment: str) -> str:
    """Run the command with its standard output on a terminal, and return what it showed."""
    ours, theirs = pty.openpty()
    try:
        env = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", **environment}
        command = [sys.executable, "-m", "detector", *arguments]
        with subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, cwd=ROOT, env=env):
            os.close(theirs)
            shown = b"".join(iter(lambda: read(ours), b""))
    finally:
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other end is closed
        return b""


@pytest.fixture
def pair(news: dict[str, Article], tmp_path: Path) -> tuple[str, str]:
    paths = tmp_path / "suspect.txt", tmp_path / "source.txt"
    for path, id in zip(paths, ("eel-d2", "eel-s1"), strict=True):
        path.write_text(news[id].text, "utf8")
    return str(paths[0]), str(paths[1])


def test_only_a_terminal_gets_colours(pair: tuple[str, str]) -> None:
    shown = on_a_terminal("compare", *pair, columns=100)
    assert "\x1b[1;31mDERIVATIVE\x1b[0m" in shown
    plain = on_a_terminal("compare", *pair, columns=100, NO_COLOR="1")
    assert "\x1b" not in plain
    assert ESCAPE.sub("", shown) == plain
    command = [sys.executable, "-m", "detector", "compare", *pair]
    piped = subprocess.run(command, capture_output=True, cwd=ROOT, check=True, timeout=120)
    assert b"DERIVATIVE" in piped.stdout
    assert b"\x1b" not in piped.stdout


@pytest.mark.parametrize("columns", [70, 100, 130])
def test_no_line_is_wider_than_the_terminal(pair: tuple[str, str], columns: int) -> None:
    shown = ESCAPE.sub("", on_a_terminal("compare", *pair, columns=columns))
    lengths = [len(line) for line in shown.splitlines()]
    assert max(lengths) <= columns
    assert max(lengths) > columns - 12  # the width is used


def test_colours_change_no_word(examined: Examined) -> None:
    for id in ("eel-d2", "bridge-d2", "bridge-d4", "eel-h1"):
        lines = examined(id).text().splitlines()
        assert [ESCAPE.sub("", line) for line in painted(lines)] == lines


# --- what a scan's page leaves out ----------------------------------------------------------------


def test_networks_left_out_are_counted(examined: Examined, tmp_path: Path) -> None:
    made = examined("bridge-d2").to_dict()
    path = tmp_path / "found.jsonl"
    with path.open("w", encoding="utf8") as file:
        for number in range(MOST_NETWORKS + 3):
            for side in "ab":
                plug = {**made["plugs"][0], "domain": f"shop{number}.example"}
                about = {
                    **made["article"],
                    "id": f"{side}{number}",
                    "site": f"{side}{number}.example",
                }
                source = {**made["derivation"]["source"], "id": f"s{number}"}
                derivation = {**made["derivation"], "source": source}
                report = {
                    **made, "article": about, "plugs": [plug], "fabrications": [],
                    "derivation": derivation,
                }  # fmt: skip
                file.write(json.dumps(report) + "\n")
    page = "".join(page_of_scan(path))
    assert '"networks_left_out": 3' in page.replace('":3', '": 3')
