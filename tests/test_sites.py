"""Claims about results read back, and about what they say of each site."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from detector.cli import main
from detector.errors import BadInput
from detector.evaluation.shares import Share
from detector.report import Report
from detector.results import Invention, NamedSource, Promotion, Result, Unread, read_results
from detector.sites import Counted, networks_of, sites_of

DAY = "2025-03-0{}T00:00:00+00:00"
QUOTE = Invention("quote", "“We never saw it coming”", "unsupported")


def result(
    id: str,
    site: str,
    label: str = "derivative",
    *,
    source: str = "s1",
    plugs: tuple[Promotion, ...] = (),
    inventions: tuple[Invention, ...] = (),
    day: int = 2,
) -> Result:
    from detector.article import parse_date

    named = NamedSource(source, None, None, f"{source}.example", parse_date(DAY.format(1)))
    return Result(
        offset=0, id=id, title=None, url=None, site=site, published=parse_date(DAY.format(day)),
        words=300, label=label, relation="copy", probability=0.9, risk=0.9, coverage=0.8,
        credit="uncredited", source=named, plugs=plugs, inventions=inventions,
    )  # fmt: skip


def test_a_site_is_summed_up_with_its_interval_lag_sources_and_brands() -> None:
    shop = Promotion("Shop", "shop.example")
    (site,) = sites_of(
        [
            result("a", "x.example", day=2, plugs=(shop, shop)),
            result("b", "x.example", day=4, inventions=(QUOTE, QUOTE)),
            result("c", "x.example", "original"),
        ]
    )
    assert site.derivative == Share(2, 3)
    assert site.uncredited == Share(2, 2)
    assert site.median_lag_hours == 48
    assert site.sources == (Counted("s1.example", 2),)
    assert site.brands == (Counted("Shop", 1),)
    assert site.inventions_per_derivative == 1


def test_sites_are_tied_by_domains_and_invented_quotes_not_by_one_source() -> None:
    shop = Promotion("Shop", "shop.example")
    apart = [result("a", "a.example"), result("b", "b.example")]
    assert networks_of(apart) == ()
    tied = [
        result("a", "a.example", plugs=(shop,)),
        result("b", "b.example", plugs=(Promotion("The Shop", "SHOP.example"),)),
        result("c", "c.example", inventions=(QUOTE,)),
        result("d", "b.example", inventions=(QUOTE,)),
        result("e", "e.example"),
    ]
    (network,) = networks_of(tied)
    assert network.sites == ("a.example", "b.example", "c.example")
    shared = {tie.sites: (tie.brands, len(tie.inventions)) for tie in network.ties}
    assert shared == {
        ("a.example", "b.example"): (("shop.example",), 0),
        ("b.example", "c.example"): ((), 1),
    }


def test_the_order_of_results_changes_neither_sums_nor_the_picture() -> None:
    shop = Promotion("Shop", None)
    results = [result(str(n), f"{n % 7}.example", plugs=(shop,)) for n in range(20)]
    assert sites_of(results) == sites_of(results[::-1])
    assert networks_of(results) == networks_of(results[::-1])
    drawn = networks_of(results)[0].drawn
    assert len({(each.x, each.y) for each in drawn}) == 7
    assert all(0 <= each.x <= 1 and 0 <= each.y <= 1 for each in drawn)


def test_what_a_scan_writes_is_read_back(examined: Callable[[str], Report], tmp_path: Path) -> None:
    report = examined("eel-d2")
    failed = {"error": "no text", "origin": "x", "line": 2, "id": None}
    lines = [json.dumps(report.to_dict()), json.dumps(failed)]
    (tmp_path / "found.jsonl").write_text("\n".join(lines), "utf8")
    read, unread = read_results(tmp_path / "found.jsonl")
    assert unread == Unread("x", "no text")
    assert isinstance(read, Result)
    assert (read.id, read.site, read.relation) == ("eel-d2", "planetpulsedaily.example", "rewrite")
    assert read.source is not None
    assert (read.source.id, read.source.site) == ("eel-s1", "tidewaterreview.example")
    assert len(read.inventions) == len(report.fabrications)
    (tmp_path / "one.json").write_text(json.dumps(report.to_dict(), indent=1), "utf8")
    assert list(read_results(tmp_path / "one.json")) == [read]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("no json", "is no JSON"),
        ('{"text": "an article"}', "is no report"),
        ('{"schema_version": 9, "verdict": {}}', "schema version 9"),
        ('{"verdict": {"label": 3}, "article": {"id": 1}, "derivation": {}}', "id is 1, no text"),
    ],
)
def test_a_line_that_is_no_report_is_told_by_its_place(
    tmp_path: Path, line: str, says: str
) -> None:
    (tmp_path / "found.jsonl").write_text(line + "\n", "utf8")
    with pytest.raises(BadInput, match=f"found.jsonl:1 .*{says}"):
        list(read_results(tmp_path / "found.jsonl"))


@pytest.fixture
def scan(examined: Callable[[str], Report], tmp_path: Path) -> Path:
    shown = [examined(id).to_dict() for id in ("eel-d1", "eel-h1")]
    mill, formula = (report["article"] for report in shown)
    mill["site"], formula["site"] = "mill.example", "=1+1"
    many = [json.dumps(shown[0] | {"article": mill | {"id": str(n)}}) for n in range(12)]
    path = tmp_path / "found.jsonl"
    path.write_text("\n".join([*many, json.dumps(shown[1])]) + "\n", "utf8")
    return path


def test_a_blocklist_takes_an_explicit_share_and_count(scan: Path) -> None:
    run = CliRunner().invoke
    refused = run(main, ["sites", str(scan), "--format", "hosts"])
    assert refused.exit_code == 2
    assert "--min-share" in refused.stderr
    asked = ["sites", str(scan), "--min-share", "0.5", "--min-articles"]
    assert "0.0.0.0 mill.example\n" in run(main, [*asked, "12", "--format", "hosts"]).stdout
    assert "||mill.example^$document\n" in run(main, [*asked, "12", "--format", "ublock"]).stdout
    assert "mill.example" not in run(main, [*asked, "13", "--format", "hosts"]).stdout


def test_a_spreadsheet_runs_no_site_as_a_formula(scan: Path) -> None:
    lines = CliRunner().invoke(main, ["sites", str(scan), "--format", "csv"]).stdout.splitlines()
    assert lines[0].startswith("site,examined,derivatives,derivative_share,derivative_low")
    assert lines[1].startswith("mill.example,12,12,1.0,0.757")
    assert lines[2].startswith("'=1+1,1,0,0.0")


def test_sites_and_their_ties_are_given_to_programs_too(scan: Path) -> None:
    said = json.loads(CliRunner().invoke(main, ["sites", str(scan), "--format", "json"]).stdout)
    mill, formula = said["sites"]
    assert mill["site"] == "mill.example"
    assert mill["examined"] == 12
    assert mill["derivative"]["value"] == 1
    assert mill["derivative"]["low"] == pytest.approx(0.757, abs=1e-3)
    assert formula["derivative"]["value"] == 0
    assert said["networks"] == []


def test_the_page_of_a_scan_is_the_same_each_time(scan: Path, tmp_path: Path) -> None:
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    for page in pages:
        assert CliRunner().invoke(main, ["report", str(scan), "-o", str(page)]).exit_code == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert b"default-src 'none'" in pages[0].read_bytes()
