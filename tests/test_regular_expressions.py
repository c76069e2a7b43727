"""Claims about time: every regular expression of the package is linear in the length of its input.

Each is searched for in growing texts: repeated units, and repeated near-matches of its own. Those
that are only matched at one place, or given short texts, are no danger, and are held to it all the
same: nobody has to know who calls them.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest
from stopwatch import growth

import detector

PACKAGE = Path(detector.__file__).parent
# Every module is imported and an article examined while ``re.compile`` notes what it is given.
COLLECT = """
import json, re, sys, pkgutil, importlib
kept, compile_ = {}, re.compile
def noting(pattern, flags=0):
    made = compile_(pattern, flags)
    if "/detector/" in sys._getframe(1).f_code.co_filename and isinstance(made.pattern, str):
        module = sys._getframe(1).f_globals["__name__"].removeprefix("detector.")
        kept[made.pattern, made.flags] = module
    return made
re.compile = noting
import detector
for found in pkgutil.walk_packages(detector.__path__, "detector."):
    if found.name != "detector.__main__":
        importlib.import_module(found.name)
from detector import Article, Detector
source = Article.from_text("The ferry sank in May 2025, 12 told Reuters. " * 9, title="Ferry")
Detector.from_sources([source]).examine(source.named("copy"))
print(json.dumps([[p, f, m] for (p, f), m in kept.items()]))
"""
INLINE = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
UNITS = (
    "a", "A", " ", "\n", "\t", "1", ".", ",", "-", "—", "'", "’", '"', "“", "”", "(", ")", "[",
    "<", ">", "/", "&", ";", ":", "!", "?", "@", "#", "$", "%", "=", "é", "É", "\u3000", "\r\n",
    "a ", "A ", "Aa ", "Aa", "aA", "A.", "A. ", "a.", "1 ", "1,", "1.", "1-", "12 ", "1a", "$1 ",
    "a, ", "Aa, ", "Aa and ", "the ", "The Aa of ", "12 May ", "May ", "he said ", "“a", "“Aa ",
    "a-", "a'", "(a", "(A", "<a", "<a ", "<a b", "<p>", "&a;", "//", "www.", "a@", "a/", " .", " ,",
    "one ", "hundred ", "twenty-", "by ", "by Aa ", "© ", "not only ", "\n ", " \n", "\n\n",
)  # fmt: skip
SHORT, LONG = 500, 4_000
# Scanning costs below 500 ns a character, 2 ms here; what is quadratic, 8 million steps, of which
# a fast machine takes two in a nanosecond and a half.
NOTICEABLE_SECONDS = 0.003
# Linear growth is 8; quadratic is 64.
MOST_GROWTH = 24


def collected() -> list[tuple[str, int, str]]:
    done = subprocess.run(
        [sys.executable, "-c", COLLECT], capture_output=True, text=True, check=True, timeout=300,
        cwd=PACKAGE.parent,
    )  # fmt: skip
    return [tuple(entry) for entry in [*json.loads(done.stdout), *inline()]]


def inline() -> Iterator[tuple[str, int, str]]:
    """Yield the patterns that are given to ``re.match`` and the like where they are used."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in INLINE:
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
                yield str(node.args[0].value), 0, path.stem


def samples(pattern: str, flags: int) -> Iterator[str]:
    """Yield texts that a pattern matches, or nearly so: what its worst cases are made of."""
    tree = parser.parse(pattern, flags & ~re.UNICODE)
    for wanted in range(3):
        whole = _sample(tree, wanted)
        yield whole
        yield whole[:-1]
        yield f"{whole} "


def _sample(tree: object, wanted: int) -> str:
    return "".join(_one(code, value, wanted) for code, value in tree)  # type: ignore[attr-defined]


def _one(code: object, value: object, wanted: int) -> str:
    match code:
        case codes.LITERAL:
            return chr(value)  # type: ignore[arg-type]
        case codes.NOT_LITERAL:
            return "a" if value != ord("a") else "b"
        case codes.ANY:
            return "a"
        case codes.IN:
            return _of_class(value, wanted)
        case codes.BRANCH:
            choices = value[1]  # type: ignore[index]
            return _sample(choices[wanted % len(choices)], wanted)
        case codes.SUBPATTERN:
            return _sample(value[3], wanted)  # type: ignore[index]
        case codes.ATOMIC_GROUP:
            return _sample(value, wanted)
        case codes.MAX_REPEAT | codes.MIN_REPEAT | codes.POSSESSIVE_REPEAT:
            least, most, inner = value  # type: ignore[misc]
            return _sample(inner, wanted) * min(max(least, wanted), int(most))
    return ""


def _of_class(members: object, wanted: int) -> str:
    allowed = re.compile("a")
    for kind, value in members:  # type: ignore[attr-defined]
        match kind:
            case codes.LITERAL:
                return chr(value)
            case codes.RANGE:
                return chr(value[0])
            case codes.CATEGORY if value is codes.CATEGORY_SPACE:
                return " "
            case codes.CATEGORY if value is codes.CATEGORY_DIGIT:
                return "1"
            case codes.CATEGORY if value is codes.CATEGORY_WORD:
                return "aA1"[wanted % 3]
    return "x" if allowed else ""


def grows(pattern: re.Pattern[str], unit: str) -> float:
    def scan(text: str) -> None:
        for _ in pattern.finditer(text + "\0"):
            pass

    return growth(scan, unit, sizes=(SHORT, LONG), noticeable=NOTICEABLE_SECONDS)


def test_every_regular_expression_takes_linear_time() -> None:
    slow, tried = [], collected()
    for written, flags, module in tried:
        pattern = re.compile(written, flags)
        for unit in dict.fromkeys([*UNITS, *filter(None, samples(written, flags))]):
            times = grows(pattern, unit)
            if times > MOST_GROWTH:
                slow.append(f"{module}: {written[:80]!r} on {unit[:20]!r}: {times:.0f} times")
                break
    assert slow == []
    assert len(tried) > 200


@pytest.mark.parametrize(
    ("written", "unit"),
    [(r"\s+$", " "), (r"\W*(?:it|that)\b", " "), (r"[a-z]+:", "a"), (r"<[^>]*>", "<")],
)
def test_what_is_not_linear_is_noticed(written: str, unit: str) -> None:
    assert grows(re.compile(written), unit) > MOST_GROWTH
