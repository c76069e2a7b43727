"""Spark on this machine against the local scan: the same articles, the same findings?

    python scripts/benchmarks/spark_local.py crawl.jsonl.gz --articles 5000

Runs ``detector.integrations.spark`` with ``local[2]`` and ``detector.scan`` on the first articles
of a crawl, one after the other; the last line is JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import click
import pyarrow as pa
from pyarrow import parquet
from pyspark.sql import SparkSession

from detector.article import Article
from detector.integrations.spark import Settings, find_derivatives
from detector.pipeline import Detector
from detector.readers import read_articles
from detector.report import Report
from detector.scan import scan

STAGES = ("fingerprints", "passed_over", "candidates", "reports")


def record(article: Article) -> dict[str, str | None]:
    names = ("id", "title", "url", "site", "author", "text")
    published = article.published.isoformat() if article.published else None
    return {**{name: getattr(article, name) for name in names}, "published": published}


def by_spark(
    crawl: Path, folder: Path, settings: Settings
) -> tuple[dict[str, dict], set[tuple[str, str]], dict]:
    """Return the reports by id, the pairs compared, and how long each stage took and how large."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.local.dir", str(folder))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    start = time.time()
    rows = find_derivatives(session, str(crawl), str(folder / "out"), settings).collect()
    measured = {"spark_s": time.time() - start}
    for stage in STAGES:
        done = (folder / "out" / stage / "_SUCCESS").stat().st_mtime
        files = (folder / "out" / stage).glob("*.parquet")
        measured |= {
            f"{stage}_s": done - start,
            f"{stage}_mb": sum(file.stat().st_size for file in files) / 1e6,
        }
        start = done
    candidates = session.read.parquet(str(folder / "out/candidates")).collect()
    pairs = {(row.article, row.source) for row in candidates}
    measured["pairs"] = len(pairs)
    for row in session.read.parquet(str(folder / "out/passed_over")).collect():
        measured[f"passed_over_{row.kind}"] = row["keys"]
    session.stop()
    return {row.id: json.loads(row.report) for row in rows}, pairs, measured


@click.command()
@click.argument("crawl", type=click.Path(exists=True, path_type=Path))
@click.option("--articles", "count", default=5_000, show_default=True)
@click.option("--most-holders", default=Settings().most_holders, show_default=True)
def main(crawl: Path, count: int, most_holders: int) -> None:
    """Print times, sizes, and how far the findings agree."""
    found = (item for item in read_articles([crawl]) if isinstance(item, Article))
    articles = [Article.from_text(**record(article)) for article in islice(found, count)]
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "crawl.parquet"
        parquet.write_table(pa.Table.from_pylist([record(article) for article in articles]), file)
        settings = Settings(partitions=2, most_holders=most_holders)
        reports, pairs, measured = by_spark(file, Path(name), settings)
    start = time.perf_counter()
    local = {
        result.article.id: result.to_dict()
        for result in scan(articles, Detector.from_sources(articles), earlier_only=True)
        if isinstance(result, Report)
    }
    measured = {"articles": len(articles), "local_s": time.perf_counter() - start, **measured}
    flagged = {id for id, r in local.items() if r["verdict"]["label"] == "derivative"}
    theirs = {id for id, r in reports.items() if r.get("verdict", {}).get("label") == "derivative"}
    same = {
        id
        for id in flagged & theirs
        if reports[id]["derivation"]["source"]["id"] == local[id]["derivation"]["source"]["id"]
    }
    shared = {id for id in flagged if (id, local[id]["derivation"]["source"]["id"]) in pairs}
    measured |= {
        "flagged_locally": len(flagged),
        "with_their_source_compared": len(shared),
        "of_these_flagged_by_spark": len(shared & theirs),
        "flagged_by_spark": len(theirs),
        "flagged_by_both": len(flagged & theirs),
        "same_source": len(same),
        "same_label": sum(
            reports[id]["verdict"]["label"] == r["verdict"]["label"] for id, r in local.items()
        ),
    }
    for key, value in measured.items():
        click.echo(f"{key:22} {value:,.1f}")
    for id, r in local.items():
        here, there = (
            f"{each['verdict']['label']} {each['derivation']['probability']:.2f}"
            for each in (r, reports[id])
        )
        if here.split()[0] != there.split()[0]:
            click.echo(f"  {id}: {here} here, {there} by Spark")
    click.echo(json.dumps(measured))


if __name__ == "__main__":
    main()
