"""Claims about the Scrapy pipeline, in real crawls of a site on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import FIXTURES, ROOT
from webserver import Site, answer, serving

from detector.article import Article
from detector.cli import main
from detector.pipeline import Detector

pytest.importorskip("scrapy")

SHOWN = ("eel-d1", "eel-h1", "vote-d1")
# A crawl ends the reactor of its process for good: each runs in a process of its own.
SPIDER = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess

start, settings, output, kind = sys.argv[1:]

class Bare(scrapy.Item):
    text = scrapy.Field()
    title = scrapy.Field()
    url = scrapy.Field()

class News(scrapy.Spider):
    name = "news"
    start_urls = [start]

    def parse(self, response):
        yield from response.follow_all(css="a", callback=self.story)

    def story(self, response):
        text = "\\n".join(response.css("p::text").getall())
        found = {"text": text, "title": response.css("h1::text").get(), "url": response.url}
        yield Bare(found) if kind == "bare" else found

process = CrawlerProcess({
    "FEEDS": {output: {"format": "jsonlines"}},
    "ITEM_PIPELINES": {"detector.integrations.scrapy.DerivativePipeline": 500},
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    **json.loads(settings),
})
crawler = process.create_crawler(News)
process.crawl(crawler)
process.start()
print(json.dumps({k: v for k, v in crawler.stats.get_stats().items() if k.startswith("detector/")}))
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scrapy") / "sources.index"
    added = CliRunner().invoke(
        main, ["index", "add", str(FIXTURES / "sources.jsonl"), "--index", str(folder)]
    )
    assert added.exit_code == 0
    return folder


@pytest.fixture(scope="module")
def site(news: dict[str, Article]) -> Iterator[Site]:
    with serving() as site:
        site.pages["/robots.txt"] = answer(b"")
        for id in SHOWN:
            lines = "".join(f"<p>{escape(line)}</p>" for line in news[id].text.split("\n"))
            page = f"<html><h1>{escape(news[id].title or '')}</h1>{lines}</html>"
            site.pages[f"/{id}"] = answer(page.encode(), kind="text/html; charset=utf-8")
        site.pages["/empty"] = answer(b"<html><h1>Nothing</h1></html>")
        links = "".join(f'<a href="/{name}">x</a>' for name in (*SHOWN, "empty"))
        site.pages["/"] = answer(f"<html>{links}</html>".encode())
        yield site


def crawled(
    site: Site, output: Path, kind: str = "dict", **settings: object
) -> tuple[dict[str, dict[str, object]], dict[str, int], str]:
    """Return the crawl's items by path, its statistics, and what it logged."""
    spider = output.with_suffix(".py")
    spider.write_text(SPIDER, encoding="utf8")
    done = subprocess.run(
        [sys.executable, spider, site.url("/"), json.dumps(settings), output, kind],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    lines = output.read_text(encoding="utf8").splitlines() if output.exists() else []
    items = {item["url"].rpartition("/")[2]: item for item in map(json.loads, lines)}
    return items, json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_every_item_is_annotated_and_none_is_dropped(
    site: Site, index: Path, tmp_path: Path, examiner: Detector
) -> None:
    items, counts, _ = crawled(site, tmp_path / "a.jsonl", DETECTOR_INDEX=str(index))
    assert sorted(items) == sorted([*SHOWN, "empty"])
    assert counts == {
        "detector/derivative": 1,
        "detector/republication": 1,
        "detector/original": 1,
        "detector/failed": 1,
    }
    for id in SHOWN:
        bare = {name: str(items[id][name]) for name in ("title", "url")}
        report = examiner.examine(Article.from_text(str(items[id]["text"]), **bare)).to_dict()
        found = items[id]["derivative"]
        assert isinstance(found, dict)
        for part in ("article", "verdict", "derivation", "passages", "fabrications"):
            assert found[part] == json.loads(json.dumps(report[part]))
    assert "has no text" in str(items["empty"]["derivative"])


def test_items_are_dropped_only_when_that_is_set(site: Site, index: Path, tmp_path: Path) -> None:
    items, counts, _ = crawled(
        site,
        tmp_path / "a.jsonl",
        DETECTOR_INDEX=str(index),
        DETECTOR_DROP=["derivative"],
        DETECTOR_FIELD="evidence",
    )
    assert sorted(items) == ["eel-h1", "empty", "vote-d1"]
    assert "evidence" in items["eel-h1"]
    assert counts["detector/dropped"] == 1


def test_an_item_without_the_field_passes_and_that_is_told(
    site: Site, index: Path, tmp_path: Path
) -> None:
    items, counts, log = crawled(site, tmp_path / "a.jsonl", "bare", DETECTOR_INDEX=str(index))
    assert sorted(items) == sorted([*SHOWN, "empty"])
    assert counts["detector/without_field"] == 4
    assert "Bare has no field 'derivative'" in log


def test_without_an_index_the_pipeline_is_off(site: Site, tmp_path: Path) -> None:
    items, counts, log = crawled(site, tmp_path / "a.jsonl")
    assert (len(items), counts) == (4, {}), log
    assert "DETECTOR_INDEX is not set" in log
    assert all("derivative" not in item for item in items.values())
