"""Claims about the tools for assistants, asked by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest
from conftest import FIXTURES, ROOT
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, Tool
from webserver import Site, serving
from webserver import answer as sent

from detector.article import Article
from detector.factrecords import fact_record
from detector.facts import facts
from detector.pipeline import Detector, compare

SOURCES = str(FIXTURES / "sources.jsonl")
Answer = TypeVar("Answer")


def asked(ask: Callable[[Client], Awaitable[Answer]], *arguments: str) -> Answer:
    """Start the server, ask it something, and end it."""

    async def session() -> Answer:
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "detector", "mcp", *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        async with asyncio.timeout(120), Client(server) as client:
            return await ask(client)

    return asyncio.run(session())


def called(name: str, *arguments: str, **given: str) -> CallToolResult:
    async def ask(client: Client) -> CallToolResult:
        return await client.call_tool(name, given)

    return asked(ask, *arguments)


def told(result: CallToolResult) -> str:
    assert result.is_error
    _, _, message = result.content[0].text.partition("Error executing tool ")
    return message.partition(": ")[2]


def test_the_tools_are_three_and_only_read() -> None:
    async def ask(client: Client) -> tuple[list[Tool], str | None]:
        return (await client.list_tools()).tools, client.instructions

    tools, instructions = asked(ask)
    assert [tool.name for tool in tools] == ["score_article", "compare_articles", "list_facts"]
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert not any(tool.annotations.open_world_hint for tool in tools)
    assert all(tool.description for tool in tools)
    assert list(tools[0].input_schema["properties"]) == ["article", "title", "published"]
    assert "no judgment of guilt" in instructions


def test_the_tools_say_what_the_library_says(news: dict[str, Article], examiner: Detector) -> None:
    suspect, source = news["eel-d1"], news["eel-s1"]

    async def ask(client: Client) -> list[object]:
        given = {"article": suspect.text, "title": suspect.title}
        pair = {"suspect": suspect.text, "source": source.text}
        return [
            (await client.call_tool("score_article", given)).structured_content,
            (await client.call_tool("compare_articles", pair)).structured_content,
            (await client.call_tool("list_facts", given)).structured_content,
        ]

    scored, compared, listed = asked(ask, "--sources", SOURCES)
    bare = Article.from_text(suspect.text, title=suspect.title)
    assert scored == as_json(examiner.examine(bare).to_dict())
    pair = compare(Article.from_text(suspect.text), Article.from_text(source.text))
    assert compared == as_json(pair.to_dict())
    assert listed == as_json({"facts": [fact_record(fact) for fact in facts(bare)]})


def as_json(value: object) -> object:
    return json.loads(json.dumps(value))


def test_what_is_wrong_is_told_to_the_assistant() -> None:
    async def ask(client: Client) -> list[CallToolResult]:
        asking = [
            ("score_article", {"article": "The ferry was cancelled."}),
            ("list_facts", {"article": " … "}),
            ("list_facts", {"article": "The ferry.", "published": "someday"}),
            ("list_facts", {"article": "x" * 1_000_001}),
            ("list_facts", {"article": "https://post.example/1"}),
            ("list_facts", {"article": "/etc/passwd"}),
        ]
        return [await client.call_tool(name, given) for name, given in asking]

    *wrong, path = asked(ask)
    assert [told(result).partition(":")[0] for result in wrong] == [
        "this server knows no sources",
        "the text holds no word (3 characters)",
        "published is 'someday', which is no date",
        "the text has 1000001 characters, at most 1000000 are read",
        "this server does not fetch addresses",
    ]
    assert not path.is_error  # a path is a text like any other: no file is read
    assert path.structured_content == {"facts": []}


@pytest.fixture
def site(news: dict[str, Article]) -> Iterator[Site]:
    with serving() as site:
        text = "".join(f"<p>{line}</p>" for line in news["eel-s1"].text.splitlines())
        site.pages["/1"] = sent(f"<!doctype html><html><body>{text}</body></html>".encode())
        yield site


def test_an_address_is_fetched_only_by_a_server_started_to(site: Site) -> None:
    given = {"article": site.url("/1")}
    assert "not on the public internet" in told(called("list_facts", "--fetch", **given))
    assert site.asked == []
    result = called("list_facts", "--fetch", "--allow-private", **given)
    assert not result.is_error
    assert len(result.structured_content["facts"]) > 10
