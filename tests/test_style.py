"""What is a mark of spinning or of a writing program, where it stands, and what is none."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from stopwatch import MOST_GROWTH, growth

from detector.alignment import Aligner
from detector.article import Article, Span
from detector.encoders import load_encoder
from detector.errors import ModelError
from detector.evidence.style import (
    FEWEST_WORDS,
    NOTABLE,
    SPIN_SIGNALS,
    SUBSTITUTED,
    Style,
    StyleModel,
)
from detector.evidence.style.collocations import COLLOCATIONS_FILE, FEWEST, counted, keys_of
from detector.evidence.style.residue import Residue, ResidueFinder
from detector.evidence.style.spinning import new_pairs, spin_signals, supports
from detector.evidence.style.stock import stock_phrases
from detector.evidence.style.substitution import compare_words
from detector.evidence.style.words import frame_class, words_of
from detector.models import load_rarity
from detector.pipeline import Detector, compare
from detector.terms import TermExtractor

ROOT = Path(__file__).parent.parent
SOURCE = (
    "The harbour council voted on Monday to close the old fish market after four hours of debate. "
    "Nine of the fourteen members backed the plan, which will cost the town two million euros. "
    "The hall has stood on the quay since 1894 and was last repaired sixty years ago. "
    "Engineers had warned the mayor that the roof could fall in a storm. "
    "Fishermen who sell their catch there fear that they will lose their customers. "
    "The stalls will be moved to a tent behind the station until the new hall opens in spring. "
    "A group of residents has asked the court to stop the work until a full report is published."
)
# The same, a word here and there exchanged for a rare synonym.
SPUN = (
    "The harbour council balloted on Monday to shutter the aged fish bazaar after four hours of "
    "disputation. Nine of the fourteen constituents abetted the scheme, which will cost the town "
    "two million euros. The corridor has stood on the wharf since 1894 and was last mended sixty "
    "years ago. Engineers had cautioned the mayor that the canopy could tumble in a tempest. "
    "Fishermen who vend their haul there dread that they will forfeit their patrons. The booths "
    "will be shifted to a tent behind the depot until the novel corridor unlocks in spring. A "
    "cluster of denizens has beseeched the tribunal to halt the toil until a full dossier is "
    "published."
)
# The same story, told anew.
REWRITTEN = (
    "After a debate that lasted four hours, councillors in the harbour town decided on Monday that "
    "its fish market, in use since 1894, has to shut. Fourteen of them sat down to vote and nine "
    "were in favour. It was six decades since anybody had last repaired the building, and the "
    "mayor had been told by engineers that a storm might bring the roof down. The town puts the "
    "bill at two million euros. Until a new hall is ready in spring, those who sell fish will have "
    "to make do with a tent behind the station, and many are afraid of losing customers. Some "
    "residents want to see a full report first, and have gone to court."
)


@pytest.fixture(scope="module")
def model() -> StyleModel:
    """Return the shipped model."""
    return StyleModel.load()


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    """Return an aligner with the shipped encoder."""
    return Aligner(load_encoder(), TermExtractor(), load_rarity())


def style_beside(model: StyleModel, aligner: Aligner, text: str, source: str | None) -> Style:
    article = Article.from_text(text)
    if source is None:
        return model.examine(article, [], aligner)
    return model.examine(article, [aligner.align(article, Article.from_text(source))], aligner)


def found_in(text: str) -> list[tuple[str, str]]:
    residue = ResidueFinder.shipped().find(Article.from_text(text))
    return [(each.kind, each.span.of(text)) for each in residue]


# --- spun text ------------------------------------------------------------------------------------


def test_spun_text_is_told_from_a_copy_and_a_rewrite_beside_the_source(
    model: StyleModel, aligner: Aligner
) -> None:
    spun, copy, rewrite = (
        style_beside(model, aligner, text, SOURCE).substituted for text in (SPUN, SOURCE, REWRITTEN)
    )
    assert spun is not None
    assert copy is not None
    assert rewrite is not None
    assert copy < 0.1 > rewrite
    assert spun > 0.9


def test_spun_wording_is_likelier_than_the_wording_it_was_spun_from(
    model: StyleModel, aligner: Aligner
) -> None:
    spun, plain = (style_beside(model, aligner, text, None).spun for text in (SPUN, SOURCE))
    assert spun is not None
    assert plain is not None
    assert plain < 0.5 < spun


def test_the_words_that_were_exchanged_are_shown_beside_the_sources(
    model: StyleModel, aligner: Aligner
) -> None:
    style = style_beside(model, aligner, SPUN, SOURCE)
    shown = [(e.source_span.of(e.source.text), e.span.of(SPUN)) for e in style.exchanges]
    assert shown[:3] == [("voted", "balloted"), ("close", "shutter"), ("old", "aged")]


def test_without_a_source_nothing_is_called_substituted(
    model: StyleModel, aligner: Aligner
) -> None:
    style = style_beside(model, aligner, SPUN, None)
    assert (style.substituted, style.exchanges) == (None, ())


def test_a_slip_of_spelling_is_no_exchange(aligner: Aligner) -> None:
    typos = SOURCE.replace("council", "cuoncil").replace("market", "markt")
    source = Article.from_text(SOURCE)
    article = Article.from_text(typos)
    compared = compare_words(
        aligner.align(article, source), aligner.prepare(article), aligner.prepare(source)
    )
    exchanges = [exchange for each in compared for exchange in each.exchanges]
    assert [(e.words, e.slips, e.content) for e in exchanges] == [(1, 1, 0), (1, 1, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "Too short to tell.",
        "Der Rat der Stadt hat am Montag beschlossen, den alten Fischmarkt zu schließen. " * 12,
    ],
    ids=["short", "German"],
)
def test_the_wording_of_short_and_foreign_texts_is_not_judged(
    model: StyleModel, aligner: Aligner, text: str
) -> None:
    style = style_beside(model, aligner, text, SOURCE)
    assert (style.spun, style.substituted) == (None, None)


def test_words_in_quotations_are_nobodys_style(model: StyleModel) -> None:
    plain = "Furious kettles ponder gently beneath sour horizons."
    said, written = words_of(f"“{plain}”"), words_of(plain)
    assert len(supports(written, model.table).places) == 4
    assert supports(said, model.table).places.tolist() == []
    assert len(new_pairs(written, model.table, gap=0).bins) == 5
    assert new_pairs(said, model.table, gap=0).bins.tolist() == []


def test_a_word_counts_as_expected_when_news_has_it_beside_its_neighbour(
    model: StyleModel,
) -> None:
    plain, odd = (
        supports(words_of(f"the court of appeal {verb} the decision of"), model.table)
        for verb in ("upheld", "hoisted")
    )
    assert plain.best.mean() > odd.best.mean()


@pytest.mark.parametrize(
    ("text", "per_hundred"),
    [
        ("a apple and an pear in the", 2 / 7),
        ("an hour in a union of one", 0.0),
        ("a one in an honest way of", 0.0),
    ],
)
def test_articles_that_do_not_fit_are_counted(
    model: StyleModel, text: str, per_hundred: float
) -> None:
    signals = spin_signals(words_of(text), model.table, model.expected)
    assert signals.wrong_articles == pytest.approx(100 * per_hundred)


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("would", "would"), ("walking", "-ing"), ("settlements", "-ments"), ("dog", "-"),
        ("Oslo", "^"), ("1894", "#"), ("naïve", "^"), ("city", "-y"), ("sing", "-"),
    ],
)  # fmt: skip
def test_a_word_stands_in_a_frame_by_its_grammar(word: str, expected: str) -> None:
    assert frame_class(word) == expected


def test_words_touch_with_nothing_but_a_space_between() -> None:
    words = words_of("old fish, new boats")
    assert words.texts == ("old", "fish", "new", "boats")
    assert words.touches.tolist() == [True, False, True, False]
    assert words.places.tolist() == [[0, 3], [4, 8], [10, 13], [14, 19]]


def test_what_was_counted_is_found_again_to_a_twentieth() -> None:
    texts = [words_of("the old fish market")] * 9 + [words_of("the new hall")] * 2
    table = counted(texts)
    keys = keys_of(words_of("the old fish market hall"))
    assert table.total == 9 * 4 + 2 * 3
    assert table.counts(keys["words"]) == pytest.approx([11, 9, 9, 9, 0], rel=0.05)
    assert sorted(table.counts(keys["pairs"]).round().tolist()) == [0, 9, 9, 9]
    assert all(low >= 1 for low in FEWEST.values())


def test_the_table_is_small_and_sorted(model: StyleModel) -> None:
    assert (ROOT / "models" / COLLOCATIONS_FILE).stat().st_size <= 3_000_000
    assert (np.diff(model.table.keys.astype(np.int64)) > 0).all()


# --- chatbot residue ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "residue"),
    [
        ("self-reference", "As an AI language model"),
        ("self-reference", "I am a large language model"),
        ("self-reference", "as of my last knowledge update"),
        ("self-reference", "I don't have access to real-time data"),
        ("refusal", "I'm sorry, but I cannot fulfill this request"),
        ("hand-over", "Here is a rewritten version"),
        ("hand-over", "Here’s the revised article"),
        ("hand-over", "Here is your article in different words"),
        ("hand-over", "I have rewritten the article"),
        ("offer", "Let me know if you'd like me to"),
        ("offer", "Would you like me to shorten"),
        ("prompt", "You are an expert SEO writer."),
        ("placeholder", "[Insert quote from the mayor here]"),
        ("placeholder", "[Your Name]"),
        ("placeholder", "{{article_title}}"),
        ("placeholder", "{quick|fast|rapid}"),
        ("tool-mark", "contentReference[oaicite:3]"),
        ("tool-mark", "turn0search4"),
        ("self-reference", "como modelo de lenguaje"),
        ("self-reference", "en tant que modèle de langage"),
        ("self-reference", "als KI-Sprachmodell"),
        ("self-reference", "как языковая модель"),
        ("self-reference", "作为一个人工智能语言模型"),
        ("hand-over", "Aquí tienes el artículo reescrito"),
        ("hand-over", "Voici l’article réécrit"),
        ("hand-over", "Hier ist der überarbeitete Artikel"),
        ("hand-over", "以下是改写后的文章"),
    ],
)
def test_what_a_writing_program_says_to_its_user_is_found_in_its_place(
    kind: str, residue: str
) -> None:
    text = f"The hall was closed. {residue} ... The council will vote on Monday."
    assert found_in(text) == [(kind, residue)]


@pytest.mark.parametrize(
    ("text", "kind", "residue"),
    [
        ("Certainly! Here is the text.\nThe hall", "hand-over", "Certainly! Here is the"),
        ("Rewritten article:\nThe hall", "hand-over", "Rewritten article:"),
        ("It closed.\nRewrite the following article", "prompt", "Rewrite the following article"),
        ("It closed.\nRegenerate response\n", "tool-mark", "Regenerate response"),
    ],
)
def test_some_residue_stands_only_at_the_start_of_a_line(
    text: str, kind: str, residue: str
) -> None:
    assert found_in(text) == [(kind, residue)]


@pytest.mark.parametrize(
    "text",
    [
        "The firm trained a large language model on court records, she said.",
        "“As an AI language model, I have no opinion,” the program answered the reporter.",
        "He works as an assistant to the mayor and wrote the revised version of the plan.",
        "Here is the latest version of events, according to police.",
        "Sorry, but I cannot help thinking that the council was wrong.",
        "Let me know if you see the cat, the poster says.",
        "The prosecutor asked the witness to rewrite the following article of the constitution.",
        "She said [the mayor] had added a date [in May] to the letter.",
        "Certainly, here are men who have seen worse.",
    ],
)
def test_news_about_programs_and_ordinary_talk_is_no_residue(text: str) -> None:
    assert found_in(text) == []


def test_a_place_of_residue_is_told_once() -> None:
    text = "Sure! Here is the rewritten article you asked for."
    assert found_in(text) == [("hand-over", "Sure! Here is the")]


def test_places_hold_where_small_letters_are_longer_than_capitals() -> None:
    text = "İİİ. As an AI language model I cannot say."
    assert found_in(text) == [("self-reference", "As an AI language model")]


@pytest.mark.parametrize(
    "piece", ["here is a ", "{a|", "[insert ", "turn0", "as an ai ", "{{a", "sorry, ", "【1†"]
)
def test_looking_for_residue_takes_time_linear_in_the_text(piece: str) -> None:
    finder = ResidueFinder.shipped()

    def look(text: str) -> None:
        article = Article.from_text(text)
        finder.find(article)
        stock_phrases(article)
        words_of(text)

    assert growth(look, piece) < MOST_GROWTH


# --- template prose -------------------------------------------------------------------------------

TEMPLATE = (
    "In today's fast-paced world, the closure plays a crucial role. It is important to note that "
    "the hall serves as a reminder of the past. In conclusion, only time will tell."
)


def test_stock_phrases_are_found_in_their_places() -> None:
    found = [span.of(TEMPLATE) for span in stock_phrases(Article.from_text(TEMPLATE))]
    assert found == [
        "In today's fast-paced world", "plays a crucial role", "It is important to note",
        "serves as a reminder", "In conclusion,", "only time will tell",
    ]  # fmt: skip


def test_many_stock_phrases_are_notable_and_one_is_not() -> None:
    span = Span(0, 9)
    assert Style(stock_phrases=(span,) * 6, words=300).is_notable
    assert not Style(stock_phrases=(span,), words=40).is_notable
    assert not Style(stock_phrases=(span,) * 6, words=2_000).is_notable


# --- reports --------------------------------------------------------------------------------------


def test_style_stands_in_the_report_as_the_contract_says() -> None:
    text = f"{SPUN} Let me know if you'd like me to shorten it."
    report = compare(Article.from_text(text), Article.from_text(SOURCE, id="source"))
    style = report.to_dict()["style"]
    assert isinstance(style, dict)
    start = text.index("Let me")
    assert style["chatbot_residue"] == [
        {
            "start": start,
            "end": start + len("Let me know if you'd like me to"),
            "text": "Let me know if you'd like me to",
            "kind": "offer",
        }
    ]
    exchanged = style["exchanged_words"]
    assert isinstance(exchanged, list)
    assert exchanged[0] == {
        "start": SPUN.index("balloted"),
        "end": SPUN.index("balloted") + 8,
        "text": "balloted",
        "source_start": SOURCE.index("voted"),
        "source_end": SOURCE.index("voted") + 5,
        "source_text": "voted",
        "source": "source",
    }
    assert "style" in report.provenance.examined
    assert report.provenance.models["style"].startswith("sha256:")
    assert json.loads(json.dumps(style)) == style


def test_the_text_form_quotes_the_residue_and_the_exchanged_words() -> None:
    text = f"{SPUN} Let me know if you'd like me to shorten it."
    shown = compare(Article.from_text(text), Article.from_text(SOURCE, id="source")).text(width=200)
    assert "Style  (marks of how the text was made; no ground for a verdict)" in shown
    assert "“Let me know if you'd like me to”" in shown
    assert "“voted” → “balloted”" in shown


def test_style_alone_grounds_no_verdict() -> None:
    detector = Detector.from_sources([])
    with_residue = f"As an AI language model, I cannot say.\n{SPUN}"
    verdicts = [
        detector.examine(Article.from_text(text)).to_dict()["verdict"]
        for text in (with_residue, f"The council met in the town hall.\n{SOURCE}")
    ]
    assert verdicts[0] == verdicts[1]


def test_an_unremarkable_article_gets_no_line_on_style() -> None:
    assert "Style" not in Detector.from_sources([]).examine(Article.from_text(SOURCE)).text()


# --- the model ------------------------------------------------------------------------------------


def test_the_written_lines_give_the_probabilities_of_the_trained_ones(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    import list_models
    import train_style

    random = np.random.default_rng(0)
    signals = random.normal(size=(300, len(SPIN_SIGNALS)))
    is_spun = signals[:, 0] + random.normal(size=300) > 0
    names = np.full(300, "crawl")
    rows = train_style.Rows(signals, is_spun, names, names, np.arange(300).astype(str))
    fitted = train_style.Fitted.to(rows, np.arange(300), 0.5)
    written = json.loads((ROOT / "models" / "style.json").read_text("utf8"))
    written["spun"] = fitted.written(SPIN_SIGNALS)
    (tmp_path / "style.json").write_text(json.dumps(written), encoding="utf8")
    (tmp_path / COLLOCATIONS_FILE).write_bytes((ROOT / "models" / COLLOCATIONS_FILE).read_bytes())
    list_models.main(["--folder", str(tmp_path)], standalone_mode=False)
    model = StyleModel.load(tmp_path)
    found = [model.spun.probability(row) for row in signals]
    assert found == pytest.approx(fitted.probabilities(signals).tolist(), abs=1e-4)


def test_a_model_for_other_signals_is_an_error(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    import list_models

    written = json.loads((ROOT / "models" / "style.json").read_text("utf8"))
    written["spun"]["signals"][0] = "charm"
    (tmp_path / "style.json").write_text(json.dumps(written), encoding="utf8")
    list_models.main(["--folder", str(tmp_path)], standalone_mode=False)
    expected = "style.json was trained for other signals than this version measures: train it again"
    with pytest.raises(ModelError, match=re.escape(expected)):
        StyleModel.load(tmp_path)


def test_the_thresholds_leave_room_on_both_sides() -> None:
    assert 0.5 <= SUBSTITUTED < 1
    assert 0.5 <= NOTABLE < 1
    assert FEWEST_WORDS > 0
    assert Style(residue=(Residue(Span(0, 3), "offer"),)).is_notable
