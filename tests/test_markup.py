"""Claims about reading plain text, Markdown and text with inline HTML."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.article import WORD
from detector.errors import BadInput
from detector.markup import article_from_markup

FERRY = "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why."
HARBOUR = "Its owner, a dairy co-operative, said a gearbox had failed twice within a week."


def styled(text: str, size: str, extra: str = "") -> str:
    return f'<span style="color:#111111; font-size:{size};{extra}">{text}</span>'


def body(text: str) -> str:
    """Read a text under a headline of its own, so that its first line is not taken for one."""
    return article_from_markup(f"# Headline\n\n{text}").text


def test_styled_header_lines_become_title_standfirst_and_date() -> None:
    article = article_from_markup(
        f"{styled('Islands', '11pt')} {styled('| Timetables', '11pt')}\n"
        f"{styled('No boat to Norrholm', '22pt')}\n"
        f"{styled('<i>An island waits</i> for a gearbox', '11pt')}\n"
        f"{styled('March 4th 2024', '6pt')}\n\n"
        f"![a pier](pier.jpg)\n\n{FERRY}\n\n{HARBOUR}\n"
    )
    assert article.title == "No boat to Norrholm"
    assert article.text == f"An island waits for a gearbox\n\n{FERRY}\n\n{HARBOUR}"
    assert article.published == datetime(2024, 3, 4, tzinfo=UTC)
    assert article.url is None


def test_a_date_set_larger_than_the_title_is_still_no_title() -> None:
    article = article_from_markup(
        f"{styled('4 March 2024', '30pt')}\n{styled('No boat to Norrholm', '20pt')}\n{FERRY}"
    )
    assert (article.title, article.text) == ("No boat to Norrholm", FERRY)
    assert article.published == datetime(2024, 3, 4, tzinfo=UTC)


def test_a_styled_paragraph_is_no_header() -> None:
    article = article_from_markup(f"{styled(FERRY, '12pt')}\n\n{styled(HARBOUR, '12pt')}")
    assert article.title is None
    assert article.text == f"{FERRY}\n\n{HARBOUR}"


def test_a_line_only_partly_in_a_span_is_no_header() -> None:
    article = article_from_markup(f"{styled('Norrholm', '22pt')}: {FERRY}\n\n{HARBOUR}")
    assert article.title is None
    assert article.text == f"Norrholm: {FERRY}\n\n{HARBOUR}"


def test_a_markdown_heading_at_the_top_is_the_title_and_later_ones_stay_lines() -> None:
    article = article_from_markup(f"# Boats stop.\n\n{FERRY}\n\n## A gearbox\n\n{HARBOUR}")
    assert article.title == "Boats stop."
    assert article.text == f"{FERRY}\n\nA gearbox\n\n{HARBOUR}"


def test_a_plain_first_line_that_reads_as_a_headline_is_the_title() -> None:
    article = article_from_markup(f"No boat to Norrholm\n{FERRY}\nA gearbox fails\n{HARBOUR}")
    assert article.title == "No boat to Norrholm"
    assert article.text == f"{FERRY}\nA gearbox fails\n{HARBOUR}"


def test_a_first_line_that_is_a_paragraph_stays_in_the_text() -> None:
    article = article_from_markup(f"{FERRY}\nA gearbox fails\n{HARBOUR}")
    assert article.title is None
    assert article.text == f"{FERRY}\nA gearbox fails\n{HARBOUR}"


def test_a_lone_line_is_text_and_no_title() -> None:
    article = article_from_markup("No boat to Norrholm")
    assert (article.title, article.text) == (None, "No boat to Norrholm")


def test_a_list_item_is_no_headline() -> None:
    article = article_from_markup(f"- boats that stopped\n- boats that run\n{FERRY}")
    assert article.title is None


def test_inline_tags_go_and_their_text_stays() -> None:
    marked = 'The <b>ferry</b> to <a href="https://x.example/">Norrholm</a> <i>did not</i> run.'
    assert body(marked) == "The ferry to Norrholm did not run."


def test_block_tags_and_line_breaks_part_lines() -> None:
    assert body(f"<p>{FERRY}</p><p>{HARBOUR}</p>one<br/>two") == f"{FERRY}\n\n{HARBOUR}\none\ntwo"


def test_entities_become_characters_and_a_written_tag_stays_text() -> None:
    assert body("Fish &amp; chips &lt;b&gt; at 5&nbsp;kroner.") == "Fish & chips <b> at 5 kroner."


def test_a_smaller_sign_is_no_tag() -> None:
    assert body("Waves < 2 m and wind > 3 m/s stop no boat.") == (
        "Waves < 2 m and wind > 3 m/s stop no boat."
    )


def test_markdown_signs_go() -> None:
    marked = (
        "> The **ferry** is *late* and [here](https://x.example/a_(b)) is __why__.\n\n---\n\nEnd."
    )
    assert body(marked) == "The ferry is late and here is why.\n\nEnd."


def test_stars_and_underscores_inside_sums_and_names_stay() -> None:
    assert body("Take 3 * 4 * 5 crates to pier_no_7 now.") == (
        "Take 3 * 4 * 5 crates to pier_no_7 now."
    )


def test_images_and_comments_go() -> None:
    assert body(f"{FERRY}\n\n![](a/b.png)\n\n<!-- a\nnote -->{HARBOUR}") == f"{FERRY}\n\n{HARBOUR}"


def test_a_split_word_is_joined_but_a_suspended_hyphen_stays() -> None:
    assert body("A deep- sea co- operation, pre- and post-war, Vor- und Nachteile.") == (
        "A deep-sea co-operation, pre- and post-war, Vor- und Nachteile."
    )


def test_a_dash_between_spaces_joins_nothing() -> None:
    assert body("The boat - a ferry - and the pier – a ruin – remain.") == (
        "The boat - a ferry - and the pier – a ruin – remain."
    )


def test_a_soft_hyphen_at_an_old_line_end_vanishes() -> None:
    assert body("The gear\u00ad\nbox and the pro\u00adpeller failed.") == (
        "The gearbox and the propeller failed."
    )


def test_hard_line_ends_inside_paragraphs_are_undone() -> None:
    article = article_from_markup(
        "The ferry to Norrholm was cancelled on Monday morning, and none of\n"
        "the forty people who stood on the pier in the rain had been told a\n"
        "reason by the company, which is owned by a dairy and a long-\n"
        "established bakery.\n\n"
        "A gearbox had failed for the second time within a week, a mechanic\n"
        "explained later to those who were still there, and a new one would\n"
        "come by train.\n"
    )
    assert article.title is None
    assert article.text == (
        "The ferry to Norrholm was cancelled on Monday morning, and none of the forty people who "
        "stood on the pier in the rain had been told a reason by the company, which is owned by a "
        "dairy and a long-established bakery.\n\n"
        "A gearbox had failed for the second time within a week, a mechanic explained later to "
        "those who were still there, and a new one would come by train."
    )


def test_short_lines_of_unlike_length_stay_lines() -> None:
    lines = "Norrholm at noon, every day but Sunday\nVik\nThe old pier, on request\nAsk\nEnd of it"
    assert article_from_markup(f"Boats\n{lines}").text == lines


def test_line_ends_of_any_system_become_one() -> None:
    article = article_from_markup(f"\ufeffNo boat\r\n\r\n{FERRY}\r\n\r\n\r\n{HARBOUR}\rEnd.")
    assert article.title == "No boat"
    assert article.text == f"{FERRY}\n\n{HARBOUR}\nEnd."


@pytest.mark.parametrize(
    "note",
    [
        "This article was downloaded by a reader from https://news.example/a/1?b=2&amp;c=3.",
        styled(
            "This page was saved by Anna from "
            "[https://news.example/a/1?b=2&c=3](https://news.example/a/1?b=2&c=3)",
            "6pt",
        ),
        "Printed on 4 March 2024 from <https://news.example/a/1?b=2&c=3>",
        "Downloaded from [our site](https://news.example/a/1?b=2&c=3)",
    ],
)
def test_a_download_note_goes_and_leaves_its_address(note: str) -> None:
    article = article_from_markup(f"# No boat\n\n{FERRY}\n\n{HARBOUR} ■\n\n{note}\n")
    assert article.url == "https://news.example/a/1?b=2&c=3"
    assert article.site == "news.example"
    assert article.text == f"{FERRY}\n\n{HARBOUR}"


def test_an_address_given_wins_over_a_download_note() -> None:
    note = "Downloaded from https://news.example/1"
    article = article_from_markup(f"{FERRY}\n\n{note}", url="https://other.example/2", id="7")
    assert (article.url, article.id, article.text) == ("https://other.example/2", "7", FERRY)


def test_a_sentence_on_downloads_is_no_download_note() -> None:
    last = "The new timetable can be downloaded from https://boats.example/times, the firm said."
    article = article_from_markup(f"{FERRY}\n\n{last}")
    assert article.url is None
    assert article.text == f"{FERRY}\n\n{last}"


@pytest.mark.parametrize("mark", [" ■", "\n\n■", "\n###", "\n\n-30-\n"])
def test_an_end_mark_goes(mark: str) -> None:
    assert body(FERRY + mark) == FERRY


@pytest.mark.parametrize("raw", ["", " \n\r\n", "■", "<b></b>", "![](a.png)", "\0", "---"])
def test_what_holds_no_word_is_refused(raw: str) -> None:
    with pytest.raises(BadInput, match="no text"):
        article_from_markup(raw)


def test_a_header_without_a_text_is_refused() -> None:
    with pytest.raises(BadInput, match="give an article with paragraphs"):
        article_from_markup(f"{styled('No boat', '22pt')}\n{styled('4 March 2024', '6pt')}")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "[",
        "![",
        "[a](",
        "<span ",
        "<!--",
        "<p>",
        "*",
        "**a",
        "_ ",
        "# ",
        "- ",
        "1. ",
        "> ",
        "=",
        "(",
        "\n",
        "a\n",
        " ",
        "&amp;",
        "\u00ad",
        "■",
        "https://x ",
        styled("", "9pt"),
    ],
)
def test_two_megabytes_of_anything_take_bounded_time(piece: str) -> None:
    raw = f"{FERRY}\n" + piece * (2_000_000 // len(piece))
    started = time.process_time()
    article = article_from_markup(raw)
    assert time.process_time() - started < 10
    assert article.text.startswith(FERRY)


@given(st.text(max_size=300))
def test_any_text_gives_an_article_or_a_clear_refusal(raw: str) -> None:
    try:
        article = article_from_markup(raw)
    except BadInput as error:
        said = str(error)
    else:
        said = "read"
        assert WORD.search(article.text)
        assert "\r" not in article.text
    assert "\n" not in said


@given(
    st.lists(st.sampled_from(["ferry", "- ", "*", "<b>", "\n", "[a](b)", "# ", "&lt;", "■", " "]))
)
def test_reading_is_the_same_each_time(pieces: list[str]) -> None:
    raw = f"# Headline\n{FERRY}\n" + "".join(pieces)
    assert article_from_markup(raw) == article_from_markup(raw)
