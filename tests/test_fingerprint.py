"""Claims about fingerprints: a batch of articles has those that each of them has alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import fingerprint
from detector.article import Article, Span
from detector.encoders import load_encoder
from detector.fingerprint import BATCH_PAYS, Fingerprint, Fingerprinter
from detector.sketch import Sketcher
from detector.terms import TermExtractor

# Words, figures, marks, white space, and characters that fold, decompose or are dropped.
PARTS = st.sampled_from(
    "ferry Ferries ferry’s rock-'n'-roll a''b _under_ İstanbul ẞtraße ﬁnd naïve 北京 [UNK] [PAD] "
    "## ##s £5 “40 per-cent” 3.5 million in May 2015 14/11/2025 twice $12bn don’t e\u0301 \u200b "
    "x\x0by x\x85y \x1c \U0001f600 ½ —a– ABC/def twenty-one first, http://a.b/c?d=e&f=g".split(" ")
)
SPACES = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\u00a0", "\u3000", "\t", "", "\x1d"])
TEXTS = st.lists(st.tuples(PARTS, SPACES), max_size=60).map(
    lambda parts: "".join(part + space for part, space in parts)
)


@st.composite
def articles_of_odd_texts(draw: st.DrawFn) -> Article:
    text = draw(TEXTS) * draw(st.integers(1, 8))
    title = draw(st.one_of(st.none(), TEXTS))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    boilerplate = (Span(start, end),) if draw(st.booleans()) and end > start else ()
    return Article(text, "a", title=title, boilerplate=boilerplate)


@pytest.fixture(scope="module")
def printer() -> Fingerprinter:
    return Fingerprinter(load_encoder(), Sketcher(), TermExtractor())


def content(made: Fingerprint) -> tuple[object, ...]:
    """Return all but the vectors, whose last bits depend on how many are centred at once."""
    parts = (
        made.signature, made.terms.terms, made.terms.counts, made.headline.terms,
        made.headline.counts,
    )  # fmt: skip
    return tuple((part.dtype, part.tolist()) for part in parts)


def check(printer: Fingerprinter, articles: list[Article]) -> None:
    together = printer.fingerprint(articles)
    for article, made in zip(articles, together, strict=True):
        (alone,) = printer.fingerprint([article])
        assert content(made) == content(alone)
        assert made.vectors.shape == alone.vectors.shape
        np.testing.assert_allclose(made.vectors, alone.vectors, atol=1e-6)


@given(articles=st.lists(articles_of_odd_texts(), min_size=BATCH_PAYS, max_size=12))
@settings(max_examples=30, deadline=None)
def test_a_batch_has_the_fingerprints_of_its_articles(
    printer: Fingerprinter, articles: list[Article]
) -> None:
    check(printer, articles)


def test_half_a_character_is_read_in_a_batch_as_alone(printer: Fingerprinter) -> None:
    check(
        printer, [Article("port of oil " * 9, str(n), title="a \ud800") for n in range(BATCH_PAYS)]
    )


def test_a_batch_that_failed_does_not_spoil_the_next(
    printer: Fingerprinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [Article(f"spoiled{n} word", str(n)) for n in range(BATCH_PAYS)]
    with monkeypatch.context() as patch:
        nothing = [column.take(np.zeros(0, np.intp)) for column in printer._book._columns]
        broken = [lambda new, none=none: 1 / 0 if new else none for none in nothing]
        patch.setattr(printer._book, "_readers", broken)
        with pytest.raises(ZeroDivisionError):
            printer.fingerprint(articles)
    check(printer, articles)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n " * 400,
        "word" * 6_000,
        "two words " * 3_000,
        "no-space" * 150 + " " + "x" * 2_000 + " end",
        "ab " * 6_666 + "cut where twenty thousand characters end",
        "\n".join(["a line of its own"] * 300),
        "tab\tand\x85next " * 300,
    ],
    ids=["empty", "blank", "one word", "long", "long words", "cut", "lines", "odd white space"],
)
def test_texts_that_cannot_be_cut_at_a_space_have_the_same_as_alone(
    printer: Fingerprinter, text: str
) -> None:
    article = Article(text, "a", title="A title")
    indented = Article(" " * 300 + text, "b", boilerplate=(Span(0, 20),))
    check(printer, [article, replace(article, title=None), indented] * 3)


def test_after_many_articles_the_compiled_kernel_signs(
    printer: Fingerprinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [Article(f"The ferry number {n} left the port", str(n)) for n in range(9)]
    before = [made.signature.tolist() for made in printer.fingerprint(articles)]
    monkeypatch.setattr(fingerprint, "COMPILED_PAYS", 0)
    monkeypatch.setattr(printer.sketcher, "sign_words", None)
    assert [made.signature.tolist() for made in printer.fingerprint(articles)] == before


def test_a_batch_has_the_same_vectors_bit_for_bit_as_the_encoder_makes(
    printer: Fingerprinter,
) -> None:
    articles = [Article(f"Ferry {n} has left. " * 30, str(n)) for n in range(20)]
    parts = [part for article in articles for part in fingerprint.passages(article.text)]
    made = [rows[-1].tolist() for rows in (p.vectors for p in printer.fingerprint(articles))]
    assert made == printer.encoder.encode(parts).tolist()
