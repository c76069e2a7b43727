"""Claims about Spark: the fixtures judged there get the reports of a scan on one machine."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pyspark")
if not shutil.which("java"):
    pytest.skip("Spark needs Java", allow_module_level=True)

import pyarrow as pa
from pyarrow import parquet
from pyspark.sql import DataFrame, SparkSession

from detector.article import Article
from detector.integrations.spark import HEADLINE, TERM, Settings, find_derivatives
from detector.pipeline import Detector
from detector.report import Report
from detector.scan import scan

SETTINGS = Settings(partitions=2)
RUBBISH = {"id": "rubbish", "text": None}
FOOTER = (
    "The harbour bulletin brings you tide tables, ferry news and walks along the coast each week."
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable  # the workers' Python; not asked of the session
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def crawl(news: dict[str, Article]) -> list[Article]:
    """Return the originals, every third of the labelled articles, and pages with one footer."""
    articles = list(news.values())
    pages = [
        Article.from_text(
            f"{original.sentences[1].text} {original.sentences[2].text} {FOOTER}",
            id=f"page{n}",
            site="harbour.example",
            title=f"Harbour notes, part {n}: {original.title}",
        )
        for n, original in enumerate(articles[:5])
    ]
    return articles[:19] + articles[19::3] + pages


def record(article: Article) -> dict[str, str | None]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "site": article.site,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "text": article.text,
    }


@pytest.fixture(scope="module")
def folder(crawl: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spark")
    records = [*map(record, crawl), RUBBISH, {**record(crawl[0]), "text": crawl[1].text}]
    parquet.write_table(pa.Table.from_pylist(records), folder / "crawl.parquet")
    return folder


@pytest.fixture(scope="module")
def found(spark: SparkSession, folder: Path) -> DataFrame:
    return find_derivatives(spark, str(folder / "crawl.parquet"), str(folder / "out"), SETTINGS)


def test_spark_gives_the_reports_of_a_scan(found: DataFrame, crawl: list[Article]) -> None:
    plain = [replace(article, rights=Article.from_text("a").rights) for article in crawl]
    wanted = {}
    for result in scan(plain, Detector.from_sources(plain), earlier_only=True):
        assert isinstance(result, Report)
        wanted[result.article.id] = result
    rows = [row for row in found.collect() if row.label != "failed"]
    assert sorted(row.id for row in rows) == sorted(wanted)
    labels = {row.id: row.label for row in rows}
    ours = {id for id, label in labels.items() if label == "derivative"}
    assert ours == {id for id, report in wanted.items() if report.is_flagged}
    # Candidates are found by other means than on one machine: a doubtful one may be another.
    differ = [id for id, report in wanted.items() if labels[id] != str(report.verdict.label)]
    assert len(differ) <= 1
    assert sum(label == "derivative" for label in labels.values()) > 15
    for row in rows:
        found_there, theirs = json.loads(row.report), wanted[row.id].to_dict()
        if row.label == "derivative":
            assert found_there["derivation"]["source"] == theirs["derivation"]["source"]
            assert found_there["derivation"]["relation"] == theirs["derivation"]["relation"]


def test_what_a_sites_pages_share_is_left_out(found: DataFrame) -> None:
    reports = [json.loads(row.report) for row in found.collect() if row.id.startswith("page")]
    assert len(reports) == 5
    for report in reports:
        assert [place["text"] for place in report["boilerplate"]] == [FOOTER]


def test_what_gives_no_article_is_told_in_its_place(found: DataFrame, crawl: list[Article]) -> None:
    failed = [json.loads(row.report) for row in found.collect() if row.label == "failed"]
    assert [(f["id"], f["line"]) for f in sorted(failed, key=lambda f: f["line"])] == [
        ("rubbish", len(crawl) + 1),
        (crawl[0].id, len(crawl) + 2),
    ]
    assert "its id was used before" in max(failed, key=lambda f: f["line"])["error"]


def test_a_finished_stage_is_passed_over_and_a_broken_one_made_again_the_same(
    spark: SparkSession, folder: Path, found: DataFrame
) -> None:
    before = {row.id + row.label: row.report for row in found.collect()}
    stages = {name: folder / "out" / name / "_SUCCESS" for name in ("candidates", "reports")}
    times = {name: path.stat().st_mtime_ns for name, path in stages.items()}
    stages["reports"].unlink()
    again = find_derivatives(spark, str(folder / "crawl.parquet"), str(folder / "out"), SETTINGS)
    assert {row.id + row.label: row.report for row in again.collect()} == before
    assert stages["candidates"].stat().st_mtime_ns == times["candidates"]
    assert stages["reports"].stat().st_mtime_ns > times["reports"]


def test_what_too_many_share_is_passed_over_and_counted(
    spark: SparkSession, folder: Path, tmp_path: Path
) -> None:
    few = Settings(most_holders=3, partitions=1)
    find_derivatives(spark, str(folder / "crawl.parquet"), str(tmp_path / "out"), few)
    counted = {r.kind: r for r in spark.read.parquet(str(tmp_path / "out/passed_over")).collect()}
    assert {TERM, HEADLINE} <= set(counted)
    assert all(row.entries >= 4 * row.keys > 0 for row in counted.values())
