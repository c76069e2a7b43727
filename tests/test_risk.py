"""What all findings sum up to: raised by what they find, lowered by what speaks against it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest

from detector.article import Article, Rights
from detector.errors import ModelError
from detector.pipeline import Detector, compare
from detector.report import Report
from detector.risk import AGAINST, RISK_SIGNALS, RiskModel, RiskSignals
from detector.verdict import Label, Relation, Verdict
from tests.conftest import ROOT

Examined = Callable[[str], Report]
News = dict[str, Article]
UNCREDITED = "eel-d1 fraud-d1 eel-d2 bridge-d4".split()
HONEST = "ports-h1 eel-h1 vote-h2 museum-h1 misc-h1 misc-h2".split()
NOTHING = Verdict(Label.ORIGINAL, Relation.NONE, probability=0.0, reasons=())
PLUG = (
    "If you are looking for pond pumps that never fail, visit Ostrane Pumps at "
    "ostranepumps.example today and save 30 percent on your first order."
)


@pytest.fixture(scope="module")
def model() -> RiskModel:
    return RiskModel.load()


def raised(report: Report) -> dict[str, float]:
    return {reason.signal: reason.contribution for reason in report.verdict.risk_reasons}


@pytest.mark.parametrize("id", UNCREDITED)
def test_an_uncredited_derivative_is_worth_a_look(examined: Examined, id: str) -> None:
    assert examined(id).verdict.risk > 0.8


@pytest.mark.parametrize("id", HONEST)
def test_an_honest_article_is_not(examined: Examined, id: str) -> None:
    assert examined(id).verdict.risk < 0.2


@pytest.mark.parametrize("id", [*UNCREDITED, *HONEST, "vote-d1"])
def test_the_reasons_add_up_to_the_risk(examined: Examined, model: RiskModel, id: str) -> None:
    verdict = examined(id).verdict
    odds = model.bias + sum(reason.contribution for reason in verdict.risk_reasons)
    assert log(verdict.risk / (1 - verdict.risk)) == pytest.approx(odds, abs=0.5)
    strengths = [abs(reason.contribution) for reason in verdict.risk_reasons]
    assert strengths == sorted(strengths, reverse=True)
    assert all(reason.says for reason in verdict.risk_reasons)


def test_what_speaks_against_looking_never_speaks_for_it(model: RiskModel) -> None:
    for name, weight in zip(RISK_SIGNALS, model.weights, strict=True):
        assert weight <= 0 if name in AGAINST else weight >= 0


def test_credit_lowers_the_risk_of_a_copy_and_is_named(news: News) -> None:
    copy, source = news["eel-d1"], news["eel-s1"]
    plain = compare(copy, source)
    tagged = replace(copy, rights=Rights(syndicated_from="tidewaterreview.example"))
    line = "\nThe story was first reported by the Tidewater Review."
    named = replace(copy, text=copy.text + line)
    for article, signal in ((tagged, "licensed"), (named, "credited")):
        report = compare(article, source)
        assert report.verdict.risk < plain.verdict.risk / 2
        assert raised(report)[signal] < 0
        assert signal not in raised(plain)


def test_an_inserted_advertisement_raises_the_risk_without_any_source(news: News) -> None:
    detector = Detector.from_sources([])
    honest = news["eel-h1"]
    paragraphs = honest.text.split("\n")
    middle = len(paragraphs) // 2
    text = "\n".join([*paragraphs[:middle], PLUG, *paragraphs[middle:]])
    before, after = detector.examine(honest), detector.examine(replace(honest, text=text))
    assert [plug.brand for plug in after.plugs] == ["Ostrane Pumps"]
    assert before.verdict.risk < after.verdict.risk
    assert raised(after)["advertisement"] > 0
    assert after.verdict.label is before.verdict.label


def test_more_inventions_raise_the_risk(model: RiskModel) -> None:
    few, many = (
        model.sum_up(NOTHING, RiskSignals(derivation=6.0, credited=1.0, inventions=log(1 + n)))
        for n in (1, 9)
    )
    assert few.risk < many.risk


def test_where_nothing_was_found_nothing_is_said(model: RiskModel) -> None:
    verdict = model.sum_up(NOTHING, RiskSignals())
    assert verdict.risk < 0.1
    assert verdict.risk_reasons == ()


def test_a_report_says_how_its_risk_is_made_up(examined: Examined) -> None:
    report = examined("eel-d2")
    shown = report.to_dict()["verdict"]
    assert [set(reason) for reason in shown["risk_reasons"]] == [
        {"signal", "value", "contribution", "says"}
    ] * len(report.verdict.risk_reasons)
    text = " ".join(report.text().split())
    assert "Should an editor look?" in text
    for reason in report.verdict.risk_reasons:
        assert reason.says in text
    assert report.provenance.models["risk"].startswith("sha256:")


def test_a_model_for_other_signals_is_refused(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    import list_models

    parsed = json.loads((ROOT / "models" / "risk.json").read_text("utf8"))
    parsed["signals"][0] = "something_else"
    (tmp_path / "risk.json").write_text(json.dumps(parsed), encoding="utf8")
    list_models.main(["--folder", str(tmp_path)], standalone_mode=False)
    with pytest.raises(ModelError, match="detector train --only risk"):
        RiskModel.load(tmp_path)


def test_the_fitted_line_keeps_its_signs_and_finds_what_decides() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from train_risk import fit

    random = np.random.default_rng(0)
    rows = random.random((600, len(RISK_SIGNALS)))
    column = {name: rows[:, n] for n, name in enumerate(RISK_SIGNALS)}
    # Own reporting goes with looking here, as an accident of the data: it may not speak for it.
    odds = 8 * column["derivation"] - 8 * column["credited"] + 2 * column["own_reporting"] - 1
    truth = random.random(600) < 1 / (1 + np.exp(-odds))
    weights, _ = fit(rows, truth, np.ones(600))
    line = dict(zip(RISK_SIGNALS, weights, strict=True))
    assert line["derivation"] > 3
    assert line["credited"] < -3
    assert line["own_reporting"] == 0
    assert all(line[name] <= 0 for name in AGAINST)
