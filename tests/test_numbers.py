"""Claims about numbers: what is one, and its normal form."""

from __future__ import annotations

import pytest
from stopwatch import MOST_GROWTH, cpu_seconds, growth

from detector.facts import Fact, Quantity, dates, figures, numbers
from detector.facts.quantity import Bound


def values(text: str) -> list[str]:
    return [fact.value for fact in sorted(figures(text), key=lambda fact: fact.start)]


def the_fact(before: str, written: str, after: str) -> Fact:
    """Return the one fact of a text, which must span exactly what was written."""
    (fact,) = figures(before + written + after)
    assert (fact.start, fact.end, fact.text) == (len(before), len(before + written), written)
    return fact


@pytest.mark.parametrize("written", ["40%", "40 %", "40 percent", "40 per cent", "40 pct", "40pc"])
@pytest.mark.parametrize("around", ["{} of it", "rose by {}", "({})", "+{}"])
def test_a_percentage_has_one_form(written: str, around: str) -> None:
    assert values(around.format(written)) == ["40 %"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("forty per cent", "40 %"),
        ("Forty percent", "40 %"),
        ("forty-two percent", "42 %"),
        ("40-percent", "40 %"),
        ("three-quarters", "75 %"),
        ("three quarters", "75 %"),
        ("two-thirds", "66.6667 %"),
        ("two-fifths", "40 %"),
        ("half", "50 %"),
        ("a third", "33.3333 %"),
        ("one third", "33.3333 %"),
        ("a quarter", "25 %"),
        ("2/3", "66.6667 %"),
        ("one in five", "20 %"),
        ("1 in 5", "20 %"),
        ("one out of every five", "20 %"),
        ("9 out of 10", "90 %"),
        ("1 in 100,000", "0.001 %"),
        ("0.5%", "0.5 %"),
        (".5 percent", "0.5 %"),
        ("3,5 %", "3.5 %"),
        ("100%", "100 %"),
        ("half a percent", "0.5 %"),
        ("2.5 percentage points", "2.5 pp"),
        ("25 basis points", "0.25 pp"),
    ],
)
def test_shares_are_percentages(written: str, value: str) -> None:
    assert the_fact("It was ", written, " of them, they said.").value == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$12.9bn", "12900000000 $"),
        ("$12.9 billion", "12900000000 $"),
        ("US$12.9bn", "12900000000 $"),
        ("USD 12.9bn", "12900000000 $"),
        ("$US12.9bn", "12900000000 $"),
        ("$A5 million", "5000000 a$"),
        ("12.9 billion dollars", "12900000000 $"),
        ("12.9 billion US dollars", "12900000000 $"),
        ("$12,900,000,000", "12900000000 $"),
        ("$5-million", "5000000 $"),
        ("$.50", "0.5 $"),
        ("5 cents", "0.05 $"),
        ("US74.05¢", "0.7405 $"),
        ("A$5 million", "5000000 a$"),
        ("5 million Australian dollars", "5000000 a$"),
        ("£3m", "3000000 £"),
        ("£3 million", "3000000 £"),
        ("3 million GBP", "3000000 £"),
        ("three million pounds", "3000000 £"),
        ("50p", "0.5 £"),
        ("€4.5m", "4500000 €"),
        ("4.5 million euros", "4500000 €"),
        ("EUR 4.5m", "4500000 €"),
        ("¥900", "900 ¥"),
        ("₹5 crore", "50000000 ₹"),
        ("Rs 5 crore", "50000000 ₹"),
        ("Rs. 5 crore", "50000000 ₹"),
        ("Rs.5 crore", "50000000 ₹"),
        ("Rs 2.5 lakh crore", "2500000000000 ₹"),
        ("Rs500", "500 ₹"),
        ("N5bn", "5000000000 naira"),
        ("N733.36 billion to N800 billion", "733360000000..800000000000 naira"),
        ("R10.5 million", "10500000 rand"),
        ("R517 000", "517000 rand"),
        ("Sh200", "200 shilling"),
        ("KSh5 million", "5000000 shilling"),
        ("RM50", "50 ringgit"),
        ("50 million rupees", "50000000 ₹"),
        ("₹2 lakh", "200000 ₹"),
        ("60 yuan", "60 yuan"),
        ("hundreds of billions of dollars", "200000000000..1000000000000 $"),
        ("thousands of dollars", "2000..100000 $"),
        ("tens of thousands of dollars", "20000..100000 $"),
    ],
)
def test_money_keeps_its_currency_and_loses_its_spelling(written: str, value: str) -> None:
    fact = the_fact("It cost ", written, " then.")
    assert (fact.kind, fact.value) == ("number", value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234", "1234"),
        ("12,34,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12 345", "12345"),
        ("2 lakh", "200000"),
        ("3 crore", "30000000"),
        ("2.67 lakh crore", "2670000000000"),
        ("two lakh crore", "2000000000000"),
        ("twenty-one", "21"),
        ("ten", "10"),
        ("two hundred", "200"),
        ("one hundred and twenty-five thousand", "125000"),
        ("twenty-five hundred", "2500"),
        ("a hundred", "100"),
        ("a dozen", "12"),
        ("half a dozen", "6"),
        ("half a million", "500000"),
        ("a quarter of a million", "250000"),
        ("two million", "2000000"),
        ("two and a half million", "2500000"),
        ("a million and a half", "1500000"),
        ("thirty-five thousand", "35000"),
        ("3.5-million", "3500000"),
        ("5k", "5000"),
        ("6 dozen", "72"),
        ("3½", "3.5"),
        ("3 1/2", "3.5"),
        ("7.25", "7.25"),
        ("14,845.05", "14845.05"),
        ("dozens", "24..120"),
        ("tens of thousands", "20000..100000"),
        ("20-30", "20..30"),
        ("20 to 30", "20..30"),
        ("between 20 and 30", "20..30"),
        ("5 to 10 million", "5000000..10000000"),
        ("1.5 to 2 million", "1500000..2000000"),
        ("two to three million", "2000000..3000000"),
        ("two hundred to three thousand", "200..3000"),
    ],
)
def test_numbers_are_compared_by_value(written: str, value: str) -> None:
    assert the_fact("There were ", written, " crates.").value == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("90-minute", "5400 s"),
        ("1.5 hours", "5400 s"),
        ("half an hour", "1800 s"),
        ("three-quarters of an hour", "2700 s"),
        ("2 hours 30 minutes", "9000 s"),
        ("3:42.7", "222.7 s"),
        ("2 hours, 7 minutes and 15 seconds", "7635 s"),
        ("2:07:15", "7635 s"),
        ("40 and counting", "40"),
        ("two weeks", "1209600 s"),
        ("fourteen days", "1209600 s"),
        ("18 months", "18 month"),
        ("one and a half years", "18 month"),
        ("two-and-a-half-year", "30 month"),
        ("10- to 15-year", "120..180 month"),
        ("10-to-15-year", "120..180 month"),
        ("18- to 24-year-olds", "18..24 yo"),
        ("two decades", "240 month"),
        ("one mile", "1609.344 m"),
        ("half a mile", "804.672 m"),
        ("1.6 km", "1600 m"),
        ("1,600 metres", "1600 m"),
        ("6ft 2in", "1.8796 m"),
        ("6-foot-2", "1.8796 m"),
        ("50 sq km", "50000000 m2"),
        ("80 hectares", "800000 m2"),
        ("200-pound", "90.7185 kg"),
        ("50 tonnes", "50000 kg"),
        ("14st 6lb", "91.6257 kg"),
        ("11st", "69.8532 kg"),
        ("60 mph", "26.8224 m/s"),
        ("60 miles an hour", "26.8224 m/s"),
        ("86F", "30 °C"),
        ("30 degrees Celsius", "30 °C"),
        ("-5C", "-5 °C"),
        ("minus 5C", "-5 °C"),
        ("minus 5 degrees Celsius", "-5 °C"),
        ("500 megawatts", "500000000 W"),
    ],
)
def test_measures_are_in_base_units(written: str, value: str) -> None:
    assert the_fact("It was ", written, " so.").value == value


def test_an_m_is_millions_or_metres() -> None:
    text = "Some 5m people and £5m, but a 5m-high wall, a 100m race and 20 m of rope."
    assert values(text) == ["5000000", "5000000 £", "5 m", "100 m", "20 m"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A 40-year-old man fell.", "40 yo"),
        ("A man aged 40 fell.", "40 yo"),
        ("Anna Vik, 40, fell.", "40 yo"),
        ("It is No. 3 on the list.", "3 th"),
        ("It is No.3 on the list.", "3 th"),
        ("It was the 3rd time.", "3 th"),
        ("It was the third time.", "3 th"),
        ("It is the third-largest port.", "3 th"),
        ("They won 2-1 at home.", "2-1 score"),
        ("They lost 1–2 to them.", "1-2 score"),
        ("There are twice as many boats.", "2 x"),
        ("There are three times as many boats.", "3 x"),
        ("The price doubled.", "2 x"),
        ("The price was halved.", "0.5 x"),
        ("A tenfold rise.", "10 x"),
        ("She was fined twice.", "2"),
    ],
)
def test_ages_ranks_scores_and_factors_have_units(text: str, value: str) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        ("900", "exactly"),
        ("only 900", "exactly"),
        ("about 900", "about"),
        ("some 900", "about"),
        ("an estimated 900", "about"),
        ("900-odd", "about"),
        ("nearly 900", "nearly"),
        ("just shy of 900", "nearly"),
        ("north of 900", "over"),
        ("just under 900", "nearly"),
        ("up to 900", "under"),
        ("fewer than 900", "under"),
        ("no more than 900", "under"),
        ("as many as 900", "under"),
        ("more than 900", "over"),
        ("at least 900", "over"),
        ("over 900", "over"),
        ("900+", "over"),
        ("900 or more", "over"),
        ("900 or  more", "over"),
        ("900 or\nmore", "over"),
    ],
)
def test_hedges_are_in_the_span_and_not_in_the_value(written: str, bound: Bound) -> None:
    fact = the_fact("They saw ", written, " boats.")
    assert fact.value == "900"
    assert fact.quantity == Quantity(900, 900, "", bound)


@pytest.mark.parametrize(
    "text",
    [
        "ordinary prose about boats and rain, and a pier",
        "One of the boats left, and no one saw the other two.",
        "First of all, a two-way street, one day.",
        "It was the first half, then the second half of the match.",
        "The F-16, the A380, the Boeing 747 and Windows 10.",
        "They read Ocean's Eleven and the Fifth Amendment.",
        "Call 555-1234, 1-800-555-1234 or +44 20 7946 0000.",
        "See http://example.org/2015/08/12/a-5?x=7 or mail a7@example.org.",
        "A 3D film on 4G, open 24/7, after 9/11, as agent 007.",
        "Version 1.2.3 of it, a 12345678901234567 code, at 10.0.0.1 now.",
        "Call (305) 448-1333 now; a third-party seller.",
        "Masks of class N95 on the R20 and the N2000.",
        "1. The pier\n2) The boats are the only ones, the only one.\n",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert values(text) == []


def test_a_party_named_in_a_list_has_as_many_seats() -> None:
    assert values("The Liberals have 61 seats, the New Democrats 28.") == ["61", "28"]
    assert values("They flew an old Airbus, the Airbus 320, and then the Boeing 747.") == []


def test_a_third_is_a_part_or_a_rank() -> None:
    assert values("It fell by a third. A third of it. A third man.") == ["33.3333 %"] * 2 + ["3 th"]
    assert values("A third-round tie. A third-party app.") == ["3 th"]
    assert values("A third more permits. A quarter less.") == ["33.3333 %", "25 %"]


def test_the_code_of_a_share_is_no_number() -> None:
    assert values("Norrholm Bank (Xetra: 514000 - news ) fell; Arden (population: 514000).") == [
        "514000"
    ]


def test_a_change_is_no_length_of_time() -> None:
    assert values("It sold 6% fewer than a year before.") == ["6 %"]
    assert values("It took fewer than a year.") == ["12 month"]


def test_quarters_of_a_year_are_counted() -> None:
    assert values("Output fell three quarters in a row.") == ["3"]
    assert values("In the past three quarters it rose; over five quarters it fell.") == ["3", "5"]
    assert values("The fire took three quarters of the pier.") == ["75 %"]


def test_half_past_six_is_no_half() -> None:
    assert values("It left at about half past six, or around a quarter past it.") == ["6"]


def test_a_length_told_in_two_units_is_no_sum() -> None:
    assert values("Two tonnes, 500 kg in all.") == ["2500 kg"]
    assert values("A 10-mile, 16-km walk.") == ["16093.44 m", "16000 m"]


def test_a_range_gives_its_unit_to_both_ends_of_a_change() -> None:
    assert values("It rose from 30 to 50 percent.") == ["30 %", "50 %"]


def test_a_number_after_a_month_is_no_day_when_it_counts() -> None:
    assert values("In May 50 people left. In May 20 people came.") == ["--05", "50", "--05", "20"]


def test_a_unit_with_an_article_is_a_number_when_it_is_hedged() -> None:
    assert values("Almost an hour late, in less than a year, over a mile.") == [
        "3600 s",
        "12 month",
        "1609.344 m",
    ]
    assert values("It runs twice an hour, a mile from here, and cost $5 a day.") == ["2", "5 $"]
    assert values("Think twice, they said; once or twice he thought twice.") == []


def test_an_amount_out_of_another_is_no_share() -> None:
    text = "It grows on 410 hectares out of 17,200, on nine sites out of ten."
    assert values(text) == ["4100000 m2", "17200", "90 %"]


def test_two_is_a_count_before_a_plural_only() -> None:
    assert values("Two men died. Two boats sank. The two men and two of them left.") == ["2", "2"]


def test_numbers_of_a_date_are_no_numbers() -> None:
    text = "On 13 November 2025 the 40 boats left."
    assert [fact.value for fact in numbers(text, tuple(dates(text)))] == ["40"]


def test_over_a_time_is_a_hedge_only_where_it_lasts() -> None:
    def bounds(text: str) -> list[str]:
        return [fact.quantity.bound for fact in numbers(text, ()) if fact.quantity]

    assert bounds("They mended the roof over six years.") == ["exactly"]
    assert bounds("It took over six years to mend the roof.") == ["over"]
    assert bounds("They mended over six roofs.") == ["over"]


def test_plus_or_minus_is_no_minus() -> None:
    assert values("It is right to plus or minus 3 %, at minus 3 degrees.") == ["3 %", "-3 °"]


@pytest.mark.parametrize(
    "piece",
    [
        "1", "9 ", "1.", "1,", "1-", "½", " 123", "1 1/2 ", "one-", "in five ", " out of ",
        "half of ", "a   ", "$ ", "Rs. ", "hundred ", "one hundred million ", "tens of ", "5 to ",
        "between 5 and ", "nearly about ", "no more than ", "2 hours ", "5 ft ", "1a", "third ",
    ],
)  # fmt: skip
def test_numbers_take_linear_time(piece: str) -> None:
    assert growth(figures, piece) < MOST_GROWTH


@pytest.mark.parametrize("start", ["one in", "one in every", " out", "an", "half", "one", "5"])
def test_a_megabyte_of_white_space_after_a_number_takes_little_time(start: str) -> None:
    assert cpu_seconds(lambda: figures(start + " " * 1_000_000 + "x")) < 5
