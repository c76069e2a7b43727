"""Claims about the blocks of a page, what is measured of them, and which are kept."""

from __future__ import annotations

import time

import numpy as np
import pytest
from lxml.html import document_fromstring  # type: ignore[import-untyped]

from detector.blocks import MARKS, PageBlocks, blocks_of
from detector.blocksigns import signals_of, table_of
from detector.mainblocks import main_text, promised, readable, text_of
from detector.maintrees import MAIN_TREES

STORY = (
    "The ferry to Norrholm was cancelled on Monday, and nobody on the pier was told the reason.",
    "Its owner, a dairy on the mainland, said later that a gearbox had failed twice in a week.",
    "A new one is to come by train from the south, two days away, if the line stays open.",
    "Until then a fishing boat takes the post across, but no passengers and no milk.",
)


def read(body: str) -> PageBlocks:
    return blocks_of(document_fromstring(f"<html><body>{body}</body></html>"))


def texts(body: str) -> list[str]:
    return [block.text for block in read(body).blocks]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>One <b>bold</b> <a href='/'>link</a>.</p>tail", ["One bold link.", "tail"]),
        ("<div>Before <p>inside</p> after</div>", ["Before", "inside", "after"]),
        ("one<br>two<br><br>three", ["one", "two", "three"]),
        ("a line\nof the source", ["a line of the source"]),
        ("<pre><code>x = 1\n  y = 2</code><br>z = 3</pre>", ["x = 1\ny = 2\nz = 3"]),
        ("<p>seen<script>unseen()</script> too</p><style>p {}</style>", ["seen too"]),
        ("<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>", ["one", "two", "deep"]),
        ("<span> </span>", []),
    ],
)
def test_a_container_or_a_line_break_ends_a_block(body: str, found: list[str]) -> None:
    assert texts(body) == found


def test_a_block_counts_what_of_it_is_linked() -> None:
    (block,) = read("<p>four<a href='/'>word</a></p>").blocks
    assert (block.linked, block.links, block.inner) == (4, 1, 1)


def test_a_container_bears_the_marks_of_its_attributes_and_the_page_none() -> None:
    page = blocks_of(
        document_fromstring("<html><body class='ad'><div id='Comments' class='x-ad'>a</div></body>")
    )
    found = dict(zip(page.containers.tag[1:], page.containers.marks[1:], strict=True))
    names = {name for number, name in enumerate(MARKS) if found["div"] >> number & 1}
    assert (found["body"], names) == (0, {"comment", "promotion"})


def test_cells_of_a_row_stand_in_one_line() -> None:
    page = read("<table><tr><th>Port</th><td>12</td></tr><tr><td>Pier</td><td>7</td></tr></table>")
    assert text_of(page, np.ones(4, bool)) == "Port | 12\nPier | 7"


def test_a_short_link_is_not_read() -> None:
    page = read(f"<p>{STORY[0]}</p><p><a href='/'>More of this</a></p>")
    assert [block.text for block in readable(page).blocks] == [STORY[0]]


def test_every_block_has_every_signal_the_trees_know() -> None:
    page = read("".join(f"<p>{line}</p>" for line in STORY))
    signals = signals_of(page, "No boat")
    assert tuple(signals) == MAIN_TREES.signals
    assert table_of(page, "No boat").shape == (4, len(MAIN_TREES.signals))
    assert np.isfinite(table_of(page, "")).all()


def test_a_page_of_one_word_is_measured() -> None:
    assert np.isfinite(table_of(read("word"), "")).all()


def test_the_story_is_kept_and_what_stands_around_it_is_not() -> None:
    story = "".join(f"<p>{line}</p>" for line in STORY * 3)
    promo = "<div class='newsletter-signup'><p>Subscribe to our newsletter</p></div>"
    comments = "<div id='comments'><h3>2 comments</h3><p>First! Great boat.</p></div>"
    menu = "<nav><ul><li>Home</li><li>Sport</li></ul></nav>"
    tree = document_fromstring(
        f"<html><body>{menu}<main><h1>No boat</h1><article>{story}</article></main>"
        f"{promo}{comments}<footer><p>© Island Post</p></footer></body></html>"
    )
    found = main_text(tree, "No boat", MAIN_TREES)
    assert [line for line in found.text.split("\n") if line != "No boat"] == list(STORY * 3)


def test_the_promise_is_the_f1_of_certain_blocks() -> None:
    page = read("<p>kept</p><p>left</p>")
    assert promised(page, np.array([1.0, 0.0])) == 1.0
    assert promised(page, np.array([0.5, 0.5])) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 20_000 + "deep",
        "<p class='a'>word" * 20_000,
        "<br>x" * 20_000,
        "<pre>" + "a\n" * 500_000 + "</pre>",
        "".join(f"<i class='{'ad-' * 60}{n}'>w</i>" for n in range(20_000)),
        "".join(f"<p class='{'ad-' * 60}{n}'>w</p>" for n in range(20_000)),
        "<p>" + ".”" * 500_000 + "</p>",
    ],
    ids=["deep", "wide", "breaks", "lines", "inline", "marked", "marks"],
)
def test_pages_made_to_cost_time_cost_little(body: str) -> None:
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    start = time.process_time()
    main_text(tree, "", MAIN_TREES)
    assert time.process_time() - start < 10
