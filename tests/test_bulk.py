"""Claims about bulk sketching: the kernel sees in any text exactly what Python sees."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import sketch
from detector.bulk import CHUNK, BulkSketcher
from detector.errors import BadInput
from detector.folding import ITSELF, NO_WORD, folding
from detector.sketch import Sketcher, SketchSpec, shingle_hashes

SPECS = [SketchSpec(), SketchSpec(5, 32, 4), SketchSpec(1, 3, 1)]
# Characters that fold to several, some of them no word characters; marks, scripts, lone surrogates.
HARD = [
    "", " ", "ferry", "ferry pier", "İstanbul’s STRASSE ß ŉ ǰ ᾷ ﬃ", "中文 字 かな",
    "\ud800 a \udfff", "a\0b\x1fc", "naïve café — “quoted” …", "١٢٣ ²³ Ⅷ ⅷ", "𝔘𐐀𐐨 😀x😀",
    "_ __ a_b", "x" * 700, "İ" * 50, "word " * 300,
]  # fmt: skip


def bulk(spec: SketchSpec, workers: int = 1) -> BulkSketcher:
    return BulkSketcher(spec.shingle_words, Sketcher(spec).permutations, workers=workers)


@pytest.fixture(scope="module")
def bigrams() -> BulkSketcher:
    return bulk(SketchSpec(2, 4, 2))


@pytest.mark.parametrize("spec", SPECS)
def test_hard_texts_have_the_signatures_of_single_signing(spec: SketchSpec) -> None:
    expected = [Sketcher(spec).sign(text).tolist() for text in HARD]
    assert bulk(spec).sign(HARD).tolist() == expected


@settings(deadline=None)
@given(st.lists(st.text(st.characters(), max_size=60), max_size=4))
def test_any_texts_have_the_signatures_of_single_signing(
    bigrams: BulkSketcher, texts: list[str]
) -> None:
    single = Sketcher(SketchSpec(2, 4, 2))
    assert bigrams.sign(texts).tolist() == [single.sign(text).tolist() for text in texts]


def test_every_code_point_is_read_as_python_reads_it(bigrams: BulkSketcher) -> None:
    # every 13th alone, and all within their neighbours: a million single texts take a minute
    texts = [f"x{chr(point)}y {chr(point)} z" for point in range(0, sys.maxunicode + 1, 13)]
    texts += ["".join(map(chr, range(at, at + 512))) for at in range(0, sys.maxunicode, 512)]
    hashes, bounds = bigrams.hash_sets(texts)
    found = [hashes[a:b].tolist() for a, b in pairwise(bounds)]
    assert found == [shingle_hashes(text, 2).tolist() for text in texts]


def test_the_tables_are_pythons_own() -> None:
    tables = folding()
    for point in range(0x3000):
        character = chr(point)
        kind = tables.kinds[point]
        form = bytes(tables.forms[tables.starts[kind] : tables.starts[kind + 1]])
        if character.casefold() != character:
            kept = [c if re.match(r"\w", c) else "\0" for c in character.casefold()]
            assert form.decode() == "".join(kept)
        else:
            assert kind == (ITSELF if re.match(r"\w", character) else NO_WORD)


def test_the_number_of_threads_changes_nothing() -> None:
    texts = [f"pier {n} and ferry {n % 7} at {n * n}" for n in range(2 * CHUNK + 5)]
    assert (bulk(SPECS[0], 1).sign(texts) == bulk(SPECS[0], 2).sign(texts)).all()


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_an_arrow_column_has_the_signatures_of_its_texts(
    bigrams: BulkSketcher, kind: pa.DataType
) -> None:
    texts = [text for text in HARD if "\ud800" not in text]
    column = pa.array([*texts, None, "last one"], kind)
    assert (bigrams.sign_arrow(column) == bigrams.sign([*texts, "", "last one"])).all()
    assert (bigrams.sign_arrow(column.slice(3, 4)) == bigrams.sign(texts[3:7])).all()
    assert bigrams.sign_arrow(pa.array([], kind)).shape == (0, 8)


def test_a_column_of_numbers_is_refused(bigrams: BulkSketcher) -> None:
    with pytest.raises(BadInput, match=r"^a column of type int64 cannot be sketched: expected str"):
        bigrams.sign_arrow(pa.array([1, 2]))


def test_a_column_of_broken_utf8_is_refused(bigrams: BulkSketcher) -> None:
    broken = pa.StringArray.from_buffers(
        1, pa.py_buffer(np.array([0, 2], np.int32)), pa.py_buffer(b"\xf0\x9f")
    )
    with pytest.raises(BadInput, match="no valid UTF-8"):
        bigrams.sign_arrow(broken)


def test_the_kernel_takes_over_when_it_pays_and_signs_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sketch, "KERNEL_PAYS", 20)
    one, many = Sketcher(), Sketcher()
    texts = [f"{text} {n}" for n in range(3) for text in HARD]
    batches = [many.sign_many(texts[n : n + 15]) for n in range(0, 45, 15)]
    assert many._bulk is not None
    assert np.concatenate(batches).tolist() == [one.sign(text).tolist() for text in texts]


def test_signing_a_few_texts_never_imports_numba() -> None:
    code = (
        "import sys; from detector.sketch import Sketcher; Sketcher().sign_many(['a b c'] * 100)\n"
        "print('numba' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
