"""Claims about reports: the fields of the public contract, exact places, readable text."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest

from detector.article import Article
from detector.pipeline import Detector, compare
from detector.report import WIDTH, Report
from detector.version import __version__
from detector.wording import QUOTED, SHOWN_PASSAGES

Examined = Callable[[str], Report]
News = dict[str, Article]

# The schema of the public contract, version 1; lists show what one entry holds.
PLACE = {"start", "end", "source_start", "source_end", "kind", "similarity", "source"}
SCHEMA = {
    "schema_version": None,
    "article": {"id", "url", "site", "title", "published", "words"},
    "verdict": {"label", "risk", "reasons", "risk_reasons"},
    "derivation": {
        "relation",
        "probability",
        "coverage",
        "source_coverage",
        "found_by",
        "source",
        "other_sources",
        "chain",
        "sibling_probability",
    },
    "credit": {"status", "evidence", "quoted_share"},
    "plugs": None,
    "fabrications": None,
    "passages": PLACE,
    "alignment": PLACE,
    "style": {
        "spun", "substituted", "chatbot_residue", "stock_phrases", "odd_words", "exchanged_words",
    },
    "boilerplate": None,
    "provenance": {"detector", "models", "encoder", "index", "examined"},
}  # fmt: skip
KINDS = "eel-d1 eel-d2 eel-d3 bridge-d4 vote-d1 final-d3 trial-d4 eel-h1 misc-h1".split()
LABELS = {"original", "derivative", "republication", "undecided"}
RELATIONS = set("copy spun rewrite summary mosaic headline-only same-event none".split())


@pytest.fixture(params=KINDS)
def report(request: pytest.FixtureRequest, examined: Examined) -> Report:
    return examined(request.param)


def unusual_reports(news: News) -> list[Report]:
    """Return reports in which much is missing."""
    bare = Article.from_text("The port reopened on Friday.", id="bare")
    empty = Detector.from_sources([])
    return [
        empty.examine(bare),
        empty.examine(news["eel-d1"]),
        compare(bare, bare.named("too")),
        compare(Article("", "empty"), news["eel-s1"]),
        compare(news["eel-d1"], Article("…", "wordless")),
    ]


def keys_of(shown: dict[str, object]) -> dict[str, object]:
    """Return the names of a report's fields, as ``SCHEMA`` lists them."""
    found: dict[str, object] = {}
    for name, value in shown.items():
        if isinstance(value, dict):
            found[name] = set(value) - {"sources"} if name == "derivation" else set(value)
        elif name in {"passages", "alignment"} and isinstance(value, list) and value:
            found[name] = {key for entry in value for key in entry}
        else:
            found[name] = SCHEMA.get(name, "unknown")
    return found


def test_a_report_has_the_fields_of_the_contract(report: Report) -> None:
    assert keys_of(report.to_dict()) == SCHEMA


def test_no_field_is_ever_missing(news: News) -> None:
    for report in unusual_reports(news):
        assert keys_of(report.to_dict()) == SCHEMA


def test_every_report_is_json_without_nan(report: Report, news: News) -> None:
    for each in (report, *unusual_reports(news)):
        shown = each.to_dict(with_text=True)
        assert json.loads(json.dumps(shown, allow_nan=False)) == shown


def test_inner_fields_are_nested_as_in_the_contract(examined: Examined) -> None:
    shown = examined("bridge-d4").to_dict()
    derivation, verdict = shown["derivation"], shown["verdict"]
    assert set(derivation["source"]) == {"id", "url", "title", "published"}
    assert all(set(reason) == {"signal", "value", "contribution", "says"} for reason in
               verdict["reasons"])  # fmt: skip
    assert all(set(other) == {"id", "probability"} for other in derivation["other_sources"])
    assert {source["id"] for source in derivation["sources"]} == {"bridge-s1", "bridge-s2"}
    assert shown["provenance"]["detector"] == __version__
    assert shown["provenance"]["index"] == "memory"
    assert shown["provenance"]["examined"] == [
        "derivation", "credit", "plugs", "fabrications", "style",
    ]  # fmt: skip
    assert all(name and digest for name, digest in shown["provenance"]["models"].items())


def test_values_are_of_the_kinds_the_contract_names(report: Report) -> None:
    shown = report.to_dict()
    derivation = shown["derivation"]
    assert shown["schema_version"] == 1
    assert shown["verdict"]["label"] in LABELS
    assert derivation["relation"] in RELATIONS
    shares = [shown["verdict"]["risk"], derivation["probability"], derivation["coverage"]]
    assert all(0 <= share <= 1 for share in [*shares, derivation["source_coverage"]])
    assert set(derivation["found_by"]) <= {"terms", "meaning", "shingles", "headline"}
    assert shown["credit"]["status"] in {
        "credited",
        "linked",
        "licensed",
        "uncredited",
        "not-applicable",
    }
    for match in (*shown["passages"], *shown["alignment"]):
        assert match["kind"] in {"identical", "minor-change", "same-meaning"}
        assert 0 <= match["similarity"] <= 1


def test_the_article_is_described_as_it_is(examined: Examined, news: News) -> None:
    article = news["eel-d2"]
    assert examined("eel-d2").to_dict()["article"] == {
        "id": "eel-d2",
        "url": article.url,
        "site": "planetpulsedaily.example",
        "title": article.title,
        "published": "2025-09-19T14:20:00+00:00",
        "words": article.words,
    }


def test_offsets_are_half_open_places_in_both_texts(report: Report, news: News) -> None:
    shown = report.to_dict(with_text=True)
    text = shown["article"]["text"]
    for match in (*shown["passages"], *shown["alignment"]):
        source = news[match["source"]].text
        assert 0 <= match["start"] < match["end"] <= len(text)
        assert 0 <= match["source_start"] < match["source_end"] <= len(source)
    for evidence in shown["credit"]["evidence"]:
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_an_identical_sentence_is_quoted_from_both_texts(examined: Examined, news: News) -> None:
    sentence = "The European eel, listed as critically endangered since 2008, breeds"
    report = examined("eel-d1")
    (match,) = (
        m
        for m in report.to_dict()["alignment"]
        if report.article.text.startswith(sentence, m["start"])
    )
    assert match["kind"] == "identical"
    assert news["eel-s1"].text.startswith(sentence, match["source_start"])


def test_passages_and_matches_are_disjoint_and_in_order(report: Report) -> None:
    shown = report.to_dict()
    for series in (shown["passages"], shown["alignment"]):
        for before, after in pairwise(series):
            assert before["end"] <= after["start"]


def test_the_text_is_carried_only_when_asked_for(examined: Examined, news: News) -> None:
    report = examined("eel-d1")
    assert "text" not in report.to_dict()["article"]
    carried = report.to_dict(with_text=True)
    assert carried["article"].pop("text") == news["eel-d1"].text
    (source,) = carried.pop("source_texts")
    assert source["text"] == news["eel-s1"].text
    assert {source["id"], source["site"]} == {"eel-s1", "tidewaterreview.example"}
    assert carried == report.to_dict()


def test_two_calls_give_equal_but_separate_values(examined: Examined) -> None:
    report = examined("eel-d1")
    first = report.to_dict()
    first["verdict"]["reasons"].clear()
    first["provenance"]["models"].clear()
    assert report.to_dict()["verdict"]["reasons"]
    assert report.to_dict()["provenance"]["models"]


def test_the_text_form_names_what_an_editor_needs(examined: Examined, news: News) -> None:
    text = examined("eel-d2").text()
    source = news["eel-s1"]
    for needed in (
        news["eel-d2"].title,
        "planetpulsedaily.example, 2025-09-19",
        "DERIVATIVE",
        "uncredited",
        "not a judgment of guilt",
        source.title,
        "tidewaterreview.example, 2025-09-18",
        "id eel-s1",
        "Why",
        "Where it comes from",
        "We did not expect to watch animals swim up to the same screen",
    ):
        assert needed is not None
        assert needed in text


def test_the_text_form_names_every_source_of_a_mosaic(examined: Examined) -> None:
    text = examined("bridge-d4").text()
    assert "id bridge-s1" in text
    assert "id bridge-s2" in text


def test_the_text_form_gives_places_that_hold(examined: Examined) -> None:
    report = examined("eel-d2")
    text = report.text()
    longest = sorted(report.passages, key=lambda pair: -pair[1].span.length)[:SHOWN_PASSAGES]
    for _, match in longest:
        assert f"{match.span.start}–{match.span.end}" in text
        assert f"{match.source_span.start}–{match.source_span.end}" in text
        beginning = " ".join(match.span.of(report.article.text)[: QUOTED // 5].split())
        assert beginning in " ".join(text.split())


def test_an_original_article_shows_no_stolen_passages(examined: Examined) -> None:
    for id in ("eel-h1", "misc-h1"):
        text = examined(id).text()
        assert "ORIGINAL" in text
        assert "Where it comes from" not in text


@pytest.mark.parametrize("width", [60, 80, WIDTH, 140])
def test_evidence_is_wrapped_to_the_width(report: Report, width: int) -> None:
    _, _, evidence = report.text(width=width).partition("\n  Why")
    assert evidence
    assert [line for line in evidence.splitlines() if len(line) > width] == []


def test_every_line_of_the_text_form_ends_clean(report: Report) -> None:
    for line in report.text().splitlines():
        assert line == line.rstrip()


def test_the_text_form_of_a_bare_article_is_told_too(news: News) -> None:
    for report in unusual_reports(news):
        assert report.verdict.label.upper() in report.text()


# --- invented details -----------------------------------------------------------------------------

FINDING = {
    "start", "end", "text", "kind", "verdict", "probability", "source_start", "source_end",
    "source_text", "source", "why",
}  # fmt: skip


def test_invented_details_are_listed_as_in_the_contract(examined: Examined, news: News) -> None:
    shown = examined("eel-d2").to_dict()["fabrications"]
    assert shown
    for entry in shown:
        assert set(entry) == FINDING
        assert news["eel-d2"].text[entry["start"] : entry["end"]] == entry["text"]
        assert (entry["source_text"] is None) == (entry["verdict"] == "unsupported")
        if entry["verdict"] == "contradicted":
            source = news[entry["source"]].text
            assert source[entry["source_start"] : entry["source_end"]] == entry["source_text"]


def test_an_honest_report_is_not_said_to_invent(examined: Examined) -> None:
    for id in ("eel-h1", "misc-h1"):
        assert examined(id).to_dict()["fabrications"] == []


def test_the_text_shows_each_invented_detail_with_its_reason(examined: Examined) -> None:
    report = examined("eel-d2")
    text = " ".join(report.text().split())
    assert f"Not in the source ({len(report.fabrications)} details)" in text
    for finding in report.fabrications:
        assert " ".join(finding.why.split()) in text
        assert f"{finding.kind}, {finding.verdict}" in text


def test_a_text_without_inventions_has_no_such_lines(examined: Examined) -> None:
    report = examined("vote-d1")
    assert report.fabrications == ()
    assert "Not in the source" not in report.text()
