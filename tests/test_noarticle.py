"""Claims about pages that show no article, and about articles that look like them."""

from __future__ import annotations

import json
import time

import pytest

from detector.article import Article
from detector.errors import NoArticle
from detector.noarticle import PageSigns, why_no_article

STORY = (
    "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why. Its owner, a "
    "dairy on the mainland, said in the afternoon that a gearbox had failed twice within one week. "
    "A replacement is being made in a yard across the sound, where two men who built the first one "
    "still work. Until it comes, the mail goes over in a fishing boat, and so do the children."
)


def page(body: str, *, title: str = "No boat", head: str = "") -> str:
    head = f"<head><title>{title}</title>{head}</head>"
    return f"<!doctype html><html>{head}<body>{body}</body></html>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def linked_data(**fields: object) -> str:
    data = json.dumps({"@type": "NewsArticle", "headline": "No boat", **fields})
    return f'<script type="application/ld+json">{data}</script>'


def stories(count: int, *, teaser: str = "The dairy that owns it says why.") -> str:
    return "".join(
        f'<div class="card"><h3><a href="/{n}">Ferry number {n} was cancelled on Monday</a></h3>'
        f"<p>{teaser}</p></div>"
        for n in range(count)
    )


def refused(html: str) -> str:
    with pytest.raises(NoArticle) as caught:
        Article.from_html(html)
    told = str(caught.value)
    assert told.endswith(", and no article: give the article's own page or text")
    return told.removeprefix("the page is ").partition(", and no article")[0]


@pytest.mark.parametrize(
    "plea",
    [
        "Subscribe to continue reading.",
        "Already a subscriber? Log in",
        "This article is only available to our premium subscribers.",
        "To read the full story, subscribe or sign in",
        "You have reached your limit of free articles this month. Register now to keep reading.",
        "Unlock this article with a trial month.",
    ],
)
def test_a_stub_before_a_pay_wall_is_told(plea: str) -> None:
    assert refused(page(f"<article>{paragraphs(STORY, plea)}</article>")).endswith(
        "words before a pay wall"
    )


@pytest.mark.parametrize("value", [False, "False", "false"])
def test_a_page_that_declares_itself_locked_is_a_stub_when_it_is_short(value: object) -> None:
    head = linked_data(isAccessibleForFree=value)
    assert refused(page(paragraphs(STORY), head=head)) == "the 72 words before a pay wall"
    whole = page(paragraphs(*[STORY] * 4), head=head)  # shown in full all the same
    assert Article.from_html(whole).words == 288


def test_an_invitation_to_subscribe_makes_no_stub_of_a_story() -> None:
    for plea in ("Subscribe to our newsletter for more of this.", "Sign up to receive our updates"):
        assert Article.from_html(page(paragraphs(STORY, plea))).text.startswith(STORY)
    long = page(paragraphs(*[STORY] * 4, "Already a subscriber? Log in"))
    assert Article.from_html(long).words > 270


def test_a_consent_wall_is_told() -> None:
    wall = paragraphs(
        "We value your privacy.",
        "We and our 812 partners store and access personal data, such as cookies, on your device.",
        "By clicking accept you consent to personalised ads and content measurement.",
        "You can change your choices at any time in our privacy policy.",
    )
    buttons = "<button>Accept all</button><button>Reject all</button>"
    assert refused(page(wall + buttons, title="Before you go on")) == (
        "a request for consent to cookies"
    )
    bare = "<div><span>This site uses cookies.</span></div><button>Accept all</button>"
    assert refused(page(bare, title="Norrholm Post")) == "a request for consent to cookies"


def test_a_story_about_cookies_is_a_story() -> None:
    story = paragraphs(
        "The regulator fined the ferry company on Monday for the cookies on its booking page.",
        "Passengers could reject them only on the fifth page, it said, so none had consented.",
        "The company said its booking page had been built by a cousin of the captain.",
        "It will pay in monthly parts, since the gearbox of its only boat has to be paid for too.",
        "The boat is expected back in the water after the winter.",
    )
    assert Article.from_html(page(story, title="Fine for ferry")).words > 70


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found",
        "Page not found",
        "Error 404",
        "Sorry, this page is not available",
        "403 Forbidden",
        "Access Denied",
        "503 Service Unavailable",
        "Oops! Something went wrong",
        "This article is no longer available",
        "Site under maintenance",
    ],
)
def test_an_error_page_that_claims_success_is_told(title: str) -> None:
    text = "The page that you were looking for has moved, or never was. Try the search above."
    assert refused(page(paragraphs(text), title=title)) == f"an error page ({title})"


@pytest.mark.parametrize(
    "title",
    [
        "404 homes to be built on Norrholm",
        "Forbidden love on the ferry",
        "Sorry is the hardest word for a ferryman",
        "Access to the pier denied",
        "Page turns for ferry company",
    ],
)
def test_a_headline_that_begins_like_an_error_is_none(title: str) -> None:
    assert Article.from_html(page(paragraphs(STORY), title=title)).words == 72


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Verify you are human by completing the action below."),
        ("post.example", "Please enable JavaScript and cookies to continue."),
        ("Post", "Our systems have detected unusual traffic from your computer network."),
        ("Are you a robot?", "Please tick the box below to go on to the page that you asked for."),
    ],
)
def test_a_check_for_robots_is_told(title: str, text: str) -> None:
    assert refused(page(paragraphs(text), title=title)) == "a check for robots"


def test_a_list_of_stories_is_told() -> None:
    assert refused(page(stories(12), title="News")) == "a list of stories (12 linked headlines)"
    cards = stories(30, teaser="The dairy says a gearbox has failed. " * 4)
    assert refused(page(cards, title="Ferries")) == "a list of stories (30 linked headlines)"


def test_a_story_with_a_list_of_others_beside_it_is_a_story() -> None:
    together = page(paragraphs(*STORY.split(". ") * 3) + stories(20))
    assert Article.from_html(together).words > 150
    in_one = page(f"<article><div>{STORY}</div></article>{stories(20)}")
    assert STORY in Article.from_html(in_one).text
    declared = page(
        paragraphs(STORY) + stories(20), head='<meta property="og:type" content="article">'
    )
    assert STORY in Article.from_html(declared).text


def test_a_short_honest_story_is_a_story() -> None:
    short = "Two ferries were cancelled on Monday after a gearbox failed."
    assert Article.from_html(page(paragraphs(short))).text == short


def test_no_pattern_takes_long_on_long_text() -> None:
    signs = PageSigns(False, True, 50, 0, "accept " * 3_000)
    start = time.process_time()
    for piece in ("cookies ", "read the full ", "not found ", "you have used all ", "to to ", "x"):
        why_no_article(signs, piece * 10_000, piece * 100_000)
    assert time.process_time() - start < 3
