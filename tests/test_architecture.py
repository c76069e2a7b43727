"""Claims about the code: who may import whom, how long things are, and what never occurs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import detector

PACKAGE = Path(detector.__file__).parent
ROOT = PACKAGE.parent
# The order of DESIGN.md: a module imports only modules above it.
ORDER = (
    "version errors shipped article boilerplate agencies outlets facts.quantity facts.moment "
    "facts.fact facts.units facts.lookout facts.spelled facts.amounts facts.hedges facts.shares "
    "facts.stopwatch facts.ranges facts.calendar facts.relative facts.beginnings facts.numbers "
    "facts.numeric_dates facts.dates "
    "facts.lexicon facts.gazetteer facts.capitals facts.cuts facts.single facts.mentions "
    "facts.datelines "
    "facts.coreference facts.known facts.names facts.same_name facts.speakers facts.quotes "
    "facts stretches terms language crc sketch folding kernels bulk duplicates models "
    "encoders.static encoders.transformer encoders entailment markup charsets noarticle pagetags "
    "pagesaid blocks blocksigns mainblocks maintrees extract streams decoding "
    "records "
    "fetch.addresses fetch.connection fetch.politeness fetch readers.source readers.documents "
    "readers.tables readers.archives readers.feeds readers fingerprint postings loopkernels loops "
    "cells arrays rowfile segment segmentfile storage catalogue ahead intake index best shortlist "
    "outlook candidates alignment.prepared "
    "alignment.runs alignment.similarity alignment.passages alignment evidence.wire "
    "evidence.naming evidence.licences evidence.carriers evidence.credit "
    "evidence.plugs.phrases evidence.plugs.turns evidence.plugs.brands evidence.plugs.signals "
    "evidence.plugs.register evidence.plugs.why evidence.plugs evidence.furniture "
    "evidence.fabrication.finding "
    "evidence.fabrication.words evidence.fabrication.stance evidence.fabrication.case "
    "evidence.fabrication.bare evidence.fabrication.spans evidence.fabrication.arithmetic "
    "evidence.fabrication.workings "
    "evidence.fabrication.times evidence.fabrication.figures "
    "evidence.fabrication.background evidence.fabrication.counterparts "
    "evidence.fabrication.datelines evidence.fabrication.details "
    "evidence.fabrication.quotations evidence.fabrication.clauses "
    "evidence.fabrication.claims evidence.fabrication.exchanges evidence.fabrication.roles "
    "evidence.fabrication.reading evidence.fabrication.context "
    "evidence.fabrication.weights evidence.fabrication.restated "
    "evidence.fabrication evidence.style.words evidence.style.collocations "
    "evidence.style.spinning evidence.style.substitution evidence.style.turns "
    "evidence.style.residue evidence.style.stock evidence.style evidence.overlap evidence.reuse "
    "evidence verdict risk report wording pipeline scan factrecords integrations integrations.mcp "
    "integrations.scrapy integrations.spark evaluation.shares evaluation.labels evaluation.answers "
    "evaluation.findings evaluation.measures evaluation.shown evaluation results sites "
    "render.page render.scanned render.sarif render.bundle render training web.desk web.guard "
    "web.api web.pages web.app web.server web cli.terminal cli.options cli.inputs cli.outputs "
    "cli.doctor "
    "cli.evaluate cli.examine cli.facts cli.index cli.report cli.mcp cli.scan cli.serve "
    "cli.sites cli.train cli __init__ __main__"
).split()
MOST_LINES = 400
MOST_BODY_LINES = 40
FORBIDDEN_IMPORTS = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
FORBIDDEN_CALLS = {"eval", "exec", "print", "hash", "__import__"}
FORBIDDEN_CACHES = {"lru_cache", "cache"}
HEAVY = {
    "datasketch", "detector.index", "fastapi", "fastwarc", "httpcore2", "httpx2", "jinja2", "lxml",
    "mcp", "numba", "numpy", "nupunkt", "protego", "py3langid", "pyarrow", "pydantic", "pyspark",
    "rapidfuzz", "safetensors", "scipy", "scrapy", "sentence_transformers", "sklearn", "starlette",
    "Stemmer", "tokenizers", "torch", "trafilatura", "uvicorn",
}  # fmt: skip


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def parsed(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf8"))


def run_on_import(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported; those for type checkers do not."""
    for statement in statements:
        yield statement
        if isinstance(statement, ast.ClassDef | ast.With | ast.Try):
            yield from run_on_import(statement.body)
        elif isinstance(statement, ast.If) and ast.unparse(statement.test) != "TYPE_CHECKING":
            yield from run_on_import([*statement.body, *statement.orelse])


def ours(statement: ast.stmt) -> Iterator[str]:
    """Yield the modules of this package that a statement imports, as they are named in ORDER."""
    if isinstance(statement, ast.Import):
        names = [alias.name for alias in statement.names]
    elif isinstance(statement, ast.ImportFrom):
        assert statement.level == 0, "imports are absolute"
        names = [statement.module or ""]
        whole = [f"{statement.module}.{alias.name}" for alias in statement.names]
        names = [name for name in whole if name.removeprefix("detector.") in FILES] or names
    else:
        names = []
    for name in names:
        if name.split(".")[0] == "detector":
            yield name.removeprefix("detector.") if name != "detector" else "__init__"


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function after its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def fresh(code: str) -> str:
    """Return what a new process prints."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_every_module_has_its_place_in_the_order() -> None:
    assert sorted(FILES) == sorted(ORDER)


@pytest.mark.parametrize("name", [name for name in ORDER if name in FILES])
def test_a_module_imports_only_modules_above_it(name: str) -> None:
    above = set(ORDER[: ORDER.index(name)])
    imported = {
        module for statement in run_on_import(parsed(name).body) for module in ours(statement)
    }
    assert imported - above == set()


@pytest.mark.parametrize("name", FILES)
def test_files_and_functions_are_short(name: str) -> None:
    assert len(FILES[name].read_text(encoding="utf8").splitlines()) <= MOST_LINES
    long = {f.name: body_lines(f) for f in functions(parsed(name))}
    assert {n: lines for n, lines in long.items() if lines > MOST_BODY_LINES} == {}


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_unpickled_evaluated_printed_or_hashed_by_process(name: str) -> None:
    tree = parsed(name)
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    imported = {
        module.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in [getattr(node, "module", None) or "", *[alias.name for alias in node.names]]
    }
    assert called & FORBIDDEN_CALLS == set()
    assert imported & FORBIDDEN_IMPORTS == set()


@pytest.mark.parametrize("name", FILES)
def test_no_module_keeps_a_cache_or_rebinds_a_global(name: str) -> None:
    tree = parsed(name)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names & FORBIDDEN_CACHES == set()
    assert [node.names for node in ast.walk(tree) if isinstance(node, ast.Global)] == []


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("cli")])
def test_only_the_command_line_reads_the_environment(name: str) -> None:
    attributes = [ast.unparse(n) for n in ast.walk(parsed(name)) if isinstance(n, ast.Attribute)]
    assert {"os.environ", "os.getenv"} & set(attributes) == set()


@pytest.mark.parametrize("code", ["import detector", "from detector.cli import main"])
def test_importing_loads_no_heavy_package(code: str) -> None:
    loaded = set(fresh(f"import sys\n{code}\nprint(*sys.modules)").split())
    assert loaded & HEAVY == set()


def test_every_public_name_leads_to_its_module() -> None:
    code = "import detector; print([bool(getattr(detector, name)) for name in detector.__all__])"
    assert fresh(code) == f"{[True] * len(detector.__all__)}\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'detector' has no attribute 'nothing'"):
        detector.nothing  # noqa: B018


def test_help_appears_within_a_second() -> None:
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "detector", "--help"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        taken.append(time.perf_counter() - started)
    assert "score" in done.stdout
    assert min(taken) < 1
