"""Which sentences are plugs, where they begin and end, and what only looks like one."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from detector.alignment import Aligner
from detector.article import Article, PaidLink, Rights, Span
from detector.evidence.plugs import (
    PLUG_SIGNALS,
    Plug,
    find_plugs,
    plugs_alone,
    plugs_beside,
)
from detector.evidence.plugs.brands import Brand, addresses, chosen_brand, find_brands
from detector.evidence.plugs.phrases import Phrases, count_phrases
from detector.evidence.plugs.signals import plain_words, read, words_score
from detector.models import load_plug_model
from detector.pipeline import Detector, compare

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
