"""Claims about reports in SARIF 2.1.0: the form that the standard asks for, and right places."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from detector.article import Article
from detector.pipeline import Detector
from detector.render.sarif import sarif
from detector.report import Report

Examined = Callable[[str], Report]
IDS = ("eel-d2", "ports-d2", "trial-o1", "eel-h1")


def log_of(report: Report, *, with_text: bool = True) -> dict[str, Any]:
    """Return a report's log as a program reads it."""
    shown: dict[str, Any] = json.loads(json.dumps(sarif(report.to_dict(with_text=with_text))))
    return shown


def places(log: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every physical location of a log."""
    for result in log["runs"][0]["results"]:
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            yield place["physicalLocation"]


@pytest.mark.parametrize("id", IDS)
def test_a_log_has_what_the_standard_requires(examined: Examined, id: str) -> None:
    log = log_of(examined(id))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert 0 <= result.get("rank", 0) <= 100
    for artifact in run["artifacts"]:
        assert artifact["location"]["uri"]
        assert len(artifact["hashes"]["sha-256"]) == 64


@pytest.mark.parametrize("id", IDS)
def test_every_place_holds_the_words_it_shows(examined: Examined, id: str) -> None:
    log = log_of(examined(id))
    (run,) = log["runs"]
    shown = 0
    for place in places(log):
        text = run["artifacts"][place["artifactLocation"]["index"]]["contents"]["text"]
        region = place.get("region", {})
        if region.get("charLength"):
            first = region["charOffset"]
            assert region["snippet"]["text"] == text[first : first + region["charLength"]]
            shown += 1
    assert shown or not run["results"]


def test_each_finding_of_the_report_is_a_result(examined: Examined) -> None:
    report = examined("eel-d2")
    found = [result["ruleId"] for result in log_of(report)["runs"][0]["results"]]
    assert found.count("fabrication") == len(report.fabrications) > 3
    assert found.count("plug") == len(report.plugs)
    assert found.count("derivative") == 1
    contradicted = [f for f in report.fabrications if f.elsewhere]
    related = [
        result["relatedLocations"][0]["physicalLocation"]["region"]["snippet"]["text"]
        for result in log_of(report)["runs"][0]["results"]
        if result["ruleId"] == "fabrication" and "relatedLocations" in result
    ]
    assert related == [f.elsewhere.text for f in contradicted if f.elsewhere]


def test_an_original_has_no_accusing_result(examined: Examined) -> None:
    levels = {result["level"] for result in log_of(examined("eel-h1"))["runs"][0]["results"]}
    assert levels <= {"note"}


def test_without_texts_places_stand_alone(examined: Examined) -> None:
    log = log_of(examined("eel-d2"), with_text=False)
    assert all("contents" not in artifact for artifact in log["runs"][0]["artifacts"])
    assert all("snippet" not in place.get("region", {}) for place in places(log))
    assert any(place.get("region", {}).get("charLength") for place in places(log))


def test_hostile_ids_and_texts_stay_json(examiner: Detector) -> None:
    article = Article.from_text("One \ud800 sentence of <b>text</b>.", id="../a b?\u202e")
    log = log_of(examiner.examine(article))
    (artifact,) = log["runs"][0]["artifacts"][:1]
    assert " " not in artifact["location"]["uri"]
    assert "/" not in artifact["location"]["uri"].replace("%2F", "")
    json.dumps(log).encode("utf8")
