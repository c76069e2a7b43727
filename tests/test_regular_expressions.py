"""Claims about regular expressions: none takes more than linear time, whatever it is given."""

from __future__ import annotations

import sys

from conftest import ROOT


def test_no_regular_expression_takes_more_than_linear_time() -> None:
    sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))
    from expressions import collected, superlinear

    assert len(collected()) > 100
    assert [*superlinear()] == []


def test_what_is_quadratic_is_found() -> None:
    sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))
    import re

    from expressions import MOST_GROWTH, Expression, growth

    quadratic = Expression(re.compile(r"\s+x"), "none", is_searched=True)
    assert growth(quadratic, " ") > MOST_GROWTH
    matched = Expression(re.compile(r"\s+x"), "none", is_searched=False)
    assert growth(matched, " ") <= MOST_GROWTH
