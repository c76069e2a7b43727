"""Claims about verdicts: labels on clear cases, and reasons that an editor can check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import nan
from types import SimpleNamespace
from typing import cast

import pytest

from detector.article import Article, Rights
from detector.pipeline import Detector, compare
from detector.report import Report
from detector.verdict import (
    DATE_TOLERANCE,
    DERIVED,
    HEADLINE_TAKEN,
    IMPOSSIBLE,
    LEAST_CONTRIBUTION,
    MOST_REASONS,
    WITHOUT_HEADLINE,
    Judged,
    Label,
    Reason,
    Relation,
    Verdict,
    _without_headline,
    published_too_late,
)

News = dict[str, Article]
Examined = Callable[[str], Report]

SPANISH = (
    "El Gobierno aprobó el martes un nuevo plan para reformar los puertos del país, que incluye la "
    "compra de treinta grúas automáticas y la construcción de dos terminales en la costa. La "
    "ministra de Transporte explicó que las obras empezarán en marzo y costarán doscientos "
    "millones de euros. Los sindicatos criticaron la falta de diálogo y anunciaron una huelga para "
    "la próxima semana, y la oposición pidió que el Parlamento revise los contratos."
)
SPANISH_TOO = (
    "La ministra presentó por fin su reforma de los puertos: habrá treinta grúas que trabajan "
    "solas y dos terminales nuevas junto al mar, según el plan que recibió el visto bueno del "
    "Ejecutivo. Las máquinas llegarán en primavera. Quienes descargan los barcos temen por sus "
    "empleos y no descartan parar, mientras que en la Cámara varios diputados exigen leer antes "
    "los contratos y saber quién pagará los doscientos millones que hacen falta para las obras."
)
CLEAR = [
    ("eel-d1", Label.DERIVATIVE, Relation.COPY, ["eel-s1"]),
    ("bridge-d1", Label.DERIVATIVE, Relation.COPY, ["bridge-s1"]),
    ("fraud-d1", Label.DERIVATIVE, Relation.SPUN, ["fraud-s1"]),
    ("eel-d2", Label.DERIVATIVE, Relation.REWRITE, ["eel-s1"]),
    ("school-d3", Label.DERIVATIVE, Relation.SUMMARY, ["school-s1"]),
    ("bridge-d4", Label.DERIVATIVE, Relation.MOSAIC, ["bridge-s1", "bridge-s2"]),
    ("final-d4", Label.DERIVATIVE, Relation.MOSAIC, ["final-s1", "final-s2"]),
    ("trial-d4", Label.DERIVATIVE, Relation.HEADLINE_ONLY, ["trial-s1"]),
    ("vote-d1", Label.REPUBLICATION, Relation.COPY, ["vote-s1"]),
    ("final-d3", Label.REPUBLICATION, Relation.COPY, ["final-s1"]),
]
# A risk that nobody need follow up.
LITTLE = 0.2
HONEST = "ports-h1 eel-h1 final-h1 vote-h2 trial-h1 museum-h1 flood-h2 misc-h1 misc-h2".split()


def without_date(article: Article) -> Article:
    return replace(article, published=None)


def on_its_own_site(article: Article, site: str) -> Article:
    return replace(article, site=site, url=None)


@pytest.mark.parametrize(("id", "label", "relation", "named"), CLEAR, ids=[c[0] for c in CLEAR])
def test_clear_derivatives_are_named_with_their_sources(
    examined: Examined, id: str, label: Label, relation: Relation, named: list[str]
) -> None:
    verdict = examined(id).verdict
    found = sorted(judged.source.id for judged in verdict.sources)
    assert (verdict.label, verdict.relation, found) == (label, relation, named)
    assert examined(id).is_flagged == (label is Label.DERIVATIVE)


@pytest.mark.parametrize("id", HONEST)
def test_honest_articles_are_original(examined: Examined, id: str) -> None:
    verdict = examined(id).verdict
    assert (verdict.label, examined(id).is_flagged) == (Label.ORIGINAL, False)
    assert verdict.relation in {Relation.SAME_EVENT, Relation.NONE}


def test_what_no_source_resembles_is_original_and_says_so(examined: Examined) -> None:
    reason = Reason("no_source", 0.0, 0.0, "no source shares its rare words, names or figures")
    assert examined("misc-h1").verdict == Verdict(
        Label.ORIGINAL,
        Relation.NONE,
        probability=0.0,
        reasons=(reason,),
        risk=examined("misc-h1").verdict.risk,
    )


def test_what_was_published_long_before_cannot_derive(news: News) -> None:
    copy, source = news["eel-d1"], news["eel-s1"]
    assert source.published is not None
    early = replace(copy, published=source.published - timedelta(days=9))
    verdict = compare(early, source).verdict
    assert (verdict.label, verdict.probability) == (Label.ORIGINAL, 0.0)
    assert verdict.risk < LITTLE
    assert verdict.reasons == (
        Reason(
            "published_first",
            216.0,
            IMPOSSIBLE,
            "it came first: the supposed source appeared 216 hours later",
        ),
    )


def test_a_day_is_not_enough_to_tell_who_was_first(news: News) -> None:
    copy, source = news["eel-d1"], news["eel-s1"]
    assert source.published is not None
    moment = source.published - DATE_TOLERANCE
    for published, late in ((moment, False), (moment - timedelta(seconds=1), True)):
        article = replace(copy, published=published)
        assert published_too_late(article, source) is late
        label = Label.ORIGINAL if late else Label.DERIVATIVE
        assert compare(article, source).verdict.label is label


def test_without_dates_nothing_is_said_of_who_was_first(news: News) -> None:
    copy, source = news["eel-d1"], news["eel-s1"]
    for article, other in (
        (without_date(copy), source),
        (copy, without_date(source)),
        (without_date(copy), without_date(source)),
    ):
        assert not published_too_late(article, other)
        assert compare(article, other).verdict.label is Label.DERIVATIVE


def test_thirty_words_are_undecided_even_when_copied(examiner: Detector, news: News) -> None:
    words = " ".join(news["eel-s1"].text.split()[:30])
    verdict = examiner.examine(Article.from_text(words, id="short")).verdict
    assert verdict.label is Label.UNDECIDED
    assert verdict.reasons[0].signal == "too_short"
    assert verdict.reasons[0].contribution == 0.0
    assert "under 50 hold too little evidence" in verdict.reasons[0].says


def test_ten_words_that_no_source_has_are_undecided(examiner: Detector) -> None:
    article = Article.from_text("A walrus wearing spectacles juggled nine lemons beside that well.")
    verdict = examiner.examine(article).verdict
    assert (verdict.label, verdict.relation) == (Label.UNDECIDED, Relation.NONE)
    assert verdict.reasons[0].signal == "too_short"


def test_spanish_text_is_undecided() -> None:
    article = Article.from_text(SPANISH_TOO, id="a")
    for verdict in (
        compare(article, Article.from_text(SPANISH, id="b")).verdict,
        Detector.from_sources([Article.from_text(SPANISH, id="b")]).examine(article).verdict,
    ):
        assert verdict.label is Label.UNDECIDED
        assert "language" in [reason.signal for reason in verdict.reasons]


def test_a_copy_is_a_copy_in_any_language() -> None:
    article = Article.from_text(SPANISH, id="a")
    assert compare(article, article.named("b")).verdict.label is Label.DERIVATIVE


def test_an_outlet_may_publish_its_own_text_again(news: News) -> None:
    source = news["eel-s1"]
    assert source.site is not None
    again = on_its_own_site(news["eel-d1"], source.site)
    verdict = compare(again, source).verdict
    assert (verdict.label, verdict.relation) == (Label.REPUBLICATION, Relation.COPY)
    assert verdict.risk < LITTLE < verdict.probability
    elsewhere = on_its_own_site(news["eel-d1"], "elsewhere.example")
    assert compare(elsewhere, source).verdict.label is Label.DERIVATIVE


def test_a_licensed_copy_is_republication_of_little_risk(news: News) -> None:
    tagged = replace(news["eel-d1"], rights=Rights(syndicated_from="tidewaterreview.example"))
    for article, source in ((tagged, news["eel-s1"]), (news["vote-d1"], news["vote-s1"])):
        verdict = compare(article, source).verdict
        assert verdict.label is Label.REPUBLICATION
        assert verdict.risk < LITTLE < verdict.probability


def test_a_credited_rewrite_is_still_derivative(examined: Examined) -> None:
    report = examined("bridge-d3")
    assert (report.credit.status, report.verdict.label) == ("credited", Label.DERIVATIVE)
    assert report.verdict.risk_reasons


def test_one_source_makes_no_mosaic(news: News) -> None:
    for source in ("bridge-s1", "bridge-s2"):
        verdict = Detector.from_sources([news[source]]).examine(news["bridge-d4"]).verdict
        assert verdict.relation is not Relation.MOSAIC
        assert [judged.source.id for judged in verdict.sources] == [source]


@pytest.mark.parametrize("id", ["eel-d2", "bridge-d4", "final-d3", "eel-h1", "school-d3"])
def test_reasons_are_signed_sorted_and_few(examined: Examined, id: str) -> None:
    reasons = examined(id).verdict.reasons
    assert 0 < len(reasons) <= MOST_REASONS
    assert [r.signal for r in reasons] == [
        r.signal for r in sorted(reasons, key=lambda r: (-abs(r.contribution), r.signal))
    ]
    assert len({reason.signal for reason in reasons}) == len(reasons)
    assert all(abs(reason.contribution) >= LEAST_CONTRIBUTION for reason in reasons)
    assert all(reason.says and reason.value == reason.value for reason in reasons)


def test_reasons_speak_for_the_label(examined: Examined) -> None:
    for id, sign in (("eel-d1", 1), ("fraud-d1", 1), ("final-d4", 1), ("eel-h1", -1)):
        assert sign * sum(reason.contribution for reason in examined(id).verdict.reasons) > 0


@pytest.mark.parametrize("id", [*(case[0] for case in CLEAR), *HONEST])
def test_label_relation_and_probability_agree(examined: Examined, id: str) -> None:
    verdict = examined(id).verdict
    assert 0 < verdict.risk < 1
    assert 0 <= verdict.probability <= 1
    derived = verdict.relation in DERIVED | {Relation.MOSAIC}
    assert derived == (verdict.probability >= 0.5)
    assert derived == (verdict.label is not Label.ORIGINAL)
    others = [judged.probability for judged in verdict.others]
    assert all(probability >= 0.1 for probability in others)


@pytest.mark.parametrize(
    ("relation", "probability", "headline", "title_in_lead", "doubted"),
    [
        (Relation.HEADLINE_ONLY, 0.9, 0.4, 0.5, True),
        (Relation.HEADLINE_ONLY, 0.9, HEADLINE_TAKEN, 0.5, False),
        (Relation.HEADLINE_ONLY, 0.9, 0.4, HEADLINE_TAKEN, False),
        (Relation.HEADLINE_ONLY, 0.9, nan, nan, False),  # without a title nobody can tell
        (Relation.HEADLINE_ONLY, WITHOUT_HEADLINE, 0.4, 0.5, False),
        (Relation.HEADLINE_ONLY, 0.4, 0.4, 0.5, False),  # not accused anyway
        (Relation.REWRITE, 0.9, 0.4, 0.5, False),
    ],
)
def test_a_text_without_the_headline_is_doubted_to_be_made_from_it(
    relation: Relation, probability: float, headline: float, title_in_lead: float, doubted: bool
) -> None:
    reuse = SimpleNamespace(headline=headline, title_in_lead=title_in_lead)
    evidence = SimpleNamespace(reuse=reuse)
    judged = cast(Judged, SimpleNamespace(evidence=evidence, probability=probability))
    reasons = _without_headline(judged, relation)
    assert [reason.signal for reason in reasons] == ["headline_not_taken"] * doubted
    assert all("50 % of the headline" in reason.says for reason in reasons)
