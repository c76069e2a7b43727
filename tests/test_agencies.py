"""Claims about agencies, outlets and the marks that agencies leave on their copy."""

from __future__ import annotations

import pytest

from detector.agencies import AGENCIES, agency_named, agency_of_site
from detector.article import Article
from detector.evidence.wire import wire_marks
from detector.outlets import names_site, outlet_label, registered_domain, same_outlet


def name_of(written: str) -> str | None:
    agency = agency_named(written)
    return agency.name if agency else None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("AP", "Associated Press"),
        ("The Associated Press", "Associated Press"),
        ("By Reuters Staff", "Reuters"),
        ("dpa", "Deutsche Presse-Agentur"),
        ("XINHUA", "Xinhua"),
        ("PTI", "Press Trust of India"),
        ("BUSINESS WIRE", "Business Wire"),
        ("Map", None),
        ("who", None),
        ("Ann Reuterson", None),
        ("", None),
    ],
)
def test_an_agency_is_known_by_its_names(written: str, name: str | None) -> None:
    assert name_of(written) == name


def test_every_spelling_of_an_agency_leads_to_it_and_to_no_other() -> None:
    for agency in AGENCIES:
        assert [agency_named(spelling) for spelling in agency.spellings] == [agency] * len(
            agency.spellings
        )
        assert [agency_of_site(site) for site in agency.sites] == [agency] * len(agency.sites)


def test_an_agency_is_known_by_its_site_and_what_lies_below() -> None:
    for site in ("reuters.com", "uk.reuters.com"):
        agency = agency_of_site(site)
        assert agency is not None
        assert agency.name == "Reuters"
    assert agency_of_site("notreuters.com") is None
    assert agency_of_site(None) is None


@pytest.mark.parametrize(
    ("site", "domain", "label"),
    [
        ("www.bbc.co.uk", "bbc.co.uk", "bbc"),
        ("edition.cnn.com", "cnn.com", "cnn"),
        ("news.com.au", "news.com.au", "news"),
        ("bay.blogspot.com", "bay.blogspot.com", "bay"),
        ("the-bay.example", "the-bay.example", "thebay"),
        ("nyt", "nyt", "nyt"),
    ],
)
def test_an_outlet_is_what_somebody_registered(site: str, domain: str, label: str) -> None:
    assert (registered_domain(site), outlet_label(site)) == (domain, label)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("bbc.co.uk", "bbc.com", True),
        ("edition.cnn.com", "cnn.com", True),
        ("apnews.com", "hosted.ap.org", True),
        ("independent.ie", "independent.co.uk", False),
        ("bay.blogspot.com", "gull.blogspot.com", False),
        ("bay.example", "gull.example", False),
        ("bay.example", None, False),
    ],
)
def test_sites_of_one_outlet(one: str, other: str | None, same: bool) -> None:
    assert same_outlet(one, other) is same


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("The Economist", "economist.com"),
        ("Los Angeles Times", "latimes.com"),
        ("LA Times", "latimes.com"),
        ("New York Times", "nyt"),
        ("HuffPost", "hpo"),
        ("Sydney Morning Herald", "smh.com.au"),
        ("Financial Times", "ft.com"),
        ("FT", "ft.com"),
        ("Fox News", "fox.example"),
        ("Ledger & Trade", "ledgerandtrade.example"),
        ("the Guardian", "theguardian.com"),
        ("The Times", "thetimes.co.uk"),
        ("As Reuters", "uk.reuters.com"),
        ("AP", "apnews.com"),
        ("Monday's Economist", "economist.com"),
        ("Bloomberg Television", "bloomberg.com"),
        ("www.economist.com", "economist.com"),
    ],
)
def test_a_name_means_an_outlet(name: str, site: str) -> None:
    assert names_site(name, site)


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("Fox News", "news.com.au"),
        ("Tove Hill", "thehill.com"),
        ("Hill", "thehill.com"),
        ("A Fox", "fox.example"),
        ("Fusion", "fox.example"),
        ("Frank Trotter", "ft.com"),
        ("Action Fraud", "afr.com"),
        ("Economist Tove Lund", "economist.com"),
        ("Reuters", "economist.com"),
        ("economist.example", "economist.com"),
        ("Reuters", None),
    ],
)
def test_a_name_means_no_other_outlet(name: str, site: str | None) -> None:
    assert not names_site(name, site)


def marks(text: str, author: str | None = None) -> list[tuple[str, str, str]]:
    article = Article.from_text(text, id="a", author=author)
    found = wire_marks(article)
    for mark in found:
        assert mark.span is None or mark.span.of(text) == mark.text
    return [(mark.kind.value, mark.agency.name, mark.text) for mark in found]


@pytest.mark.parametrize(
    ("text", "kind", "agency", "marked"),
    [
        ("LONDON, Aug 5 (Reuters) - Boats left.", "slug", "Reuters", "LONDON, Aug 5 (Reuters)"),
        ("NEW YORK (AP) — Boats left.", "slug", "Associated Press", "NEW YORK (AP)"),
        ("MUMBAI (PTI) Boats left.", "slug", "Press Trust of India", "MUMBAI (PTI)"),
        ("OSLO--(BUSINESS WIRE)--Boats left.", "slug", "Business Wire", "OSLO--(BUSINESS WIRE)"),
        ("A Headline\nNorrholm, Xinhua - Boats left.", "slug", "Xinhua", "Norrholm, Xinhua"),
        ("Tove Lund, Associated Press\nBoats left.", "byline", "Associated Press", None),
        ("By Ulla Brandt, AFP\nBoats left.", "byline", "Agence France-Presse", None),
        ("Boats left.\nSource: AFP", "sign-off", "Agence France-Presse", "Source: AFP"),
        ("Boats left.\nPTI", "sign-off", "Press Trust of India", "PTI"),
        ("Boats left. Copyright 2025 The Associated Press. All rights reserved.",
         "copyright line", "Associated Press", "Copyright 2025 The Associated Press"),
        ("Boats left. Reuters contributed to this report.",
         "note of help", "Reuters", "Reuters contributed to this report"),
    ],
)  # fmt: skip
def test_a_wire_mark_is_read_where_it_stands(
    text: str, kind: str, agency: str, marked: str | None
) -> None:
    assert (kind, agency, marked or text.partition("\n")[0]) in marks(text)


def test_an_author_field_is_read_in_parts() -> None:
    assert marks("Boats left.", "Bay Desk & IANS") == [
        ("byline", "Indo-Asian News Service", "Bay Desk & IANS")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The Associated Press (AP) has moved its offices to the harbour.",
        "Boats left London (Reuters) last week.",
        "Tove Lund at the harbour in May (Reuters)\nBoats left.",
        "Shares of Reuters fell. Boats left.",
        "The map (MAP) is new: boats left.",
        "Boats left, and the AP followed them to sea.",
    ],
)
def test_an_agency_in_a_sentence_is_no_mark(text: str) -> None:
    assert marks(text) == []
