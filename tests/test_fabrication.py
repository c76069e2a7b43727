"""Claims about invented details: what the source has not is found, what it has is left alone."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from detector.alignment import Aligner
from detector.article import Article, Span
from detector.evidence.fabrication import Doubt, Finding, load_weights
from detector.evidence.fabrication.background import is_explained
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.quotations import SIGNALS, Voices, quotations
from detector.evidence.fabrication.restated import Restated
from detector.index import Index
from detector.pipeline import Detector

Check = Callable[..., list[tuple[str, str, str]]]

SOURCE = (
    "The harbour board of Tormsund approved the new ferry terminal on Tuesday by nine votes to "
    "four. The building will cost 48 million kroner and is to open in May 2027, said Ingrid "
    "Solvang, who chairs the board. It replaces a wooden pier that was built in 1931.\n\n"
    "“We have waited twenty years for a dry place to stand,” Solvang said. The terminal will "
    "handle 1,200 passengers a day, three times as many as the pier does now.\n\n"
    "Fishermen fear for their moorings. Arne Bakkevik of the Coastal Fishers' League said that the "
    "plan leaves room for only 30 boats, down from 75. He asked the board to wait until the "
    "winter. The board refused, and work begins on 3 October with a crew from Bergen."
)
# The same in other words, without any invented detail.
REWRITE = (
    "Tormsund is to get its new ferry terminal: the harbour board voted for it 9-4 on Tuesday. "
    "Ingrid Solvang, the chair, put the price at 48m kroner and the opening in May 2027. The old "
    "wooden pier, which dates from 1931, will go.\n\n"
    "“We have waited twenty years for a dry place to stand,” she said. Some 1,200 passengers are "
    "expected every day, a threefold increase on the pier.\n\n"
    "Not everyone is pleased. Arne Bakkevik, who speaks for the Coastal Fishers' League, said "
    "moorings would shrink from 75 boats to 30, and asked for a delay until winter. The board said "
    "no, and a crew from Bergen will begin work on 3 October."
)
PUBLISHED = "2026-09-09"


@pytest.fixture(scope="module")
def findings(find: Callable[..., tuple[Finding, ...]]) -> Callable[..., tuple[Finding, ...]]:
    """Return what checks a text beside its sources."""

    def check(text: str, *sources: str, title: str | None = None) -> tuple[Finding, ...]:
        article = Article.from_text(text, id="a", title=title, published=PUBLISHED)
        given = [
            Article.from_text(source, id=f"s{n}", published=PUBLISHED)
            for n, source in enumerate(sources)
        ]
        return find(article, given)

    return check


@pytest.fixture(scope="module")
def check(findings: Callable[..., tuple[Finding, ...]]) -> Check:
    """Return what lists kind, verdict and words of each finding."""

    def shown(text: str, *sources: str) -> list[tuple[str, str, str]]:
        return [(f.kind, f.verdict, f.span.of(text)) for f in findings(text, *sources)]

    return shown


def changed(old: str, new: str) -> str:
    assert REWRITE.count(old) == 1
    return REWRITE.replace(old, new)


# --- nothing to find ------------------------------------------------------------------------------


def test_a_rewrite_without_inventions_is_clean(check: Check) -> None:
    assert check(REWRITE, SOURCE) == []


def test_an_article_beside_itself_is_clean(check: Check) -> None:
    assert check(SOURCE, SOURCE) == []


def test_without_a_source_nothing_is_called_invented(check: Check) -> None:
    assert check(changed("Bergen", "Nairobi")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("48m kroner", "48 million kroner"),
        ("48m kroner", "nearly 50 million kroner"),
        ("9-4", "by nine to four"),
        ("from 75 boats to 30", "by 45 boats"),
        ("1,200", "Twelve hundred"),
        ("a threefold increase on", "triple the number of"),
        ("on 3 October", "on October 3, 2026"),
        ("Arne Bakkevik", "Mr Bakkevik"),
        (" for a dry place to stand,”", "”"),
        ("a crew from Bergen", "a Norwegian crew from Bergen"),
    ],
)
def test_reworded_details_are_no_inventions(check: Check, old: str, new: str) -> None:
    assert check(changed(old, new), SOURCE) == []


# --- each kind ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "kind", "words"),
    [
        ("48m kroner", "67m kroner", "number", "67m kroner"),
        ("1931", "1954", "date", "1954"),
        ("from Bergen", "from Rotterdam", "place", "Rotterdam"),
        ("Arne Bakkevik, who", "Halvard Eikeland, who", "person", "Halvard Eikeland"),
        (
            "Coastal Fishers' League",
            "Northern Shipping Institute",
            "org",
            "Northern Shipping Institute",
        ),
    ],
)
def test_a_changed_detail_is_found(check: Check, old: str, new: str, kind: str, words: str) -> None:
    found = check(changed(old, new), SOURCE)
    assert (kind, words) in [(f[0], f[2]) for f in found if f[0] != "claim"]


def test_a_changed_number_points_to_the_number_of_the_source(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    (found,) = [f for f in findings(changed("48m", "67m"), SOURCE) if f.kind == "number"]
    assert found.verdict == "contradicted"
    assert found.elsewhere is not None
    assert found.elsewhere.text == "48 million kroner"
    assert found.why == "the source has “48 million kroner” where the article has “67m kroner”"


def test_what_is_shown_stands_behind_the_same_word(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    source = (
        "Ashmere captain Lee Harker levelled from the penalty spot in the 29th minute after a "
        "foul by Dvorsky on Jamie Pruett, but Wexborough restored their lead shortly before "
        "halftime through Luis Ferraz, whose shot was deflected in off a defender."
    )
    told = findings(
        "Captain Gary Tolland levelled from the penalty spot, but Luis Ferraz restored the lead "
        "shortly before halftime.",
        source,
    )
    assert [f.elsewhere and f.elsewhere.text for f in told] == ["Lee Harker"]


def test_a_nation_is_no_place(findings: Callable[..., tuple[Finding, ...]]) -> None:
    text = f"{REWRITE} Scouts from two German clubs were in town, and are preparing offers."
    (told,) = [f for f in findings(text, SOURCE) if f.kind == "place"]
    assert told.why == "nobody and nothing in the source is called “German”"


def test_an_invented_dateline_is_one_finding(check: Check) -> None:
    found = check(f"HAVANA, September 9, 2026 — {REWRITE}", SOURCE)
    assert ("dateline", "unsupported", "HAVANA, September 9, 2026") in found
    assert [f for f in found if f[0] in {"place", "date"}] == []


def test_an_invented_quotation_is_found_and_its_details_are_not_told_again(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    quote = "“I would rather tow the ferries to Reykjavik myself than lose one more mooring,”"
    text = REWRITE.replace("The board said no", f"{quote} Bakkevik added. The board said no")
    (found,) = [f for f in findings(text, SOURCE) if f.kind != "claim"]
    assert (found.kind, found.verdict, found.span.of(text)) == ("quote", "unsupported", quote)
    assert found.why == ("these words are nowhere in the source, though it does speak of Bakkevik")


@pytest.mark.parametrize(
    ("article", "source", "is_other"),
    [
        (
            "“It will be a long and a hard winter here,” Brekhus said.",
            "Anna Holm spoke first. “It will be a long and a hard winter here,” Anna Holm said.\n\n"
            "Mayor Peter Brekhus left.",
            True,
        ),
        (
            "“It will be a long and a hard winter here,” Peter Brekhus said.",
            "Anna Holm said that snow had come. “It will be a long and a hard winter here,” she "
            "said.\n\nMayor Peter Brekhus left.",
            True,
        ),
        (
            "“It will be a long and a hard winter here,” Peter Brekhus said.",
            "The mayor praised Anna Holm. “It will be a long and a hard winter here,” he "
            "said.\n\nMayor Peter Brekhus left.",
            False,
        ),
        (
            "“It will be a long and a hard winter here,” Peter Brekhus said.",
            "The coach of Anna Holm said that snow had come. “It will be a long and a hard winter "
            "here,” he said.\n\nMayor Peter Brekhus left.",
            False,
        ),
        (
            "“It will be a long and a hard winter here,” Peter Brekhus said.",
            "His sister Anna Holm said that snow had come. “It will be a long and a hard winter "
            "here,” he said.\n\nMayor Peter Brekhus left.",
            False,
        ),
        (
            "“It will be a long and a hard winter here,” Peter Brekhus said.",
            "The lawyer Anna Holm said that he had seen snow. “It will be a long and a hard winter "
            "here,” he said.\n\nMayor Peter Brekhus left.",
            False,
        ),
    ],
)  # fmt: skip
def test_a_speaker_is_another_where_both_are_surely_named(
    examiner: Detector, article: str, source: str, is_other: bool
) -> None:
    sides = [examiner.aligner.prepare(Article.from_text(text)) for text in (article, source)]
    (doubt,) = quotations(Case(sides[0], sides[1:], examiner.aligner), 1.0)
    assert doubt.signals[SIGNALS.index("other_person")] == float(is_other)


def test_words_given_to_someone_else_are_contradicted(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    text = changed("” she said.", "” Arne Bakkevik said.")
    (found,) = [f for f in findings(text, SOURCE) if f.kind == "quote"]
    assert found.verdict == "contradicted"
    assert found.why == "the source gives these words to Solvang, not to Arne Bakkevik"
    assert found.elsewhere is not None
    assert "dry place to stand" in found.elsewhere.text


def test_a_detail_is_told_once(check: Check) -> None:
    text = f"{changed('from Bergen', 'from Rotterdam')} Rotterdam is far away."
    assert [f[2] for f in check(text, SOURCE)].count("Rotterdam") == 1


# --- what supports --------------------------------------------------------------------------------


def test_any_of_several_sources_supports(check: Check) -> None:
    other = "A crew of builders from Rotterdam was hired for the ferry terminal of Tormsund."
    text = changed("a crew from Bergen", "a crew of builders from Rotterdam")
    assert check(text, SOURCE) != []
    assert check(text, SOURCE, other) == []


def test_the_country_of_a_place_needs_no_source(check: Check) -> None:
    text = changed("from Bergen", "from Bergen in Norway")
    assert check(text, SOURCE) == []


def test_the_day_of_publication_needs_no_source(check: Check) -> None:
    text = changed("on Tuesday.", "on Tuesday, September 8, 2026.")
    assert check(text, SOURCE) == []


def test_a_title_of_the_source_supports(find: Callable[..., tuple[Finding, ...]]) -> None:
    article = Article.from_text(changed("from Bergen", "from Antwerp"), id="a")
    untitled = Article.from_text(SOURCE, id="s")
    titled = Article.from_text(SOURCE, id="t", title="A crew from Antwerp builds the terminal")
    places = [[f.span.of(article.text) for f in find(article, [s])] for s in (untitled, titled)]
    assert "Antwerp" in places[0]
    assert "Antwerp" not in places[1]


# --- always ---------------------------------------------------------------------------------------


def test_findings_come_in_the_order_of_the_text(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    text = changed("48m", "67m").replace("from Bergen", "from Rotterdam")
    found = findings(text, SOURCE)
    assert list(found) == sorted(found, key=lambda f: (f.span, f.kind))
    assert len(found) >= 2


def test_the_same_pair_gives_the_same_findings(
    find: Callable[..., tuple[Finding, ...]],
) -> None:
    text = changed("48m", "67m")
    article, source = Article.from_text(text, id="a"), Article.from_text(SOURCE, id="s")
    other = Index.in_memory()
    fresh = Aligner(other.encoder, other.fingerprinter.extractor, other.rarity)
    first = find(article, [source])
    assert first == find(article, [source], aligner=fresh)
    assert first != ()


@pytest.mark.parametrize(
    "text",
    [
        "“" * 3_000 + " said",
        "12 34 " * 4_000,
        "Paris London Rome " * 2_000,
        "in May 2015 and in June 2016 " * 1_000,
        "“We lost,” he said. " * 1_000,
        "a",
    ],
)
def test_hostile_texts_take_bounded_time(
    find: Callable[..., tuple[Finding, ...]], text: str
) -> None:
    article, source = Article.from_text(text, id="a"), Article.from_text(SOURCE, id="s")
    start = time.process_time()
    find(article, [source])
    find(source, [article])
    assert time.process_time() - start < 30


def test_the_probability_of_a_finding_is_at_least_its_threshold(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    weights = load_weights()
    found = findings(changed("48m", "67m").replace("from Bergen", "from Rotterdam"), SOURCE)
    assert all(weights.threshold(f.kind) <= f.probability < 1 for f in found)


# --- reasons --------------------------------------------------------------------------------------


def test_a_dateline_of_another_place_points_to_that_of_the_source(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    source = f"BERGEN, Norway, Sept. 9 — {SOURCE}"
    text = f"HAVANA, September 9, 2026 — {REWRITE}"
    found = [f for f in findings(text, source) if f.kind == "dateline"]
    assert [(f.verdict, f.why) for f in found] == [
        ("contradicted", "the source reports from elsewhere")
    ]
    assert found[0].elsewhere is not None
    assert found[0].elsewhere.text.startswith("BERGEN")


def test_every_reason_quotes_the_article_or_says_what_is_missing(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    text = changed("48m", "67m").replace("from Bergen", "from Rotterdam")
    for finding in findings(text, SOURCE):
        assert "source" in finding.why
        assert finding.why == finding.why.strip()
        assert finding.elsewhere is None or finding.verdict == "contradicted"


def test_what_is_set_apart_is_left_out(find: Callable[..., tuple[Finding, ...]]) -> None:
    text = changed("from Bergen", "from Rotterdam")
    article, source = Article.from_text(text, id="a"), Article.from_text(SOURCE, id="s")
    (found,) = find(article, [source])
    assert found.span.of(text) == "Rotterdam"
    apart = [found.span]
    assert not find(article, [source], apart=apart)


@pytest.mark.parametrize(
    ("text", "short", "explained"),
    [
        ("the Belt and Road Initiative (BRI) grew", "BRI", True),
        ("the International Law Enforcement Academies (ILEAs) teach", "ILEAs", True),
        ("the Harbour Board (BRI) met", "BRI", False),
        ("the Belt and Road Initiative, BRI", "BRI", False),
        ("a board (A) met", "A", False),
    ],
)
def test_an_abbreviation_is_explained_by_the_name_before_it(
    text: str, short: str, explained: bool
) -> None:
    start = text.index(short)
    assert is_explained(text, start, start + len(short)) == explained


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("said Anna Vik's lawyer", None),
        ("said Anna Vik’s lawyer, Jan Lund", "jan lund"),
        ("lawyer Jan Lund said", "jan lund"),
        ("the Spaniard said", None),
        ("the German minister, Jan Lund, said", None),
        ("said German minister Jan Lund QC", "jan lund"),
    ],
)
def test_a_lawyer_speaks_and_not_whose_lawyer_it_is(
    examiner: Detector, said: str, name: str | None
) -> None:
    side = examiner.aligner.prepare(Article.from_text(f"“We will not close it,” {said}."))
    voices = Voices(side)
    speaker = voices.speaker(voices.quotes[0])
    assert (speaker and speaker.value) == name


@pytest.mark.parametrize(
    ("sentence", "reported", "is_restated"),
    [
        ("Liv Hagen, who chairs the board, said that it will cost 48 million.", "Liv Hagen", True),
        ("Liv Hagen, who sold her dog, admitted that she was bribed.", "Liv Hagen", False),
        ("Liv Hagen chairs the board, and a tunnel collapsed.", "Liv Hagen", False),
        ("Ingrid Solvang chairs the board.", "", False),
    ],
)
def test_a_claim_is_not_told_where_all_that_is_new_in_it_is_told(
    aligner: Aligner, sentence: str, reported: str, is_restated: bool
) -> None:
    article, source = (aligner.prepare(Article.from_text(text)) for text in (sentence, SOURCE))
    claim = Doubt(Span(0, len(sentence)), "claim", (), "unsupported", "", sentence=0)
    details = [Span(0, len(reported))] if reported else []
    assert Restated(Case(article, [source], aligner)).is_one(claim, details) == is_restated


def test_an_altered_name_in_a_rewritten_sentence_is_told_once(
    findings: Callable[..., tuple[Finding, ...]],
) -> None:
    text = changed("Arne Bakkevik, who speaks for", "Liv Hagen, who speaks for")
    told = [(f.kind, f.span.of(text)) for f in findings(text, SOURCE)]
    assert told == [("person", "Liv Hagen")]
