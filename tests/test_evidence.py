"""Claims about evidence: each signal says one checkable thing."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, log, log1p

import numpy as np
import pytest

from detector.article import Article
from detector.evidence import gather
from detector.evidence.reuse import _SAYS, SIGNALS, ReuseSignals, reuse_signals, says
from detector.pipeline import Detector

Measure = Callable[..., ReuseSignals]

QUOTE = '"We counted every herring in the bay before we let anyone cast a net," said Tove Lund.'
OTHER_QUOTE = '"I would have shut it a month earlier than they did," said Ulla Brandt.'
PROSE = "The old lighthouse keeper rowed across the sound twice a week to fetch bread and lamp oil"


@pytest.fixture(scope="module")
def measure(examiner: Detector) -> Measure:
    """Return what measures two texts, with titles or without."""

    def signals(
        here: str, there: str, title: str | None = None, source_title: str | None = None
    ) -> ReuseSignals:
        article = Article.from_text(here, id="here", title=title)
        source = Article.from_text(there, id="there", title=source_title)
        return reuse_signals(examiner.aligner.align(article, source), examiner.aligner)

    return signals


def test_a_quotation_of_both_is_shared(measure: Measure) -> None:
    found = measure(f"The port reopened. {QUOTE}", f"Fishing began after eleven days. {QUOTE}")
    assert (found.shared_quotes, found.new_quotes) == (log1p(1), 0.0)


def test_a_quotation_of_its_own_is_new(measure: Measure) -> None:
    found = measure(f"The port reopened. {OTHER_QUOTE}", f"Fishing began. {QUOTE}")
    assert (found.shared_quotes, found.new_quotes) == (0.0, 1.0)


def test_quotations_are_the_same_under_other_marks(measure: Measure) -> None:
    curly = "“We counted every herring in the bay before we let anyone cast a net,” she said."
    assert measure(curly, QUOTE).shared_quotes == log1p(1)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("It cost $4.25 million to build.", "The bill came to 4,250,000 dollars."),
        ("In all 17,311 eels died.", "The toll was 17311 fish."),
        ("It opened on 14 November 2025.", "The opening was Nov. 14, 2025."),
        ("It rose by 37.5 percent.", "The rise was 37.5%."),
    ],
)
def test_a_figure_in_another_spelling_is_shared(measure: Measure, here: str, there: str) -> None:
    found = measure(here, there)
    assert (found.shared_figures, found.figure_support, found.new_figures) == (log1p(1), 1.0, 0.0)
    without = measure(here, "Nothing else was said.")
    assert (without.shared_figures, without.figure_support, without.new_figures) == (0.0, 0.0, 1.0)


def test_a_share_in_words_supports_a_share_in_figures(measure: Measure) -> None:
    found = measure("Three-quarters of them left.", "Some 75 percent went away.")
    assert (found.figure_support, found.new_figures) == (1.0, 0.0)


def test_a_text_without_figures_has_no_support_to_measure(measure: Measure) -> None:
    assert isnan(measure("The port reopened.", "It cost $4.25 million.").figure_support)


def test_a_name_that_the_source_lacks_is_new(measure: Measure) -> None:
    there = "The harbour master, Tove Lund, opened the gates."
    assert measure("The gates were opened by Tove Lund.", there).new_names == 0.0
    assert measure("The gates were opened by Ulla Brandt.", there).new_names == 1.0
    assert measure("The gates were opened by Lund.", there).new_names == 0.0


def test_copied_prose_counts_as_copied(measure: Measure) -> None:
    found = measure(f"{PROSE} for his family.", f"{PROSE}, the diary says.")
    assert (found.verbatim_share, found.copied_prose) == (17 / 20, 17 / 20)
    assert found.longest_prose_run == log1p(17)


def test_two_reports_of_one_speech_copy_no_prose_from_each_other(measure: Measure) -> None:
    found = measure(
        f'Speaking in Norrholm, the author remembered: "{PROSE}." Some listeners wept openly.',
        f'A lecture drew hundreds last night. "{PROSE}." It was her first visit since 1980.',
    )
    assert found.verbatim_share == 17 / 27
    assert (found.copied_prose, found.longest_prose_run) == (0.0, 0.0)
    assert found.shared_quotes == log1p(1)


def test_without_both_titles_nothing_is_said_about_headlines(measure: Measure) -> None:
    none = measure(PROSE, PROSE)
    assert isnan(none.headline)
    assert isnan(none.title_in_lead)
    assert isnan(none.shared_title)
    own = measure(PROSE, PROSE, "The lighthouse keeper's bread")
    assert isnan(own.headline)
    assert own.title_in_lead == pytest.approx(1, abs=0.5)
    assert own.shared_title > 0


def test_the_same_headline_is_fully_alike_and_another_is_not(measure: Measure) -> None:
    title = "Herring return to Norrholm bay"
    same = measure("The port reopened.", "Fishing began.", title, title)
    other = measure("The port reopened.", "Fishing began.", "Council cuts bus fares", title)
    assert same.headline == pytest.approx(1, abs=1e-5)
    assert same.title_in_lead == 1.0
    assert other.headline < 0.4
    assert (other.title_in_lead, other.shared_title) == (0.0, 0.0)


def test_a_text_and_itself_have_everything_in_common(measure: Measure) -> None:
    text = f"{PROSE}. In all 17,311 eels died. {QUOTE}"
    found = measure(text, text, "Eels die", "Eels die")
    everything = (
        "coverage source_coverage verbatim_share copied_prose kept_words kept_lengths term_support "
        "source_term_support figure_support title_in_lead"
    )
    assert {name: getattr(found, name) for name in everything.split()} == dict.fromkeys(
        everything.split(), pytest.approx(1)
    )
    nothing = "new_rare_terms new_figures new_names new_quotes length_ratio"
    assert {name: getattr(found, name) for name in nothing.split()} == dict.fromkeys(
        nothing.split(), 0.0
    )


def test_unrelated_texts_have_nothing_in_common(measure: Measure) -> None:
    found = measure(
        "Nine bakers in Kessel bought ovens.", "A quarry in Tavira flooded overnight.", "Ovens", "Q"
    )
    nothing = (
        "coverage source_coverage verbatim_share copied_prose order kept_words kept_lengths "
        "shared_rare_terms shared_figures shared_quotes"
    )
    assert {name: getattr(found, name) for name in nothing.split()} == dict.fromkeys(
        nothing.split(), 0.0
    )
    assert found.new_rare_terms > 0


def test_the_length_ratio_is_signed(measure: Measure) -> None:
    assert measure("Boats left. " * 2, "Boats left.").length_ratio == log(2)
    assert measure("Boats left.", "Boats left. " * 2).length_ratio == -log(2)


def test_signals_are_listed_once_each_and_said_in_words() -> None:
    assert set(_SAYS) == set(SIGNALS)
    assert len(SIGNALS) == len(set(SIGNALS))
    assert says("coverage", 0.464) == "46 % of its words stand in sentences that match the source"
    assert says("shared_rare_terms", log1p(11)) == "11 rare names, figures and words in common"
    assert says("length_ratio", log(2)) == "it is 2.00 times as long as the source"


def test_values_stand_in_the_order_of_their_names(measure: Measure) -> None:
    found = measure(PROSE, PROSE)
    assert list(found.to_dict()) == list(SIGNALS)
    np.testing.assert_array_equal(found.values(), [getattr(found, name) for name in SIGNALS])


def test_exclusive_shares_leave_out_what_both_sources_explain(examiner: Detector) -> None:
    ferry = "The ferry to Norrholm broke its shaft off the western pier on Monday morning."
    ovens = "Nine bakers in Kessel bought an oven that burns nothing but olive stones."
    court = "A court in Tavira fined the owner of the quarry forty thousand euros."
    article = Article.from_text(f"{ferry} {ovens} {court}", id="a")
    one = Article.from_text(f"{ferry} {ovens}", id="1")
    two = Article.from_text(f"{ovens} {court}", id="2")
    aligner = examiner.aligner
    parts = tuple(gather(aligner.align(article, source), aligner) for source in (one, two))
    both = gather(aligner.align(article, one), aligner, parts=parts)
    assert both.exclusive_shares == (14 / 40, 13 / 40)
