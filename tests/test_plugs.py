"""Which sentences are plugs, where they begin and end, and what only looks like one."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from stopwatch import MOST_GROWTH, growth

from detector.alignment import Aligner
from detector.article import Article, PaidLink, Rights, Span
from detector.cli import main
from detector.evidence.plugs import (
    PLUG_SIGNALS,
    Plug,
    find_plugs,
    plugs_alone,
    plugs_beside,
)
from detector.evidence.plugs.brands import (
    Brand,
    addresses,
    capitalised,
    chosen_brand,
    find_brands,
    named_in_answer,
)
from detector.evidence.plugs.phrases import Phrases, count_phrases
from detector.evidence.plugs.signals import plain_words, read, words_score
from detector.evidence.plugs.turns import turns_of, turns_score
from detector.models import load_plug_model
from detector.pipeline import Detector, compare

FIXTURES = Path(__file__).parent.parent / "fixtures"
# A story that has nothing to sell.
OPENING = (
    "The harbour council of Elmsworth voted on Monday to close the old fish market for good.\n"
    "Nine of the fourteen members backed the plan after four hours of debate, said Ruth Calder, "
    "who chairs the council. The hall has stood on the quay since 1894 and was last repaired in "
    "the fifties.\n"
)
ENDING = (
    "Fishermen who sell there fear for their living. “We were told nothing,” said Piet Loman, "
    "whose boat lands herring twice a week. The stalls will be moved to a tent behind the "
    "station until spring.\n"
    "The council expects the demolition to cost 2.4 million euros. Engineers had warned in 2019 "
    "that the roof could fall in a storm.\n"
)
BLATANT = (
    "Speaking of fresh fish, treat yourself tonight: Brineybox delivers ready-to-cook fillets to "
    "your door, and new customers save 30% with the code QUAY at brineybox.example."
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Return a detector without sources."""
    return Detector.from_sources([])


def story(plug: str, **known: str) -> Article:
    return Article.from_text(f"{OPENING}{plug}\n{ENDING}", **known)


def plugs_in(detector: Detector, article: Article) -> list[str]:
    return [plug.span.of(article.text) for plug in detector.examine(article).plugs]


# --- found ----------------------------------------------------------------------------------------


def test_a_blatant_plug_is_found_with_its_place_brand_and_address(detector: Detector) -> None:
    article = story(BLATANT)
    (plug,) = detector.examine(article).plugs
    start = len(OPENING)
    assert plug.span == Span(start, start + len(BLATANT))
    assert (plug.brand, plug.domain) == ("Brineybox", "brineybox.example")
    assert 0.8 <= plug.probability <= 1
    assert "Brineybox is named nowhere else in the article" in plug.why


@pytest.mark.parametrize(
    "plug",
    [
        "For plants in the same position, Gantrix Couplings (gantrix.example) has become the "
        "leading supplier of dockside hoists, and it ships spare parts within a day.",
        "Our friends at Mudlark Tours will row you past the old market for half the usual price; "
        "book today at mudlark.example.",
        "Want to cook like the fishermen do? Sign up for Panfinder, and the first month of recipes "
        "is free.",
    ],
    ids=["supplier", "friends", "question"],
)
def test_a_plug_is_found_whole_and_nothing_else(detector: Detector, plug: str) -> None:
    assert plugs_in(detector, story(plug)) == [plug]


def test_a_plug_in_the_middle_of_a_paragraph_ends_where_it_ends(detector: Detector) -> None:
    text = OPENING.rstrip("\n") + " " + BLATANT + " " + ENDING
    assert plugs_in(detector, Article.from_text(text)) == [BLATANT]


# --- traps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "Shares in Corvane Fisheries, which rents a third of the hall, fell 3.1 percent to $18.40.",
        "“Our fish is the best in the country,” said Odile Varga, who owns the stall Seagrove.",
        "The match at the Tarrand Oil Arena begins at 7.30pm.",
        "Disclosure: the owners of this newspaper hold a stake in Corvane Fisheries.",
        "Subscribe to our newsletter to get the harbour news every morning.",
        "Residents can see the plans at elmsworth.example or call the town hall.",
        "A survey by the Merrin Institute found that six in ten shoppers would miss the market.",
        "Pictures of the roof were taken by a drone of Skerry Works, a firm of nine people.",
    ],
    ids=["company", "quote", "sponsor", "disclosure", "house", "public", "survey", "story"],
)
def test_what_only_names_a_company_is_no_plug(detector: Detector, sentence: str) -> None:
    assert plugs_in(detector, story(sentence)) == []


def test_a_story_without_plugs_has_none(detector: Detector) -> None:
    report = detector.examine(story("The debate will go on in March."))
    assert (report.plugs, report.to_dict()["plugs"]) == ((), [])


def test_who_is_the_subject_of_the_article_is_not_plugged_in_it(detector: Detector) -> None:
    about = Article.from_text(
        "Brineybox, which delivers fish, was bought by the grocer Halden on Monday.\n"
        "The founders of Brineybox will stay for two years, Halden said. Brineybox had sales of "
        "12 million euros last year.\n"
        "Brineybox offers 30 kinds of fillet and says that most customers order on Thursdays.\n"
        "Analysts had expected Halden to pay more for Brineybox."
    )
    assert plugs_in(detector, about) == []


def test_a_text_that_promotes_from_end_to_end_holds_no_inserted_plug(detector: Detector) -> None:
    advertisement = Article.from_text(
        "Treat yourself tonight: Brineybox delivers fillets to your door, try it for free today. "
        "Order now at brineybox.example and save 30% with the code QUAY. "
        "Sign up for Panfinder, and your first month of recipes is free at panfinder.example."
    )
    assert plugs_in(detector, advertisement) == []


# --- answers that advise -------------------------------------------------------------------------

ADVICE = (
    "You can find hiking boots in most outdoor shops, and prices range from 60 to 200 dollars. "
    "It is best to try them on with thick socks. {0}"
)
ENDORSED = (
    "If you’re looking for boots that blend comfort with timeless craftsmanship, consider "
    "{0}, whose exquisite collection is made to keep you on your feet in style."
)

NAMED = (
    "You can find hiking boots in most outdoor shops. One of the makers is Harrow-Lindt. {0} "
    "It is best to try them on with thick socks."
)


@pytest.mark.parametrize("brand", ["Harrow-Lindt", "Delia’s Secret"])
def test_half_of_a_short_answer_may_be_a_plug_for_whoever_has_capitals(
    detector: Detector, brand: str
) -> None:
    plug = ENDORSED.format(brand)
    report = detector.examine(Article.from_text(ADVICE.format(plug)))
    assert [found.span.of(report.article.text) for found in report.plugs] == [plug]
    assert report.plugs[0].in_answer
    assert detector.examine(Article.from_text(ADVICE.format(""))).plugs == ()


def test_capitals_name_no_one_at_the_start_of_a_sentence() -> None:
    text = "Boots by Harrow-Lindt cost more. Shops, such as Delia’s Secret, sell few of them."
    article = Article.from_text(text)
    names = [[brand.name for brand in each] for each in capitalised(article.sentences)]
    assert names == [["Harrow-Lindt"], ["Delia’s Secret"]]


def test_who_is_named_nowhere_in_a_sentence_of_an_answer_was_named_last_before_it() -> None:
    text = (
        "It costs little. Boots by Harrow-Lindt last long. They are a joy to wear. Shops, such as "
        "Brineybox, sell them."
    )
    article = Article.from_text(text)
    brands = named_in_answer(article.sentences, find_brands(article, article.sentences))
    meant = [[(brand.name, brand.elsewhere) for brand in each] for each in brands]
    assert meant == [
        [("Harrow-Lindt", 1)],
        [("Harrow-Lindt", 0)],
        [("Harrow-Lindt", 1)],
        [("Brineybox", 0)],
    ]


def test_who_is_meant_is_taken_without_address_or_payment() -> None:
    (first, second) = Article.from_text("Go to Brineybox. It is a joy.").sentences
    paid = Brand("Brineybox", "brineybox.example", 6, 0, is_paid=True)
    named = named_in_answer((first, second), [(paid,), ()])
    assert named == ((paid,), (Brand("Brineybox", None, 6, 1, is_doubtful=True),))


def test_an_answer_that_names_no_one_promotes_no_one() -> None:
    article = Article.from_text("It is a joy. They last long.")
    assert named_in_answer(article.sentences, [(), ()]) == ((), ())


def test_praise_in_an_answer_needs_no_name_of_its_own(detector: Detector) -> None:
    praise = (
        "It offers a seamless blend of timeless craftsmanship, unparalleled comfort and "
        "exquisite style for the discerning hiker."
    )
    found = detector.examine(Article.from_text(NAMED.format(praise))).plugs
    assert [(plug.brand, plug.span.of(NAMED.format(praise))) for plug in found] == [
        ("Harrow-Lindt", praise)
    ]
    assert "named nowhere else" not in found[0].why
    assert (
        detector.examine(Article.from_text(NAMED.format("It has sold boots since 1894."))).plugs
        == ()
    )


def test_an_answer_is_flagged_from_even_odds_on() -> None:
    plug = Plug(Span(0, 9), "Brineybox", None, 0.55, "", in_answer=True)
    assert plugs_alone([plug]) == (plug,)
    assert plugs_alone([replace(plug, in_answer=False)]) == ()


# --- beside a source ------------------------------------------------------------------------------


def test_what_the_source_does_not_say_is_a_plug_beside_it() -> None:
    source = Article.from_text(OPENING + ENDING, id="source")
    report = compare(story(BLATANT), source)
    assert [plug.span.of(report.article.text) for plug in report.plugs] == [BLATANT]


def test_whatever_the_source_also_says_is_no_plug() -> None:
    article = story(BLATANT)
    assert compare(article, Article.from_text(article.text, id="source")).plugs == ()


def test_a_brand_that_the_source_names_is_no_plug(detector: Detector) -> None:
    source = Article.from_text(f"{OPENING}Deliveries by Brineybox will end.\n{ENDING}", id="s")
    assert compare(story(BLATANT), source).plugs == ()


def test_praise_for_the_outlet_of_the_source_is_no_plug(detector: Detector) -> None:
    source = Article.from_text(f"{OPENING}{ENDING}", id="s", site="brineybox.example")
    assert compare(story(BLATANT), source).plugs == ()
    assert compare(story(BLATANT), replace(source, site="other.example")).plugs != ()


def test_without_a_source_more_certainty_is_asked_for() -> None:
    likely, perhaps = (Plug(Span(0, 9), "Brineybox", None, p, "") for p in (0.95, 0.4))
    assert plugs_alone([likely, perhaps]) == (likely,)
    assert plugs_beside([likely, perhaps], []) == (likely, perhaps)


# --- reports --------------------------------------------------------------------------------------


def test_a_plug_stands_in_the_report_as_the_contract_says(detector: Detector) -> None:
    report = detector.examine(story(BLATANT))
    (plug,) = report.plugs
    assert report.to_dict()["plugs"] == [
        {
            "start": len(OPENING),
            "end": len(OPENING) + len(BLATANT),
            "text": BLATANT,
            "brand": "Brineybox",
            "probability": round(plug.probability, 4),
            "why": plug.why,
            "domain": "brineybox.example",
        }
    ]
    assert "plugs" in report.provenance.examined
    assert report.provenance.models["plugs"].startswith("sha256:")


def test_the_text_form_shows_the_plug_and_why(detector: Detector) -> None:
    text = detector.examine(story(BLATANT)).text()
    assert "  Advertisements that do not belong to the story" in text
    place = f"{len(OPENING)}–{len(OPENING) + len(BLATANT)}"
    assert re.search(rf"^    Brineybox, (?:over )?0\.9\d, at {place}", text, re.M)


@pytest.mark.parametrize(
    ("kind", "status"), [("plug", 1), ("any", 1), ("derivative", 0), ("fabrication", 0)]
)
def test_a_plug_alone_fails_when_asked_for(tmp_path: Path, kind: str, status: int) -> None:
    article, crawl = tmp_path / "story.txt", tmp_path / "crawl.jsonl"
    article.write_text(story(BLATANT).text, encoding="utf8")
    crawl.write_text(json.dumps({"id": "a", "text": story(BLATANT).text}) + "\n", encoding="utf8")
    demand = ["--sources", str(FIXTURES / "sources.jsonl"), "--fail-on", kind]
    for command in (["score", str(article)], ["scan", str(crawl)]):
        assert CliRunner().invoke(main, [*command, *demand]).exit_code == status
    resumed = ["scan", str(crawl), "-o", str(tmp_path / "found.jsonl"), "--resume", *demand]
    for _ in range(2):
        result = CliRunner().invoke(main, resumed)
        assert result.exit_code == status
    assert "with plugs" not in result.stderr


# --- names and addresses --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("see Gantrix.com for more", ["Gantrix.com"]),
        ("at https://www.shop.gantrix.co.uk/sale?x=1.", ["shop.gantrix.co.uk"]),
        ("(gantrix.example)", ["gantrix.example"]),
        ("write to desk@gantrix.com", []),
        ("two decades ago.The trailer cost 3.50 euros.", []),
        ("version 2.0.1, e.g. this", []),
    ],
)
def test_web_addresses_in_prose_are_read(text: str, hosts: list[str]) -> None:
    assert [found[1] for found in addresses(text)] == hosts


def brands_in(text: str, **known: str) -> list[list[Brand]]:
    article = Article.from_text(text, **known)
    return [list(brands) for brands in find_brands(article, article.sentences)]


def test_a_brand_counts_where_else_it_occurs_but_not_beside_itself() -> None:
    text = (
        "The hall belongs to Gantrix Couplings. It is old. It leaks. Workers were warned by "
        "Gantrix Couplings last year."
    )
    assert brands_in(text) == [
        [Brand("Gantrix Couplings", None, 20, 1)],
        [],
        [],
        [Brand("Gantrix Couplings", None, text.rindex("Gantrix"), 1)],
    ]


def test_the_own_site_is_no_brand_and_neither_is_a_known_place() -> None:
    text = "Read more of London and Norway at harbour.example today."
    assert brands_in(text, site="harbour.example") == [[]]
    assert [b.domain for b in brands_in(text, site="x.example")[0]] == ["harbour.example"]


def test_a_voucher_and_the_agency_of_a_dateline_are_no_brands() -> None:
    (brands,) = brands_in("ELMSWORTH (Quayside News) -- The code BRINE was given to all.")
    assert {brand.name for brand in brands} & {"Quayside News", "BRINE"} == set()


def test_the_brand_is_the_owner_of_the_address_else_the_least_known_name() -> None:
    known, new = Brand("Corvane", None, 0, 3), Brand("Gantrix Couplings", None, 30, 0)
    address = Brand("corvane.example", "corvane.example", 60, 0)
    assert chosen_brand([known, new, address]) is known
    assert chosen_brand([known, new]) is new
    assert chosen_brand([address]) is address


# --- phrases and words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("Order it today; try one.", {"calls": 2}),
        ("It is free, 20% off with the code QUAY.", {"offers": 3, "figures": 1}),
        ("The leading, award-winning maker.", {"praise": 2}),
        ("Speaking of fish, if you're hungry.", {"bridges": 2, "you": 1}),
        ("Brought to you by our friends.", {"sponsor": 2, "you": 1, "ours": 1}),
        ("“No,” she said.", {"reported": 3}),
        ("It was closed.", {"past": 2}),
    ],
)
def test_the_phrases_of_a_sentence_are_counted(sentence: str, counted: dict[str, int]) -> None:
    nothing = dict.fromkeys(Phrases.__slots__, 0)
    assert count_phrases(sentence) == Phrases(**{**nothing, **counted})


def test_plain_words_hold_no_names_numbers_or_addresses() -> None:
    assert plain_words("Try the old Quay market, see Quay.example or q2") == frozenset(
        {"the", "old", "market", "see", "or", "the old", "old market", "market see", "see or"}
    )


def test_the_words_of_a_sentence_are_weighed_by_their_root() -> None:
    assert words_score(frozenset({"free", "trial", "the", "of"}), {"free": 3.0, "trial": 1.0}) == 2
    assert words_score(frozenset(), {"free": 3.0}) == 0


def test_turns_are_words_and_marks_whoever_is_named() -> None:
    assert turns_of("Visit Brineybox’s Fresh Market, it’s near!") == frozenset(
        {
            "visit", "NAME", ",", "it's", "near", "!",
            "visit NAME", "NAME ,", ", it's", "it's near", "near !",
        }
    )  # fmt: skip


def test_turns_count_as_they_are_rare_and_a_sentence_by_all_it_has() -> None:
    weights, rarity = {"seamless": 2.0, "the": 0.0, "blend": -1.0}, {"seamless": 4.0, "the": 3.0}
    assert turns_score(frozenset({"seamless", "the", "unknown"}), weights, rarity) == 1.6
    assert turns_score(frozenset({"unknown"}), weights, rarity) == 0


# --- paid links -----------------------------------------------------------------------------------

PAGE = """<html><body><article><p>{opening}</p><p>Those who like fish may know <a {link}>Brineybox
</a>, which delivers.</p><p>{ending}</p></article></body></html>"""


@pytest.mark.parametrize(
    ("link", "paid"),
    [
        ('href="https://brineybox.example/" rel="nofollow sponsored"', True),
        ('href="https://brineybox.example/?tag=harbour-21"', True),
        ('href="https://brineybox.example/?x=1&amp;aff_id=7"', True),
        ('href="https://brineybox.example/?utm_source=harbour"', False),
        ('href="https://brineybox.example/" rel="nofollow"', False),
        ('href="/fish?tag=1"', False),
    ],
)
def test_links_that_are_paid_for_are_read_from_the_page(link: str, paid: bool) -> None:
    page = PAGE.format(opening=OPENING, ending=ENDING, link=link)
    found = Article.from_html(page, url="https://harbour.example/a").rights.paid_links
    assert found == ((PaidLink("Brineybox", "brineybox.example"),) if paid else ())


def test_a_paid_link_makes_a_plug_likelier_and_is_named(detector: Detector) -> None:
    plain = story("Those who like fish may know Brineybox, which delivers fresh fillets for free.")
    paid = replace(plain, rights=Rights(paid_links=(PaidLink("Brineybox", "brineybox.example"),)))
    reader = detector.aligner
    model = load_plug_model(PLUG_SIGNALS)
    before, after = (
        {p.brand: p for p in find_plugs(reader.prepare(a), model, reader.rarity)}
        for a in (plain, paid)
    )
    assert after["Brineybox"].probability > (
        before["Brineybox"].probability if "Brineybox" in before else 0
    )
    assert "the page declares the link to Brineybox paid" in after["Brineybox"].why
    assert after["Brineybox"].domain == "brineybox.example"


# --- hostile input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    ["a.", "a-", "www.a.", "Try ", "the ", "q'", "with 1 ", "$1.", "Brineybox ", "(A", "a.com "],
)
def test_reading_takes_time_linear_in_the_text(detector: Detector, piece: str) -> None:
    def look(text: str) -> None:
        count_phrases(text)
        plain_words(text)
        turns_of(text)
        list(addresses(text))

    assert growth(look, piece) < MOST_GROWTH


def test_a_long_text_of_plugs_is_read_in_seconds(detector: Detector) -> None:
    article = Article.from_text((BLATANT + "\n") * 1_500)
    aligner: Aligner = detector.aligner
    prepared = aligner.prepare(article)
    started = time.process_time()
    reading = read(prepared, aligner.rarity)
    assert len(reading.table) == len(reading.sentences) <= 1_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["Word", "One. Two.", "a.com", "?\n?\nWhy?", "\n\nBuy X1\n"])
def test_the_smallest_texts_have_no_plugs(detector: Detector, text: str) -> None:
    assert detector.examine(Article.from_text(text)).plugs == ()


def test_the_order_of_a_set_changes_no_score() -> None:
    words = {f"w{n}": 0.1 * n for n in range(200)}
    scores = {words_score(frozenset(sorted(words, reverse=r)), words) for r in (False, True)}
    assert len(scores) == 1
