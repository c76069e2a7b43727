"""Which regular expressions of the package take more than linear time, tried one by one.

    python scripts/benchmarks/expressions.py

Each is looked for in growing texts: repeated units, and repeated near-matches of its own. Those
that the package only matches at one place are tried at one place; the others are searched for.
tests/test_regular_expressions.py holds that none is found.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

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
modules = []
for found in pkgutil.walk_packages(detector.__path__, "detector."):
    if found.name != "detector.__main__":
        modules.append(importlib.import_module(found.name))
from detector import Article, Detector
source = Article.from_text("The ferry sank in May 2025, 12 told Reuters. " * 9, title="Ferry")
Detector.from_sources([source]).examine(source.named("copy"))
names = {}
for module in modules:
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern):
            names.setdefault((value.pattern, value.flags), set()).add(name)
print(json.dumps([[p, f, m, sorted(names.get((p, f), []))] for (p, f), m in kept.items()]))
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
# Scanning costs below 500 ns a character; what is quadratic costs 8 million steps here.
NOTICEABLE_SECONDS = 0.01
# Linear growth is 8; quadratic is 64.
MOST_GROWTH = 24


@dataclass(frozen=True)
class Expression:
    """A regular expression of the package.

    Attributes:
        pattern: the expression.
        module: where it was compiled.
        is_searched: it is looked for in a whole text, not only matched at one place.
    """

    pattern: re.Pattern[str]
    module: str
    is_searched: bool


def collected() -> list[Expression]:
    """Return the expressions of the package."""
    done = subprocess.run(
        [sys.executable, "-c", COLLECT], capture_output=True, text=True, check=True, timeout=300,
        cwd=PACKAGE.parent,
    )  # fmt: skip
    searched = searched_names()
    found = [
        Expression(re.compile(written, flags), module, not names or bool(searched & set(names)))
        for written, flags, module, names in json.loads(done.stdout)
    ]
    return [*found, *(Expression(re.compile(written), *where) for written, *where in inline())]


def searched_names() -> set[str]:
    """Return the names that are used otherwise than to match at one place."""
    names = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf8"))
        matched = {
            id(node.func.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"match", "fullmatch"}
        }  # fmt: skip
        names |= {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            and id(node) not in matched
        }  # fmt: skip
    return names


def inline() -> Iterator[tuple[str, str, bool]]:
    """Yield the patterns that are given to ``re.match`` and the like where they are used."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in INLINE:
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
                is_searched = node.func.attr not in {"match", "fullmatch"}
                yield str(node.args[0].value), path.stem, is_searched


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


def seconds(expression: Expression, text: str) -> float:
    """Return the CPU seconds that an expression takes for a text."""
    start = time.thread_time()
    if expression.is_searched:
        for _ in expression.pattern.finditer(text):
            pass
    else:
        expression.pattern.match(text)
    return time.thread_time() - start


def growth(expression: Expression, unit: str) -> float:
    """Return how much longer eight times as long a text takes; 0 where it takes hardly any time."""
    long, short = (unit * (size // len(unit)) + "\0" for size in (LONG, SHORT))
    if seconds(expression, long) < NOTICEABLE_SECONDS:
        return 0
    most = min(seconds(expression, long) for _ in range(3))
    return most / min(seconds(expression, short) for _ in range(5))


def superlinear() -> Iterator[str]:
    """Yield the expressions that take more than linear time, in words."""
    for expression in collected():
        written, flags = expression.pattern.pattern, expression.pattern.flags
        for unit in dict.fromkeys([*UNITS, *filter(None, samples(written, flags))]):
            times = growth(expression, unit)
            if times > MOST_GROWTH:
                shown = f"{expression.module}: {written[:80]!r} on {unit[:20]!r}"
                yield f"{shown}: {times:.0f} times as long for {LONG // SHORT} times the text"
                break


def main() -> None:
    for line in superlinear():
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
