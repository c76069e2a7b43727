"""Claims about page furniture: what stands around a story is known by its words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from detector import Article
from detector.evidence.furniture import furniture, is_mostly_in

STORY = "The council voted on Tuesday to close the pool.\nIts roof had leaked for years."


def told(text: str) -> list[str]:
    return [span.of(text) for span in furniture(Article.from_text(text))]


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Una Grell in Bergen; Editing by Tom Haar)",
        "Additional reporting by Una Grell.",
        "Writing and editing by Una Grell",
        "Divers near the wreck off Bergen on March 3, REUTERS/Una Grell",
        "AP Photo/Una Grell shows the empty pool.",
        "Photo: Una Grell",
        "View photo Swimmers wait outside the pool in Bergen",
        "FILE - In this March 3, 2024 file photo, swimmers wait outside the pool.",
        "Follow Una Grell on Twitter.",
        "@bergenpool on Twitter, become a fan on Facebook Pool to close",
        "Sign up for our morning letter.",
        "Read more: why roofs leak",
        "Copyright © 2024 Bergen Courier.",
        "No part may be used without consent, all rights reserved.",
        "Other Articles Harbour ferry sold Mayor to run again",
        "Related Stories: Harbour ferry sold",
        "Harbour ferry sold for scrap Courier – 29 minutes ago",
        "Harbour ferry sold for scrap Courier – 1 hour 3 minutes ago Change By Una Grell",
        "Tue, Mar 5, 2024, 14:10 GMT - Markets close in 2 hrs Harbour ferry sold",
        "The owner of the ferry, which sank at its berth in March, said that he would …",
    ],
)
def test_a_line_around_the_story_is_furniture(line: str) -> None:
    assert told(f"{STORY}\n{line}") == [line]


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("First Published on March 5, 2024 10:35 am", "Published on March 5, 2024 10:35 am"),
        ("Bergen Courier | Updated: 12:05 GMT", "Updated: 12:05 GMT"),
        ("Shares in Fjordlys (Oslo: FJL.OL - news ) fell.", "(Oslo: FJL.OL - news )"),
        ("Fjordlys (FJL.OL) fell.", "(FJL.OL)"),
    ],
)
def test_a_stretch_of_a_sentence_is_furniture(text: str, stretch: str) -> None:
    assert told(text) == [stretch]


@pytest.mark.parametrize(
    "sentence",
    [
        "The report published on March 5 says that the roof leaked.",
        "Officials updated the figure on 3 May, and again in June.",
        "Photographs of the roof were shown to the council.",
        "Read more than the first page, she advised.",
        "Copyright law was changed in March.",
        "Other topics on the agenda include the harbour.",
        "See the pool from above and you notice the roof.",
        "He was reporting by radio to the harbour.",
        "The ferry sank 29 minutes ago, the captain said.",
        "Follow the leader was the only game they played.",
        "On Tuesday, March 5, 2024, the council met.",
        "The bank (BNK) and the union (NUW) agreed.",
        "“We waited and waited ...",
        "The council (which met twice) voted.",
    ],
)
def test_what_a_story_says_is_no_furniture(sentence: str) -> None:
    assert told(f"{STORY}\n{sentence}") == []


def test_a_credit_takes_in_the_caption_before_it() -> None:
    caption = "Divers near the wreck off Bergen, March 3. REUTERS/Una Grell"
    assert told(f"{STORY}\n{caption}") == [caption]


def test_stretches_stand_apart_and_in_order() -> None:
    text = f"{STORY}\nPhoto: Una Grell. Copyright © 2024 Courier. All rights reserved.\n(FJL.OL)"
    found = furniture(Article.from_text(text))
    assert list(found) == sorted(found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_letters_that_grow_when_made_small_move_nothing() -> None:
    text = f"İİİ {STORY}\nPhoto: Una Grell"
    assert told(text) == ["Photo: Una Grell"]


def test_half_of_a_place_is_most_of_it() -> None:
    article = Article.from_text("Photo: Una Grell\nThe pool closed.")
    (caption,) = furniture(article)
    first, second = article.sentences
    assert is_mostly_in(first.span, [caption])
    assert not is_mostly_in(second.span, [caption])
