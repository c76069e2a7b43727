"""Claims about numbers that follow from others."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from detector.article import Article
from detector.evidence.fabrication.arithmetic import WORKED_OUT, derivation
from detector.evidence.fabrication.bare import is_same_amount
from detector.evidence.fabrication.case import Case, Told
from detector.evidence.fabrication.counterparts import pair_up
from detector.evidence.fabrication.workings import is_hour
from detector.facts import Quantity, figures
from detector.pipeline import Detector


def test_what_follows_from_nearer_numbers_is_surer() -> None:
    known = told("9 boats, 30 boats, 75 boats, 8 nets, 3 nets, 5 nets, 2 nets and 105 boats")
    nearer, further = (derivation(quantity(wanted), known) for wanted in ("45 boats", "135 boats"))
    assert 0 < further < nearer < WORKED_OUT
    assert derivation(quantity("46 boats"), known) == 0


@pytest.mark.parametrize("known", ["161 km/h, up from 120", "161 gigabytes, up from 120"])
def test_a_number_without_a_unit_follows_from_two_as_they_are_written(known: str) -> None:
    assert derivation(quantity("41"), told(known)) > 0
    assert derivation(quantity("43"), told(known)) == 0


@pytest.mark.parametrize(
    ("article", "source", "wanted"),
    [
        ("Of the remaining sixteen, twelve were home by noon.",
         "Sixteen others were hurt, but all but four of them were home by noon.", "twelve"),
        ("Hop content was down by 1.7 points, to 8.9 per cent.",
         "Hop content was 8.9 per cent, compared with 10.6 per cent last year.", "1.7"),
        ("A bill of 78 million dollars is 17 million dollars more than planned.",
         "The cost has risen from 61 million dollars to 78 million.", "17 million dollars"),
        ("The singer gets 25,000 pounds less for a concert than the pianist, who has 120,000.",
         "The singer is paid 95,000 pounds a concert, the pianist 120,000.", "25,000 pounds"),
        ("It fell by 45 boats in one year.", "The fleet fell from 75 boats to 30.", "45"),
        ("The limit was cut by 5 km/h.", "It reduced the limit from 30 to 25 km/h.", "5 km/h"),
        ("Sales were 3,500 tonnes higher than a year ago.",
         "It sold 61,400 tonnes of barley in the quarter, up from 57,900.", "3,500 tonnes"),
        ("Of 860 farms left, 160 fewer than before, most grow hops.",
         "The number of farms has fallen from 1,020 to 860, most of which grow hops.", "160"),
    ],
)  # fmt: skip
def test_what_is_worked_out_of_two_numbers_of_one_sentence_is_surest(
    examiner: Detector, article: str, source: str, wanted: str
) -> None:
    assert derivable(examiner, article, source)[wanted] == WORKED_OUT


@pytest.mark.parametrize(
    ("article", "source", "wanted"),
    [
        # Neither of the two is told beside it.
        ("Some time later, 12 were home.", "Of the sixteen hurt all but four went home.", "12"),
        ("It lost 3 of its boats.", "The fleet fell from 12 boats to 9.", "3"),
        # The source lists the two, and compares them with nothing.
        ("The storm killed 58 people.", "Two helicopters and 60 divers looked for them.", "58"),
        # They stand in two sentences.
        ("Of the sixteen, 12 were home.", "There were sixteen. They had four dogs.", "12"),
        ("Of the sixteen, 11 were home.", "Of the sixteen hurt all but four went home.", "11"),
    ],
)
def test_other_small_numbers_are_not_worked_out(
    examiner: Detector, article: str, source: str, wanted: str
) -> None:
    assert derivable(examiner, article, source)[wanted] < WORKED_OUT


def derivable(examiner: Detector, article: str, source: str) -> dict[str, float]:
    aligner = examiner.aligner
    sides = [aligner.prepare(Article.from_text(text)) for text in (article, source)]
    pairs = pair_up(Case(sides[0], sides[1:], aligner))
    return {pair.told.fact.text: pair.derivable for pair in pairs if pair.told.fact.quantity}


def told(text: str) -> list[Told]:
    return [Told(fact, 0, 0, {}) for fact in figures(text)]


def quantity(text: str) -> Quantity:
    (fact,) = [fact for fact in figures(text) if fact.quantity]
    assert fact.quantity is not None
    return fact.quantity


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("45 boats", "30 boats left of 75 boats"),
        ("105 boats", "30 boats and 75 boats"),
        ("40 percent", "30 boats left of 75 boats"),
        ("38 percent", "62 percent of them stayed"),
        ("4.4 percent", "it fell from 67 boats to 64.05 boats"),
        ("a total of 45", "it rose from 30 miles to 75 miles"),
        ("150 percent", "it rose from 30 boats to 75 boats"),
        ("29 percentage points", "it fell from 41 percent to 12 percent"),
        ("£64,500", "75 percent of the £86,000"),
        ("six years", "between 2013 and 2019"),
        ("five days", "on 2 June 2025 and on 7 June 2025"),
        ("two months", "on 2 June 2025 and on 7 August 2025"),
        ("12 years old", "founded in 2013 and sold in 2025"),
        ("some 524 people", "1,048 people"),
        ("$176", "the $60,000 a year goes to 340 villagers"),
        ("470 families", "20 percent of 2,340 families"),
        ("nearly halved", "it fell from 1,140 boats to 620 boats"),
        ("four days", "it grew from two days to six"),
        ("some 20,000 visitors", "318,000 visitors, 6 percent fewer than before"),
        ("1.75 points", "it cut the rate from 9.25 percent to 7.5 percent"),
    ],
)
def test_sums_shares_and_spans_follow(wanted: str, known: str) -> None:
    assert derivation(quantity(wanted), told(known))


def test_days_lie_between_the_weekdays_that_were_last() -> None:
    now = datetime(2025, 6, 9)  # a Monday
    known = [Told(fact, 0, 0, {}) for fact in figures("on Thursday and on Saturday", now)]
    assert derivation(quantity("two days"), known, [now.date()])
    assert not derivation(quantity("three days"), known, [now.date()])


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("52 boats", "30 boats left of 75 boats"),
        ("three boats", "five boats and two boats"),
        ("61 percent", "30 boats left of 75 boats"),
        ("£99,000", "75 percent of the £86,000"),
        ("£99,000", "100 percent of the £86,000"),
        ("nine years", "between 2013 and 2019"),
        ("hundreds of billions of dollars", "between $120bn and $230bn"),
        ("12 years old", "between 2013 and 2019"),
    ],
)
def test_other_numbers_do_not_follow(wanted: str, known: str) -> None:
    assert not derivation(quantity(wanted), told(known))


@pytest.mark.parametrize(
    ("article", "source", "found"),
    [
        ("Over 80 countries joined.", "Some 100 countries joined.", True),
        ("Over 80 countries joined.", "The office has room for 100 desks and lamps.", False),
        ("They caught 640,000 tonnes of cod.", "Of cod it was 640,000.", True),
        ("A cod must have 35 centimetres.", "For cod it fell from 38 centimetres to 35.", True),
    ],
)
def test_numbers_that_differ_are_the_same_in_the_same_place_only(
    examiner: Detector, article: str, source: str, found: bool
) -> None:
    aligner = examiner.aligner
    sides = [aligner.prepare(Article.from_text(text)) for text in (article, source)]
    (pair,) = [p for p in pair_up(Case(sides[0], sides[1:], aligner)) if p.told.fact.quantity]
    assert (pair.same is not None) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("64", "64 percent", True),
        ("six", "six days", True),
        ("640,000", "640,000 tonnes", True),
        ("51", "51 million dollars", True),
        ("1.3", "1.3 percent", True),
        ("six", "seven days", False),
        ("64 km", "64 percent", False),
        ("two boats", "2 percent", False),
        ("48 million kroner", "48m kroner", True),
        ("49 million kroner", "48m kroner", False),
        ("about 40 tons", "about 40 tonnes", True),
        ("about 42 tons", "about 40 tonnes", False),
    ],
)
def test_a_unit_may_be_left_out(one: str, other: str, same: bool) -> None:
    assert is_same_amount(quantity(one), quantity(other)) is same
    assert is_same_amount(quantity(other), quantity(one)) is same


def test_half_of_a_score_may_be_told_alone_but_bears_out_no_score() -> None:
    score, half = quantity("won 234-193"), quantity("234 to the right")
    assert is_same_amount(half, score)
    assert not is_same_amount(score, half)


def test_six_is_the_hour_of_18_o_clock() -> None:
    known = [Told(fact, 0, 0, {}) for fact in figures("at 18:00 on Friday", date(2025, 1, 1))]
    assert is_hour(Quantity(6, 6), known)
    assert not is_hour(Quantity(7, 7), known)
    assert not is_hour(Quantity(30, 30), known)  # thirty people


def test_six_boats_do_not_follow_from_six_o_clock(examiner: Detector) -> None:
    source = "It left the pier at 6 p.m. on Friday."
    assert derivable(examiner, "It left the pier at six on Friday.", source) == {"six": 1.0}
    assert derivable(examiner, "It left the pier with six boats.", source) == {"six": 0.0}


def test_two_match_points_are_no_half_of_a_score(examiner: Detector) -> None:
    source = "She saved three match points and won 6-4, 7-5."
    assert not found(examiner, "She saved five match points and won 6-4, 7-5.", source)["five"]
    assert found(examiner, "She won after five games.", source)["five"]


def test_two_boats_that_cost_dollars_are_no_two_dollars(examiner: Detector) -> None:
    source = "It will buy two boats at a price of $140,000. It saves $1.8 million a year."
    assert not found(examiner, "It saves about $2.6 million a year.", source)["about $2.6 million"]


def test_trout_near_a_length_are_no_metres(examiner: Detector) -> None:
    source = "It killed at least 1,450 trout over a stretch of 4 kilometres of the river."
    article = "It killed at least 2,300 trout over 4 kilometres of the river."
    assert derivable(examiner, article, source)["at least 2,300"] < WORKED_OUT


def found(examiner: Detector, article: str, source: str) -> dict[str, bool]:
    aligner = examiner.aligner
    sides = [aligner.prepare(Article.from_text(text)) for text in (article, source)]
    pairs = pair_up(Case(sides[0], sides[1:], aligner))
    return {pair.told.fact.text: pair.is_found for pair in pairs if pair.told.fact.quantity}


@pytest.mark.parametrize(
    ("article", "source", "wanted", "other"),
    [
        ("The fee is about $20 a month.", "The fee is $240 a year.", "about $20", "about $30"),
        ("It mends over 400 boats a day.", "It mends about 2,900 boats a week.",
         "over 400", "over 600"),
        ("It bought two boats for $90,000, or $45,000 each.", "It bought two boats for $90,000.",
         "$45,000", "$35,000"),
        ("It costs $3 million a day, or $18 million in all.",
         "Each day of the six-day halt costs about $3 million.", "$18 million", "$22 million"),
        ("The other 31 boats were old.", "It was the only new one of 32 boats.", "31", "27"),
        ("In all, eight boats sank.", "Six boats sank off Oslo and two of the others in the bay.",
         "eight", "nine"),
        ("The share was 15.4% in May.",
         "The share rose by 210 basis points to 17.5 percent from May on.", "15.4%", "14.4%"),
        ("The 12 barges together hold 2,160 cars.", "It ordered 12 barges, each for 180 cars.",
         "2,160", "2,400"),
        ("Repairs took $600,000 a year.", "It spent $2.4 million on repairs in four years.",
         "$600,000", "$900,000"),
        ("The old ferry needs 75 minutes, 13 minutes longer than the new one.",
         "The new ferry needs 62 minutes. The old one needs 75 minutes.",
         "13 minutes", "17 minutes"),
        ("Each of the six clerks deals with about 700 claims.",
         "The office has six clerks for 4,200 claims.", "about 700", "about 900"),
        ("Some 260 of the crew are women.", "It has a crew of 780 people, a third of them women.",
         "Some 260", "Some 340"),
        ("It pumped 40,000 fewer than in May.",
         "It pumped 1.31 million barrels a day in June and 1.35 million barrels a day in May.",
         "40,000", "70,000"),
        ("The price was almost $7 above the $61 of Monday.",
         "It expects a price of $67.80. Oil cost $61 on Monday.", "almost $7", "almost $9"),
        ("Their risk was 28% lower.",
         "They fell ill less often, with a hazard ratio of 0.72 (95% interval 0.61 to 0.85).",
         "28%", "43%"),
        ("It was between 15% and 39% lower.",
         "They fell ill less often, with a hazard ratio of 0.72 (95% interval 0.61 to 0.85).",
         "between 15% and 39%", "between 25% and 39%"),
        ("They were 40% likelier to fall ill.", "The odds ratio was 1.40 for smokers.",
         "40%", "60%"),
        ("It has yards in four ports.", "It has yards in Oslo, Port Ann, Riga, and Narva.",
         "four", "six"),
        ("The firm earns about $90 million.",
         "The fine is $9 million, a tenth of what the firm earns.",
         "about $90 million", "about $60 million"),
        ("The Otters led by 14 at the break.", "The Otters led 31-17 at the break.", "14", "19"),
        ("It was closed for four months.", "It was to close for eight months, but this was halved.",
         "four months", "five months"),
        ("It was a 14-point lead.", "The Otters led 31-17 at the break.", "14", "19"),
        ("The Otters are 12-7.", "The Otters have 12 wins and seven losses.", "12-7", "13-7"),
        ("They are 8-3 at home.", "They have lost three of their 11 games at home.", "8-3", "8-2"),
        ("Moe won in 3:42.70. Rask finished 0.41 seconds behind.",
         "Moe won in 3:42.70. Rask was second in 3:43.11.", "0.41 seconds", "0.74 seconds"),
        ("They turned back 350 metres too soon.",
         "They turned back after 1,250 metres instead of 1,600 in the fog.",
         "350 metres", "450 metres"),
    ],
)  # fmt: skip
def test_what_the_words_beside_a_number_say_of_it_is_worked_out(
    examiner: Detector, article: str, source: str, wanted: str, other: str
) -> None:
    assert derivable(examiner, article, source)[wanted] == WORKED_OUT
    assert derivable(examiner, article.replace(wanted, other), source)[other] < WORKED_OUT


def test_a_number_in_the_very_place_of_another_is_no_sum(examiner: Detector) -> None:
    source = "The ferry now charges lorries $3.40 and coaches $7.30 a trip."
    article = "The ferry now charges lorries $3.90 and coaches $7.30 a trip."
    assert derivable(examiner, article, source)["$3.90"] < WORKED_OUT
    change = "The ferry charges coaches $7.30, which is $3.90 more than lorries."
    assert derivable(examiner, change, source)["$3.90"] == WORKED_OUT
