"""Claims about boilerplate: learned by site, left out of matching, never out of the text."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from detector.article import Article, joined
from detector.boilerplate import (
    KEPT_SENTENCES,
    KEPT_SITES,
    MOST_STORIES,
    Site,
    SourceBoilerplate,
    StreamBoilerplate,
    pieces_of,
)
from detector.pipeline import Detector
from detector.report import Report
from detector.scan import scan

FOOTER = (
    "We use cookies to remember what you read here. Manage your choices at any time.\n"
    "Sign up for our morning letter and never miss a story from the harbour. "
    "Ines Falk has covered ports and fisheries for the paper since 2009 and lives by the quay.\n"
    "© 2025 Harbour Gazette, the paper that floats\n"
    "Read more"
)
STORIES = (
    "The crane at pier four was lowered on Monday after engineers found a hairline crack in its "
    "jib. Nobody was hurt. A replacement is on its way from Gdansk and should be standing by June.",
    "Anglers along the lower river say the perch are back. A count by students found 412 fish in "
    "one afternoon, three times as many as in the spring two years ago, and most of them healthy.",
    "A brass band that was founded by dockers in 1911 has bought its rehearsal room. The price was "
    "paid in part by selling a tuba that once belonged to a lighthouse keeper from the islands.",
    "The council will count the town's trees again. The last list, made in pencil, fell into the "
    "canal during the flood, and since then nobody has been able to say which lindens are old.",
    "School meals are cooked in the town again from autumn. Four cooks have been hired, and the "
    "first menu has fish pie on it, after a vote in which pancakes came second by eleven votes.",
)
TITLES = ("Crane lowered", "Perch are back", "Band buys room", "Trees to be counted", "Fish pie")


def page(number: int, site: str = "gazette.example", *, footer: str = FOOTER) -> Article:
    text = f"{STORIES[number]}\n{footer}"
    return Article.from_text(text, id=f"{site}-{number}", site=site, title=TITLES[number])


def left_out(article: Article) -> list[str]:
    return [span.of(article.text) for span in article.boilerplate]


def test_what_three_stories_of_a_site_share_is_left_out_and_the_text_is_kept() -> None:
    stream = StreamBoilerplate()
    pages = [page(number) for number in range(4)]
    read = [stream.read(each) for each in pages]
    assert [len(left_out(each)) for each in read] == [0, 0, 6, 6]
    assert left_out(read[3]) == [
        "We use cookies to remember what you read here.",
        "Manage your choices at any time.",
        "Sign up for our morning letter and never miss a story from the harbour.",
        "Ines Falk has covered ports and fisheries for the paper since 2009 and lives by the quay.",
        "© 2025 Harbour Gazette, the paper that floats",
        "Read more",
    ]
    assert [each.text for each in read] == [each.text for each in pages]
    assert len(read[3].prose) == len(read[3].text)
    assert read[3].prose.split() == STORIES[3].split()
    assert all(read[3].text[s.start : s.end] == s.text for s in read[3].sentences)


def test_another_site_with_the_same_words_is_another_site() -> None:
    stream = StreamBoilerplate()
    sites = ("a.example", "b.example", "c.example")
    read = [stream.read(page(n, site)) for n, site in enumerate(sites)]
    assert [left_out(each) for each in read] == [[], [], []]


def test_a_story_told_again_and_again_is_no_boilerplate() -> None:
    stream = StreamBoilerplate()
    first = page(0, footer="")
    again = [replace(first, id=str(n), text=f"Update {n}. {first.text}") for n in range(9)]
    assert [left_out(stream.read(each)) for each in (first, *again)] == [[]] * 10


def test_figures_case_and_punctuation_do_not_tell_boilerplate_apart() -> None:
    lines = ("Copyright 2019 – The Gazette!", "COPYRIGHT 2025, the gazette")
    keys = {piece.key for line in lines for piece in pieces_of(line)}
    assert len(keys) == 1
    assert pieces_of("2025\n12:30\n— …\n") == ()


def test_a_large_site_needs_more_pages_to_agree() -> None:
    site = Site()
    for number in range(200):
        shared = "The bridge stays shut.\n" if number in (3, 50, 90) else ""
        own = f"Page {chr(97 + number % 26)}{'x' * number} has its own words"
        site.learn(None, pieces_of(shared + own))
    assert (site.stories, site.needed) == (200, MOST_STORIES)
    (piece,) = pieces_of("The bridge stays shut.")
    assert site.counts[piece.key] == 3
    assert not site.has(piece.key)


def test_what_is_remembered_is_bounded_and_what_is_frequent_survives() -> None:
    site = Site()
    for number in range(3 * KEPT_SENTENCES // 10):
        own = "\n".join(f"own line {'abcdefghij'[n]} {'q' * (number + 1)}" for n in range(10))
        site.learn(None, pieces_of(f"{own}\nRead more about the harbour"))
    assert len(site.counts) <= KEPT_SENTENCES
    (footer,) = pieces_of("Read more about the harbour")
    assert site.has(footer.key)
    stream = StreamBoilerplate()
    for number in range(KEPT_SITES + 50):
        stream.read(page(0, f"site{number}.example"))
    assert len(stream._sites) == KEPT_SITES


def copied_share(report: Report) -> float:
    return max((j.evidence.alignment.verbatim_share for j in report.verdict.sources), default=0)


def test_a_finding_never_rests_on_boilerplate() -> None:
    sources = [page(number) for number in range(4)]
    suspect = replace(page(4, footer=""), id="s", site="other.example", title="Meals")
    suspect = replace(suspect, text=f"{suspect.text} {suspect.text[:-1]} too.\n{FOOTER}")
    report = Detector.from_sources(sources).examine(suspect)
    assert report.verdict.label == "original"
    assert report.verdict.probability < 0.5
    alone = Detector.from_sources(sources[:1]).examine(suspect)  # nothing learned: it looks copied
    best, unlearned = (
        max(
            (judged.evidence.alignment.verbatim_share for judged in each.verdict.sources), default=0
        )
        for each in (report, alone)
    )
    assert (best, unlearned > 0.3) == (0, True)


def test_a_page_that_is_all_boilerplate_is_undecided() -> None:
    sources = [page(number) for number in range(4)]
    stub = Article.from_text(FOOTER, id="stub", site="gazette.example")
    report = Detector.from_sources(sources).examine(stub)
    assert report.verdict.label == "undecided"
    assert (
        "it has 0 words beside what its site's other pages have too; under 50 hold too little "
        "evidence"
    ) in [reason.says for reason in report.verdict.reasons]
    shown = report.to_dict()
    assert next(place["text"] for place in shown["boilerplate"]) == (  # type: ignore[index, call-overload]
        "We use cookies to remember what you read here."
    )
    assert "Left out of matching, since gazette.example has it on other pages too" in " ".join(
        report.text().split()
    )


def test_places_in_a_report_are_offsets_into_the_whole_text() -> None:
    sources = [page(number) for number in range(4)]
    copied = replace(page(2), id="copy", site="other.example", text=f"{FOOTER}\n{STORIES[2]}")
    shown = Detector.from_sources(sources).examine(copied).to_dict(with_text=True)
    assert shown["verdict"]["label"] != "original"  # type: ignore[index, call-overload]
    (source,) = shown["source_texts"]  # type: ignore[misc]
    assert source["text"] == sources[2].text  # type: ignore[index, call-overload]
    first = shown["passages"][0]  # type: ignore[index]
    here = copied.text[first["start"] : first["end"]]  # type: ignore[index, call-overload]
    there = sources[2].text[first["source_start"] : first["source_end"]]  # type: ignore[index, call-overload]
    assert (here, there) == (STORIES[2], STORIES[2])


def test_a_scan_marks_alike_with_any_number_of_workers_and_after_a_resume() -> None:
    detector = Detector.from_sources([page(0, "other.example")])
    pages = [page(number) for number in range(5)]
    whole = [json.dumps(r.to_dict()) for r in scan(pages, detector)]
    assert [len(json.loads(line)["boilerplate"]) for line in whole] == [0, 0, 6, 6, 6]
    assert [json.dumps(r.to_dict()) for r in scan(pages, detector, workers=2)] == whole
    assert [json.dumps(r.to_dict()) for r in scan(pages, detector, skip=3)] == whole[3:]


def test_what_an_index_teaches_does_not_depend_on_its_order() -> None:
    pages = [page(number) for number in range(5)]
    marked = []
    for order in (pages, pages[::-1]):
        index = Detector.from_sources(order).index
        marked.append(SourceBoilerplate(index.of_site).mark(pages[1]))
    assert marked[0] == marked[1]
    assert len(marked[0].boilerplate) == 6


def test_joined_sources_keep_their_boilerplate_in_place() -> None:
    stream = StreamBoilerplate()
    for number in range(3):
        stream.read(page(number))
    one, other = stream.read(page(3)), stream.read(page(4))
    both = joined([one, other])
    assert left_out(both) == [*left_out(one), *left_out(other)]
    assert both.prose == f"{one.prose}\n\n{other.prose}"


@pytest.mark.parametrize("text", ["", "\n\n", "\ud800 surrogate. Another line here now.\n" * 3])
def test_odd_texts_are_read(text: str) -> None:
    assert len({piece.key for piece in pieces_of(text)}) <= 2
