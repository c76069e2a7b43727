"""Claims about addresses on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import FIXTURES
from webserver import Site, answer, serving

from detector.article import Article
from detector.cli import main
from detector.errors import FetchError

SOURCES = FIXTURES / "sources.jsonl"


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result


def page_of(article: Article) -> bytes:
    """Return an article as a news site shows it."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in article.text.splitlines() if line)
    title = escape(article.title or "")
    return (
        f"<!doctype html><html><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


@pytest.fixture
def site(news: dict[str, Article]) -> Iterator[Site]:
    with serving() as site:
        for id in ("eel-s1", "eel-d1"):
            site.pages[f"/{id}"] = answer(page_of(news[id]), kind="text/html; charset=utf-8")
        yield site


def test_score_fetches_an_address(site: Site) -> None:
    asked = ("score", site.url("/eel-d1"), "--sources", SOURCES, "--format", "json")
    result = run(*asked, "--allow-private")
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    assert report["article"]["url"] == site.url("/eel-d1")
    assert report["derivation"]["source"]["id"] == "eel-s1"


def test_compare_fetches_both_addresses_and_the_rules_once(site: Site) -> None:
    result = run(
        "compare", site.url("/eel-d1"), site.url("/eel-s1"), "--allow-private", "--format", "json"
    )
    assert json.loads(result.stdout)["derivation"]["source"]["url"] == site.url("/eel-s1")
    assert site.asked == ["/robots.txt", "/eel-d1", "/eel-s1"]


def test_an_address_of_ones_own_machine_is_reached_only_when_asked(site: Site) -> None:
    result = run("score", site.url("/eel-d1"), "--sources", SOURCES)
    assert (result.exit_code, result.stdout, result.stderr) == (
        3,
        "",
        "detector: 127.0.0.1 leads to 127.0.0.1, which is not on the public internet: not fetched; "
        "for a machine of your own network allow private addresses (--allow-private)\n",
    )
    assert site.asked == []


def test_robots_txt_is_ignored_only_when_asked(site: Site, news: dict[str, Article]) -> None:
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n")
    asked = ("facts", site.url("/eel-d1"), "--allow-private")
    refused = run(*asked)
    assert (refused.exit_code, refused.stderr.count("\n")) == (3, 1)
    assert "robots.txt forbids it" in refused.stderr
    assert run(*asked, "--ignore-robots").exit_code == 0


def test_an_article_is_made_from_an_address(site: Site, news: dict[str, Article]) -> None:
    article = Article.from_url(site.url("/eel-s1"), allow_private=True)
    assert (article.title, article.site) == (news["eel-s1"].title, "127.0.0.1")
    with pytest.raises(FetchError, match="not on the public internet"):
        Article.from_url(site.url("/eel-s1"))
