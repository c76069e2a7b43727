"""Claims about evaluation: what is counted, against what, and how sure the counts make it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from detector.article import Article, Span
from detector.candidates import find_candidates
from detector.errors import BadInput
from detector.evaluation import (
    Answer,
    Labelled,
    Mark,
    Share,
    answer,
    answers,
    evaluate,
    evaluation_dict,
    evaluation_text,
    measure,
)
from detector.evaluation.answers import Found
from detector.evaluation.findings import Findings, Marked, Score, measure_findings, same_place
from detector.evaluation.measures import (
    Bin,
    Calibration,
    ChannelShare,
    Confusion,
    CreditShares,
    Evaluation,
    LabelCount,
    Labels,
    Relations,
    RelationScore,
    Retrieval,
)
from detector.pipeline import Detector
from detector.report import Provenance
from detector.verdict import Label, Relation

NONE = Share(0, 0)
TEXT = "The harbour board met on Monday. Try Saltwise, the app for tides. It spent 40 million."
PROVENANCE = Provenance("0", {}, "static", "memory")


def labelled(id: str, relation: Relation, *sources: str, **labels: object) -> Labelled:
    return replace(Labelled(Article.from_text(TEXT, id=id), relation, sources), **labels)


def said(
    item: Labelled, label: Label, relation: Relation, probability: float, *sources: str
) -> Answer:
    """Return an answer whose candidates are the sources it names, found by terms."""
    found = tuple(Found(source, ("terms",)) for source in sources)
    return Answer(item, label, relation, probability, sources, candidates=found)


def mark(start: int, end: int, kind: str = "", verdict: str = "") -> Mark:
    return Mark(Span(start, end), kind, verdict)


def shares(findings: Findings) -> tuple[Share, Share]:
    return findings.every.precision, findings.every.recall


def not_examined(*, articles: int = 0, labelled: int = 0) -> Findings:
    nothing = Score("all", NONE, NONE)
    return Findings(
        examined=False,
        articles=articles,
        labelled=labelled,
        every=nothing,
        by_kind=(),
        by_character=replace(nothing, kind="characters"),
        kind_right=NONE,
        verdict_right=NONE,
        clean=NONE,
        false_in_clean=0,
    )


# --- shares ---------------------------------------------------------------------------------------


def test_an_interval_is_that_of_wilson() -> None:
    low, high = Share(8, 10).interval  # as in Newcombe 1998 and every table since
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    low, high = Share(0, 10).interval
    assert (round(low, 4), round(high, 4)) == (0.0, 0.2775)


def test_a_share_of_nothing_is_unknown_not_zero() -> None:
    assert NONE.value is None
    assert NONE.interval == (0.0, 1.0)
    assert Share.of(iter([])) == NONE
    assert Share.of([True, False, True]) == Share(2, 3)


def test_an_interval_holds_the_share_and_narrows_with_counts() -> None:
    for right in range(11):
        few, many = Share(right, 10), Share(100 * right, 1_000)
        assert 0 <= few.interval[0] <= right / 10 <= few.interval[1] <= 1
        assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


# --- measures -------------------------------------------------------------------------------------


def test_answers_that_are_all_right_measure_as_perfect() -> None:
    copy = labelled("c", Relation.COPY, "s1", attributed=True, plugs=(), fabrications=())
    mosaic = labelled("m", Relation.MOSAIC, "s1", "s2", attributed=False)
    honest = labelled("h", Relation.NONE)
    evaluation = measure(
        [
            replace(said(copy, Label.REPUBLICATION, Relation.COPY, 1.0, "s1"), credited=True),
            said(mosaic, Label.DERIVATIVE, Relation.MOSAIC, 1.0, "s2", "s1"),
            said(honest, Label.ORIGINAL, Relation.NONE, 0.0),
        ]
    )
    one, two, three = Share(1, 1), Share(2, 2), Share(3, 3)
    assert evaluation == Evaluation(
        articles=3,
        derived=2,
        retrieval=Retrieval(
            named_first=two,
            candidate_first=two,
            among_candidates=three,
            mosaics_complete=one,
            by_channel=(
                ChannelShare("terms", three),
                ChannelShare("meaning", Share(0, 3)),
                ChannelShare("shingles", Share(0, 3)),
                ChannelShare("headline", Share(0, 3)),
            ),
        ),
        labels=Labels(
            found=two,
            accused=Share(0, 1),
            undecided=Share(0, 3),
            counts=(
                LabelCount(Label.ORIGINAL, 0, 1),
                LabelCount(Label.DERIVATIVE, 1, 0),
                LabelCount(Label.REPUBLICATION, 1, 0),
                LabelCount(Label.UNDECIDED, 0, 0),
            ),
        ),
        relations=Relations(
            right=three,
            right_honest_as_one=three,
            derived_right=two,
            by_relation=(
                RelationScore(Relation.COPY, one, one),
                RelationScore(Relation.MOSAIC, one, one),
                RelationScore(Relation.NONE, one, one),
            ),
            confusion=(
                Confusion(Relation.COPY, Relation.COPY, 1),
                Confusion(Relation.MOSAIC, Relation.MOSAIC, 1),
                Confusion(Relation.NONE, Relation.NONE, 1),
            ),
        ),
        credit=CreditShares(two, one, one),
        calibration=Calibration((Bin(Share(0, 1), 0.0), Bin(two, 1.0))),
        plugs=not_examined(articles=1),
        fabrications=not_examined(articles=1),
        mistakes=(),
    )
    assert evaluation.relations.macro_f1 == 1.0
    assert evaluation.calibration.error == 0.0


def test_answers_that_are_all_wrong_measure_as_nothing_right() -> None:
    evaluation = measure(
        [
            said(
                labelled("m", Relation.MOSAIC, "s1", "s2", attributed=True),
                Label.UNDECIDED,
                Relation.NONE,
                0.0,
                "s3",
            ),
            said(
                labelled("e", Relation.SAME_EVENT, related=("s1",)),
                Label.DERIVATIVE,
                Relation.COPY,
                0.9,
                "s1",
            ),
            said(labelled("h", Relation.NONE), Label.DERIVATIVE, Relation.COPY, 1.0, "s2"),
        ]
    )
    assert evaluation.retrieval.named_first == Share(0, 1)
    assert evaluation.retrieval.candidate_first == Share(0, 1)
    assert evaluation.retrieval.among_candidates == Share(0, 2)
    assert evaluation.retrieval.mosaics_complete == Share(0, 1)
    assert evaluation.labels.found == Share(0, 1)
    assert evaluation.labels.accused == Share(2, 2)
    assert evaluation.labels.undecided == Share(1, 3)
    assert evaluation.relations.right == Share(0, 3)
    assert evaluation.relations.right_honest_as_one == Share(0, 3)
    assert evaluation.relations.macro_f1 == 0.0
    assert evaluation.credit == CreditShares(Share(0, 1), Share(0, 1), NONE)
    assert evaluation.calibration.error == pytest.approx((0.0 * 0 + 1 * 1 + 2 * 0.95) / 3)
    assert [mistake.says for mistake in evaluation.mistakes] == [
        "h, labelled none: derivative, copy, probability over 0.99, likely source s2",
        "e, labelled same-event: derivative, copy, probability 0.90, likely source s1",
        "m, labelled mosaic: undecided, none, probability 0.00, likely source s3",
    ]
    assert [mistake.faults for mistake in evaluation.mistakes] == [
        ("an honest article is called derivative",),
        ("an honest report of the same event is called derivative",),
        (
            "a derivative is called undecided",
            "another source is named first",
            "the relation is said to be honest",
            "its credit is not seen",
        ),
    ]
    assert evaluation.false_alarms == evaluation.mistakes[:2]


def test_an_empty_set_measures_nothing_and_says_so() -> None:
    evaluation = measure([])
    assert evaluation.retrieval.named_first == NONE
    assert evaluation.labels.accused == NONE
    assert (evaluation.relations.macro_f1, evaluation.calibration.error) == (None, None)
    assert (evaluation.plugs, evaluation.fabrications) == (not_examined(), not_examined())
    shown = evaluation_text(evaluation, sources=0)
    assert "the report names a true source first               none to count" in shown
    assert "0.00" not in shown


def test_naming_one_source_of_a_mosaic_first_is_not_naming_all() -> None:
    item = labelled("m", Relation.MOSAIC, "s1", "s2")
    for named in (("s1",), ("s1", "s3"), ("s1", "s2", "s3")):
        evaluation = measure([said(item, Label.DERIVATIVE, Relation.MOSAIC, 0.99, *named)])
        assert evaluation.retrieval.named_first == Share(1, 1)
        assert evaluation.retrieval.mosaics_complete == Share(0, 1)
        (mistake,) = evaluation.mistakes
        assert mistake.faults == ("not its sources are named, all and no other",)


def test_which_honest_relation_is_named_accuses_nobody_but_is_counted() -> None:
    item = labelled("e", Relation.SAME_EVENT)
    evaluation = measure([said(item, Label.ORIGINAL, Relation.NONE, 0.1)])
    assert evaluation.mistakes == ()
    assert evaluation.relations.right == Share(0, 1)
    assert evaluation.relations.right_honest_as_one == Share(1, 1)
    assert evaluation.relations.confusion == (Confusion(Relation.SAME_EVENT, Relation.NONE, 1),)


def test_macro_f1_counts_every_labelled_relation_alike() -> None:
    copies = [labelled(f"c{n}", Relation.COPY, "s") for n in range(3)]
    spun = labelled("p", Relation.SPUN, "s")
    relations = measure(
        [
            *(said(item, Label.DERIVATIVE, Relation.COPY, 1.0, "s") for item in copies),
            said(spun, Label.DERIVATIVE, Relation.COPY, 1.0, "s"),
        ]
    ).relations
    copy, other = relations.by_relation
    assert (copy.precision, copy.recall) == (Share(3, 4), Share(3, 3))
    assert (other.precision, other.recall, other.f1) == (NONE, Share(0, 1), 0.0)
    assert relations.macro_f1 == pytest.approx((6 / 7 + 0) / 2)


def test_calibration_error_is_the_mean_gap_between_probability_and_truth() -> None:
    derived, honest = labelled("d", Relation.COPY, "s"), labelled("h", Relation.NONE)
    told = [(derived, 0.92), (derived, 0.96), (derived, 1.0), (honest, 0.92), (honest, 0.3)]
    calibration = measure(
        said(item, Label.UNDECIDED, Relation.NONE, probability) for item, probability in told
    ).calibration
    assert [each.derived for each in calibration.bins] == [Share(0, 1), Share(3, 4)]
    assert calibration.bins[1].probability == pytest.approx(0.95)
    assert calibration.error == pytest.approx((1 * 0.3 + 4 * (0.95 - 0.75)) / 5)


def test_a_derivative_whose_credit_nobody_labelled_is_not_counted() -> None:
    item = labelled("d", Relation.COPY, "s")
    evaluation = measure([said(item, Label.DERIVATIVE, Relation.COPY, 1.0, "s")])
    assert evaluation.credit == CreditShares(NONE, NONE, NONE)
    assert evaluation.mistakes == ()


# --- plugs and fabrications -----------------------------------------------------------------------


def test_two_places_are_the_same_when_they_share_half_of_the_shorter() -> None:
    assert same_place(Span(10, 20), Span(10, 20))
    assert same_place(Span(10, 20), Span(15, 40))
    assert same_place(Span(0, 100), Span(40, 50))
    assert not same_place(Span(10, 20), Span(16, 40))
    assert not same_place(Span(10, 20), Span(20, 30))


def test_findings_at_the_labelled_places_are_perfect() -> None:
    marked = (mark(0, 9, "person", "unsupported"), mark(20, 30, "number", "contradicted"))
    findings = measure_findings(
        [Marked(marked, marked), Marked((), ())], kinds=("date", "number", "person")
    )
    two, one = Share(2, 2), Share(1, 1)
    assert findings == Findings(
        examined=True,
        articles=2,
        labelled=2,
        every=Score("all", two, two),
        by_kind=(Score("number", one, one), Score("person", one, one)),
        by_character=Score("characters", Share(19, 19), Share(19, 19)),
        kind_right=two,
        verdict_right=two,
        clean=one,
        false_in_clean=0,
    )
    assert findings.every.f1 == 1.0


def test_findings_elsewhere_are_all_wrong() -> None:
    findings = measure_findings(
        [
            Marked(
                (mark(0, 9, "person", "unsupported"),), (mark(40, 50, "number", "unsupported"),)
            ),
            Marked((), (mark(0, 5, "date", "unsupported"), mark(7, 9, "date", "unsupported"))),
        ],
        kinds=("date", "number", "person"),
    )
    assert shares(findings) == (Share(0, 3), Share(0, 1))
    assert findings.every.f1 == 0.0
    assert findings.by_kind == (
        Score("date", Share(0, 2), NONE),
        Score("number", Share(0, 1), NONE),
        Score("person", NONE, Share(0, 1)),
    )
    assert (findings.kind_right, findings.verdict_right) == (NONE, NONE)
    assert (findings.clean, findings.false_in_clean) == (Share(0, 1), 2)


def test_a_finding_as_another_kind_or_verdict_is_found_but_not_rightly_named() -> None:
    findings = measure_findings(
        [Marked((mark(0, 9, "person", "unsupported"),), (mark(0, 9, "org", "contradicted"),))],
        kinds=("person", "org"),
    )
    assert shares(findings) == (Share(1, 1), Share(1, 1))
    assert findings.by_kind == (
        Score("person", NONE, Share(1, 1)),
        Score("org", Share(1, 1), NONE),
    )
    assert (findings.kind_right, findings.verdict_right) == (Share(0, 1), Share(0, 1))


def test_the_brand_of_a_plug_is_compared_in_any_case() -> None:
    findings = measure_findings([Marked((mark(33, 65, "Saltwise"),), (mark(33, 60, "SALTWISE"),))])
    assert findings.kind_right == Share(1, 1)
    assert findings.verdict_right == NONE


def test_several_reports_of_one_place_and_one_report_of_several_count_once_each() -> None:
    long, parts = mark(0, 40), (mark(0, 20), mark(20, 40))
    assert shares(measure_findings([Marked((long,), parts)])) == (Share(2, 2), Share(1, 1))
    assert shares(measure_findings([Marked(parts, (long,))])) == (Share(1, 1), Share(2, 2))


def test_calling_the_whole_text_invented_shows_in_the_characters() -> None:
    findings = measure_findings([Marked((mark(10, 20),), (mark(0, 1_000),))])
    assert shares(findings) == (Share(1, 1), Share(1, 1))
    assert findings.by_character == Score("characters", Share(10, 1_000), Share(10, 10))


def test_a_character_reported_twice_counts_once() -> None:
    reported = (mark(10, 30), mark(15, 25), mark(30, 35), mark(50, 60))
    findings = measure_findings([Marked((mark(20, 55), mark(0, 5)), reported)])
    assert findings.by_character == Score("characters", Share(20, 35), Share(20, 40))


def test_what_the_detector_does_not_look_for_is_not_examined_whatever_is_labelled() -> None:
    marked = (mark(0, 9), mark(20, 30))
    assert measure_findings([Marked(marked, None), Marked(None, None)]) == not_examined(
        articles=1, labelled=2
    )


def test_articles_whose_labels_are_missing_do_not_count() -> None:
    findings = measure_findings([Marked(None, (mark(0, 9),)), Marked((), ())])
    assert shares(findings) == (NONE, NONE)
    assert (findings.articles, findings.clean) == (1, Share(1, 1))


# --- examined and shown ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trial(news: dict[str, Article]) -> list[Labelled]:
    """Return three of the fixtures with their labels."""
    return [
        Labelled(news["eel-d1"], Relation.COPY, ("eel-s1",), attributed=False, plugs=()),
        Labelled(news["bridge-d4"], Relation.MOSAIC, ("bridge-s1", "bridge-s2")),
        Labelled(news["misc-h1"], Relation.NONE),
    ]


def test_a_detector_is_evaluated(trial: list[Labelled], examiner: Detector) -> None:
    evaluation = evaluate(trial, examiner)
    assert evaluation.retrieval.named_first == Share(2, 2)
    assert evaluation.retrieval.among_candidates == Share(3, 3)
    assert evaluation.retrieval.mosaics_complete == Share(1, 1)
    assert evaluation.relations.right == Share(3, 3)
    assert (evaluation.plugs.examined, evaluation.plugs.clean) == (True, Share(1, 1))
    assert evaluation.fabrications.examined
    assert evaluation.mistakes == ()
    assert evaluate(iter(trial), examiner) == evaluation


def test_an_article_in_the_index_itself_is_not_its_own_source(
    trial: list[Labelled], sources: tuple[Article, ...]
) -> None:
    detector = Detector.from_sources([*sources, *(item.article for item in trial)])
    (found,) = answers(trial[:1], detector)
    assert found.names_a_source_first
    assert "eel-d1" not in {candidate.id for candidate in found.candidates}


def test_a_twin_of_the_source_counts_as_the_source(
    trial: list[Labelled], news: dict[str, Article]
) -> None:
    twin = Detector.from_sources([news["eel-s1"].named("again"), news["vote-s1"]])
    assert not next(answers(trial[:1], twin)).names_a_source_first
    (found,) = answers(trial[:1], twin, twins={"again": "eel-s1"})
    assert found.sources == ("eel-s1",)
    assert found.candidates[0].id == "eel-s1"


def test_an_answer_tells_no_plugs_from_plugs_not_looked_for(
    trial: list[Labelled], examiner: Detector
) -> None:
    report = examiner.examine(trial[0].article)
    found = answer(trial[0], report, ())
    assert found.plugs == ()
    unlooked = replace(report.provenance, examined=("derivation", "credit"))
    found = answer(trial[0], replace(report, provenance=unlooked), ())
    assert (found.plugs, found.fabrications) == (None, None)


def test_the_candidates_of_an_answer_are_those_of_the_search(
    trial: list[Labelled], examiner: Detector
) -> None:
    (found,) = answers(trial[:1], examiner)
    searched = find_candidates(trial[0].article, examiner.index)
    assert found.candidates == tuple(Found(c.source.id, c.found_by) for c in searched)


def test_an_article_that_cannot_be_examined_ends_the_evaluation(examiner: Detector) -> None:
    item = labelled("a", Relation.NONE)
    with pytest.raises(BadInput, match="a: the id 'a' was used before"):
        list(answers([item, item], examiner))


def evaluated() -> Evaluation:
    """Return an evaluation in which plugs were examined, and fabrications were not."""
    item = labelled(
        "d", Relation.REWRITE, "s", plugs=(mark(33, 65, "Saltwise"),), fabrications=(mark(0, 9),)
    )
    alarm = labelled("h", Relation.NONE, plugs=())
    found = said(item, Label.DERIVATIVE, Relation.SUMMARY, 0.97, "s")
    accused = said(alarm, Label.DERIVATIVE, Relation.COPY, 0.91, "t")
    return measure(
        [
            replace(found, plugs=(mark(33, 60, "Tidewise"),)),
            replace(accused, plugs=(mark(0, 9), mark(10, 20))),
        ]
    )


def test_the_text_says_what_is_counted_and_what_was_not_examined() -> None:
    lines = evaluation_text(evaluated(), sources=3).splitlines()
    assert lines[0] == "2 labelled articles against 3 sources: 1 derivative, 1 honest"
    for expected in (
        "  the report names a true source first                       1 of 1   1.00  (0.21–1.00)",
        "  honest articles called derivative (false alarms)           1 of 1   1.00  (0.21–1.00)",
        "    rewrite        summary 1",
        "  reported ones that are labelled (precision)                1 of 3   0.33  (0.06–0.79)",
        "  found ones reported with the right brand                   0 of 1   0.00  (0.00–0.79)",
        "  false ones per such article                                         2.00",
        "  not examined yet: this version does not look for them; 1 are labelled",
        "False alarms (honest articles called derivative): 1",
        "  h, labelled none: derivative, copy, probability 0.91, likely source t",
        "Other mistakes: 1",
        "    the relation is said to be summary",
    ):
        assert expected in lines


def test_no_line_of_the_text_is_wider_than_a_screen() -> None:
    assert max(map(len, evaluation_text(evaluated(), sources=3).splitlines())) <= 100


def test_the_text_shows_no_more_mistakes_than_asked_for() -> None:
    alarms = [
        said(labelled(f"h{n}", Relation.NONE), Label.DERIVATIVE, Relation.COPY, 0.9, "s")
        for n in range(3)
    ]
    lines = evaluation_text(measure(alarms), sources=1, most=2).splitlines()
    assert "False alarms (honest articles called derivative): 3 (the first 2 shown)" in lines
    assert [line for line in lines if ", labelled none: " in line] == [
        f"  h{n}, labelled none: derivative, copy, probability 0.90, likely source s"
        for n in range(2)
    ]


def test_the_json_holds_counts_shares_and_intervals() -> None:
    shown = evaluation_dict(evaluated(), PROVENANCE, sources=3)
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
    assert shown["retrieval"]["named_first"] == {
        "right": 1, "counted": 1, "share": 1.0, "low": 0.2065, "high": 1.0
    }  # fmt: skip
    assert shown["relation"]["confusion"] == {"rewrite": {"summary": 1}, "none": {"copy": 1}}
    assert shown["plugs"]["all"]["f1"] == 0.5
    assert shown["plugs"]["false_in_clean"] == 2
    assert shown["fabrications"] == {"examined": False, "articles": 1, "labelled": 1}
    assert [alarm["id"] for alarm in shown["false_alarms"]] == ["h"]
    assert shown["mistakes"][1] == {
        "id": "d",
        "labelled": "rewrite",
        "sources": ["s"],
        "label": "derivative",
        "relation": "summary",
        "probability": 0.97,
        "named": ["s"],
        "faults": ["the relation is said to be summary"],
    }
    examined = ["derivation", "credit", "plugs", "fabrications", "style"]
    assert shown["provenance"]["examined"] == examined
