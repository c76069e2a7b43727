"""Claims about credit: what proves that a text is credited, linked or licensed; what does not."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from detector.article import Article, Rights
from detector.evidence.credit import Credit, CreditEvidence, credit_of_all, find_credit

SOURCE = Article.from_text(
    "Herring are back.", id="s", url="https://www.tidewaterreview.example/herring"
)
WIRE = Article.from_text("Herring are back.", id="w", url="https://uk.reuters.com/herring")
RELEASE = (
    "NORRHOLM, May 3 (GLOBE NEWSWIRE) -- Hake Ltd opened a cannery at the old pier in Norrholm "
    "that will pack ninety tonnes of herring a week."
)


def credit_of(text: str, source: Article = SOURCE, **fields: str) -> Credit:
    return find_credit(Article.from_text(text, id="a", **fields), source)


def marked(credit: Credit, text: str) -> list[tuple[str, str]]:
    """Return the evidence in a text; its offsets must lead to what it shows."""
    placed = [e for e in credit.evidence if e.start is not None]
    assert [text[e.start : e.end] for e in placed] == [e.text for e in placed]
    return [(e.status, e.text) for e in credit.evidence]


def test_naming_the_outlet_is_credit_at_its_place() -> None:
    text = "Herring are back, according to the Tidewater Review on Monday."
    credit = credit_of(text)
    assert credit.status == "credited"
    (evidence,) = credit.evidence
    assert evidence == CreditEvidence(
        "credited", "Tidewater Review", "names tidewaterreview.example", 35, 51
    )
    assert text[35:51] == "Tidewater Review"


@pytest.mark.parametrize(
    "text",
    [
        "Herring are back, the Tidewater Review reports.",
        "As the Tidewater Review reported on Monday, herring are back.",
        "Herring are back, a story first reported by the Tidewater Review.",
        "Herring are back, says a report in Monday's Tidewater Review.",
        "The Tidewater Review's report says that herring are back.",
        "The Tidewater Review's Tove Lund writes that herring are back.",
        "The Tidewater Review has a splendid long read on herring.",
        "Herring are back.\n\nSource: Tidewater Review",
        "Herring are back (Tidewater Review).",
        "Herring are back. Via tidewaterreview.example",
        "A letter obtained by The Tidewater Review says that herring are back.",
    ],
)
def test_a_word_of_attribution_beside_the_name_is_credit(text: str) -> None:
    assert credit_of(text).status == "credited"


@pytest.mark.parametrize(
    "text",
    [
        "Herring are back, and the Tidewater Review has pieced together why.",
        "The quarrel over herring, examined by the Tidewater Review, goes on.",
        "A visit by the Tidewater Review found three boats idle.",
    ],
)
def test_a_longer_name_is_credit_in_any_words(text: str) -> None:
    assert credit_of(text).status == "credited"


def test_a_name_that_came_along_with_the_source_is_no_credit() -> None:
    source = replace(SOURCE, text=f"{SOURCE.text} The skipper reads the Tidewater Review.")
    assert credit_of("He keeps the Tidewater Review on deck.", source).status == "uncredited"


@pytest.mark.parametrize(
    "text",
    [
        "Herring are back, and nets were cast.",
        "Herring are back, according to the Harbour Gazette.",
        "The Tidewater Review will cut ninety posts, and its printers are on strike.",
        "The Tidewater Review said it would cut ninety posts.",
        "A committee published a study on the Tidewater Review and its herring.",
        "Boats passed the offices of the Tidewater Review when herring came back.",
        "Boats passed the Tidewater Review's offices when herring came back.",
        "Write to ann@tidewaterreview.example about herring.",
    ],
)
def test_the_outlet_as_the_news_is_no_credit(text: str) -> None:
    assert credit_of(text) == Credit("uncredited")


@pytest.mark.parametrize("words", ["told Tidewater Review", "told the Tidewater Review"])
def test_told_the_outlet_is_credit_unless_it_came_with_the_source(words: str) -> None:
    text = f'"Herring are back," the harbour master {words}.'
    assert credit_of(text).status == "credited"
    saying = Article.from_text(f"{text} Nets were cast.", id="s", url=SOURCE.url)
    assert credit_of(text, saying).status == "uncredited"


def test_a_short_name_needs_a_word_of_credit_near() -> None:
    fox = Article.from_text("Herring are back.", id="s", url="https://fox.example/1")
    assert credit_of("A Fox was seen by the bay.", fox).status == "uncredited"
    assert credit_of("Herring are back, Fox reported.", fox).status == "credited"


def test_a_surname_is_no_outlet() -> None:
    fox = Article.from_text("Herring are back.", id="s", url="https://fox.example/1")
    text = "The harbour master is Tove Fox. Fox said that herring are back."
    assert credit_of(text, fox) == Credit("uncredited")


def test_the_address_of_the_source_is_a_link_at_its_place() -> None:
    text = f"Herring are back ({SOURCE.url})."
    credit = credit_of(text)
    assert credit.status == "linked"
    (evidence,) = (each for each in credit.evidence if each.status == "linked")
    address = "tidewaterreview.example/herring"
    assert (evidence.start, evidence.text) == (30, address)
    assert text[evidence.start : evidence.end] == address


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("http://tidewaterreview.example/herring/?from=bay#top", "a link to the source"),
        ("https://www.tidewaterreview.example/about", "a link to the source's site"),
    ],
)
def test_a_link_of_the_page_is_credit(link: str, why: str) -> None:
    article = Article("Herring are back.", "a", site="bay.example", rights=Rights(links=(link,)))
    assert find_credit(article, SOURCE) == Credit("linked", (CreditEvidence("linked", link, why),))


def test_a_link_elsewhere_is_no_credit() -> None:
    rights = Rights(links=("https://gazette.example/herring",))
    article = Article("Herring are back.", "a", site="bay.example", rights=rights)
    assert find_credit(article, SOURCE) == Credit("uncredited")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LONDON (Reuters) - Herring are back.", "LONDON (Reuters)"),
        ("Herring are back.\n\n(Reporting by Tove Lund; Editing by Ulla Brandt)", None),
        ("Reuters\n\nHerring are back.", "Reuters"),
        ("Herring are back. — Reuters", ". — Reuters"),
        ("Herring are back.\n\n© 2025 Thomson Reuters", "© 2025 Thomson Reuters"),
    ],
)
def test_a_mark_of_the_agency_that_wrote_the_source_is_a_licence(
    text: str, found: str | None
) -> None:
    credit = credit_of(text, WIRE)
    assert credit.status == "licensed"
    assert ("licensed", found or text.rpartition("\n")[2]) in marked(credit, text)


def test_a_mark_over_a_text_of_another_outlet_is_shown_and_is_no_licence() -> None:
    text = "LONDON (Reuters) - Herring are back."
    credit = credit_of(text)
    assert credit.status == "uncredited"
    assert marked(credit, text) == [("uncredited", "LONDON (Reuters)")]


def test_a_mark_is_a_licence_where_both_bear_it() -> None:
    text = "LONDON (Reuters) - Herring are back."
    for source in (
        replace(SOURCE, text="NORRHOLM, May 3 (Reuters) - Herring are back."),
        replace(SOURCE, author="Tove Lund, Reuters"),
        replace(SOURCE, text='"Herring are back," Lund told Reuters.'),
    ):
        assert credit_of(text, source).status == "licensed"
    other = replace(SOURCE, text="NORRHOLM, May 3 (AP) - Herring are back.")
    assert credit_of(text, other).status == "uncredited"


def test_a_mark_is_a_licence_where_nothing_is_known_of_the_source() -> None:
    unknown = Article.from_text("Herring are back.", id="s")
    assert credit_of("LONDON (Reuters) - Herring are back.", unknown).status == "licensed"


def test_an_agency_on_its_own_site_needs_no_other_mark() -> None:
    text = "LONDON (Reuters) - Herring are back."
    assert credit_of(text, site="reuters.com").status == "licensed"


def test_help_of_an_agency_is_credit_and_no_licence() -> None:
    text = "Herring are back.\n\n(With inputs from Reuters)"
    assert credit_of(text, WIRE).status == "credited"
    assert credit_of(text) == Credit("uncredited")
    unnamed = "Herring are back. (With inputs from agencies)"
    assert credit_of(unnamed, WIRE).status == "credited"
    assert credit_of(unnamed) == Credit("uncredited")


def test_a_press_release_is_licensed_to_who_prints_it() -> None:
    release = replace(SOURCE, text=RELEASE)
    printed = credit_of(RELEASE.partition("-- ")[2], release)
    assert (printed.status, printed.evidence[0].text) == ("licensed", "GlobeNewswire")
    taken_up = "A firm called Hake has a new plant by the pier, and locals smell fish again."
    assert credit_of(taken_up, release) == Credit("uncredited")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Herring are back. Republished under a Creative Commons licence.",
            "Republished under a Creative Commons licence",
        ),
        (
            "Herring are back. This story first appeared in The Gull.",
            "This story first appeared in The Gull",
        ),
        (
            "This article was originally published by Grebe Monthly. Herring are back.",
            "This article was originally published by Grebe Monthly",
        ),
        (
            "Originally published in Grebe Monthly.\nHerring.",
            "Originally published in Grebe Monthly",
        ),
        ("Herring are back. Read the original on Grebe Monthly", None),
        ("Herring are back.\n\n© 2025 Tidewater Review", "© 2025 Tidewater Review"),
    ],
)
def test_a_line_on_republication_is_a_licence(text: str, found: str | None) -> None:
    credit = credit_of(text, site="bay.example")
    assert credit.status == "licensed"
    expected = found or "Read the original on Grebe Monthly"
    assert ("licensed", expected) in marked(credit, text)


@pytest.mark.parametrize(
    "text",
    [
        "Her novel, first published in 1953, is about herring.",
        "Her novel was first published in Norrholm and is about herring.",
        "This story was first published on March 3. Herring are back.",
        "This article was originally published by Bay News. Herring are back.",
        "The name is a registered trademark, used under license.",
        "Photo: Ulla Brandt / Herring Bay, reproduced under a Creative Commons licence.",
        "© 2025 Bay News",
        "© 2025 Hake Ltd",
    ],
)
def test_what_is_said_of_other_things_or_of_itself_is_no_licence(text: str) -> None:
    assert credit_of(text, site="baynews.example") == Credit("uncredited")


def test_tags_of_the_page_are_a_licence_without_a_place() -> None:
    wire = "https://wire.example/1"
    for rights in (Rights(canonical=wire), Rights(syndicated_from=wire)):
        article = Article("Herring are back.", "a", site="bay.example", rights=rights)
        (evidence,) = find_credit(article, SOURCE).evidence
        assert (evidence.status, evidence.text) == ("licensed", wire)
        assert (evidence.start, evidence.end) == (None, None)


@pytest.mark.parametrize("own", ["https://bay.example/1", "https://m.bay.example/1"])
def test_a_page_that_names_its_own_site_is_no_republication(own: str) -> None:
    rights = Rights(canonical=own, syndicated_from=own)
    article = Article("Herring are back.", "a", site="bay.example", rights=rights)
    assert find_credit(article, SOURCE) == Credit("uncredited")


def test_a_source_that_says_it_is_the_articles_licenses_it() -> None:
    source = replace(SOURCE, rights=Rights(canonical="https://bay.example/herring"))
    assert credit_of("Herring are back.", source, site="bay.example").status == "licensed"
    assert credit_of("Herring are back.", source, site="gull.example") == Credit("uncredited")


def test_an_agency_in_the_byline_is_a_licence_of_its_text() -> None:
    assert credit_of("Herring are back.", WIRE, author="By Reuters Staff").status == "licensed"
    assert credit_of("Herring are back.", WIRE, author="Ann Reuterson").status == "uncredited"


def test_the_source_as_the_byline_is_a_licence() -> None:
    assert credit_of("Herring are back.", author="Tidewater Review").status == "licensed"


def test_the_byline_of_the_sources_author_is_credit() -> None:
    source = replace(SOURCE, author="Tove Lund")
    assert credit_of("Herring are back.", source, author="Tove Lund").status == "credited"
    assert credit_of("By Tove Lund\nHerring are back.", source).status == "credited"
    assert credit_of("Herring are back.", source, author="Ulla Brandt") == Credit("uncredited")
    nobody = replace(SOURCE, author="Staff Writers")
    assert credit_of("Herring are back.", nobody, author="Staff Writers") == Credit("uncredited")


def test_the_same_outlet_may_print_its_text_again() -> None:
    for site in ("tidewaterreview.example", "m.tidewaterreview.example"):
        credit = credit_of("Herring are back, and so are hake.", site=site)
        assert credit.status == "licensed"
        assert [e.why for e in credit.evidence] == ["the source is the same outlet's"]


def test_the_strongest_kind_of_credit_counts() -> None:
    text = f"BAY (Reuters) - Herring are back, Reuters reports: {WIRE.url}"
    credit = credit_of(text, WIRE)
    assert credit.status == "licensed"
    assert {e.status for e in credit.evidence} == {"licensed", "linked", "credited"}


def test_words_in_quotation_marks_are_told_apart() -> None:
    source = replace(SOURCE, text="We counted every herring in the bay before a net was cast.")
    text = 'She says: "We counted every herring in the bay." Nobody else did.'
    assert credit_of(text, source) == Credit("uncredited", (), 7 / 12)
    assert credit_of(text.replace("herring", "hake"), source) == Credit("uncredited")


def test_a_mosaic_is_credited_like_its_least_credited_source() -> None:
    named = CreditEvidence("credited", "Bay", "names bay.example", 0, 3)
    credits = [Credit("credited", (named,), 0.2), Credit("uncredited"), Credit("licensed")]
    assert credit_of_all(credits) == Credit("uncredited", (named,), 0.2)
    assert credit_of_all(credits[:1]) == credits[0]


def test_without_a_source_there_is_nothing_to_credit() -> None:
    assert find_credit(SOURCE, None) == Credit("not-applicable")


def test_the_fixtures_credit_what_they_say_they_credit(news: dict[str, Article]) -> None:
    for id, source, status in (
        ("eel-d3", "eel-s1", "credited"),
        ("bridge-d3", "bridge-s1", "credited"),
        ("vote-d1", "vote-s1", "licensed"),
        ("eel-d2", "eel-s1", "uncredited"),
        ("rail-d1", "rail-s1", "uncredited"),
    ):
        credit = find_credit(news[id], news[source])
        assert (id, credit.status) == (id, status)
        marked(credit, news[id].text)


@pytest.mark.parametrize(
    "piece",
    [
        "Fox said ", "told Fox ", "(Reuters) - ", "A ", "a.", "This article was ", "by a-a ", '"a ',
        "© ", "Source: ", "(Reporting by A; ", "according to ", "reprinted with a ", "A, ", "—",
        '"a b c d e f g" ',
    ],
)  # fmt: skip
def test_credit_takes_linear_time(piece: str) -> None:
    fox = Article.from_text("a b c e " * 50_000, id="s", url="https://fox.example/1")
    article = Article.from_text("x" + piece * (200_000 // len(piece)), id="a", author="A, " * 999)
    started = time.process_time()
    find_credit(article, fox)
    assert time.process_time() - started < 4
