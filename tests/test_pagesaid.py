"""Claims about what a page says of itself."""

from __future__ import annotations

import re

import pytest
from trafilatura.metadata import extract_author
from trafilatura.xpaths import AUTHOR_XPATHS

from detector.extract import page_tree
from detector.pagesaid import AUTHOR_WORDS, said_of

STORY = "<p>The ferry to Norrholm was cancelled on Monday.</p>"


@pytest.mark.parametrize(
    "byline",
    [
        "<a rel='author' href='/ida'>Ida Berg</a>",
        "<p class='byline'>By Ida Berg</p>",
        "<span itemprop='author'>Ida Berg</span>",
        "<div id='Author-box'>Ida Berg</div>",
        "<div class='story-writer'>Ida Berg</div>",
        "<p data-component='Byline'>Ida Berg</p>",
        "<author>Ida Berg</author>",
    ],
)
def test_a_byline_is_found_by_what_its_element_is_called(byline: str) -> None:
    said = said_of(page_tree(f"<html><body>{byline}{STORY}</body></html>"), None, date=False)
    assert said.author == "Ida Berg"


def test_a_page_without_a_byline_has_no_author() -> None:
    said = said_of(page_tree(f"<html><body>{STORY}</body></html>"), None, date=False)
    assert said.author is None


def test_every_name_that_trafilatura_looks_for_holds_a_word_of_ours() -> None:
    paths = " ".join(path.path for path in AUTHOR_XPATHS)
    quoted = [word for group in re.findall(r"'([^']+)'", paths) for word in group.split("|")]
    missing = [word for word in quoted if not any(ours in word for ours in AUTHOR_WORDS)]
    # 'me' is the text of an element <rel>, which is looked for as well
    assert set(missing) <= {"me"}


@pytest.mark.parametrize("around", ['<div class="sidebar">', '<figure class="author">', "<time>"])
def test_a_byline_in_a_part_that_rules_drop_names_no_author(around: str) -> None:
    byline = '<p class="byline">By Ana Reyes</p>'
    page = page_tree(f"<html><body>{around}<p>Harbour news{byline}{STORY}</body></html>")
    assert said_of(page, None, date=False).author is None


def test_the_rules_find_the_same_author_in_a_copy_of_what_may_name_one() -> None:
    odd = '<div id="&#1;comments"><sp"an class="x"><h4 class="authors">Of us</h4></sp"an></div>'
    byline = '<div><p class="writer">By <b rel="author">Ana Reyes</b></p></div>'
    tree = page_tree(f"<html><body>{odd}{STORY}{byline}</body></html>")
    assert said_of(tree, None, date=False).author == extract_author(tree) == "Of us"
