"""Claims about labels: they are read with their article, and a wrong one is told in one line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from detector.article import Article, Span
from detector.errors import BadInput
from detector.evaluation import Labelled, Mark, read_labelled, without_source
from detector.evaluation.labels import marks
from detector.readers import Failure
from detector.verdict import Relation

TEXT = "The harbour board met on Monday. Try Saltwise, the app for tides. It spent 40 million."


def written(folder: Path, *records: object) -> Path:
    file = folder / "labelled.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf8")
    return file


def fault(folder: Path, **labels: object) -> str:
    """Return what is wrong with a record of these labels."""
    (item,) = read_labelled(written(folder, {"text": TEXT, "id": "a", **labels}))
    assert isinstance(item, Failure)
    assert (item.line, item.id) == (1, "a")
    return item.message


def test_labels_are_read_with_their_article(tmp_path: Path) -> None:
    record = {
        "id": "a",
        "headline": "Harbour board meets",
        "text": TEXT,
        "relation": "rewrite",
        "sources": ["s1"],
        "related": [],
        "attributed": False,
        "plugs": [{"start": 33, "end": 65, "brand": "Saltwise", "text": TEXT[33:65]}],
        "fabrications": [{"start": 75, "end": 85, "kind": "number", "verdict": "contradicted"}],
    }
    expected = Labelled(
        Article.from_text(TEXT, id="a", title="Harbour board meets"),
        Relation.REWRITE,
        ("s1",),
        attributed=False,
        plugs=(Mark(Span(33, 65), "Saltwise"),),
        fabrications=(Mark(Span(75, 85), "number", "contradicted"),),
    )
    bare = {"id": "b", "text": TEXT, "relation": "none"}
    file = written(tmp_path, record, bare)
    every = [expected, Labelled(Article.from_text(TEXT, id="b"), Relation.NONE)]
    assert list(read_labelled(file)) == every
    packed = tmp_path / "packed.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert list(read_labelled(packed)) == every
    document = tmp_path / "labelled.json"
    document.write_text(json.dumps([record, bare]), encoding="utf8")
    assert list(read_labelled(document)) == every


def test_fields_of_another_name_are_mapped(tmp_path: Path) -> None:
    file = written(tmp_path, {"storia": TEXT, "id": "a", "relation": "none"})
    (item,) = read_labelled(file, fields={"text": "storia"})
    assert isinstance(item, Labelled)
    assert item.article.text == TEXT


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({}, "it has no relation: expected one of copy, spun, rewrite, summary, mosaic, "),
        ({"relation": "rewriting"}, "its relation is 'rewriting': expected one of copy, spun, "),
        ({"relation": ["copy"]}, "its relation is ['copy']: expected one of copy, spun, "),
        ({"relation": "copy"}, "a copy has 1 or more sources, found 0: name what it was made from"),
        ({"relation": "mosaic", "sources": ["s"]}, "a mosaic has 2 or more sources, found 1: "),
        ({"relation": "none", "sources": ["s"]}, "its relation none says that it is honest, but "),
        ({"relation": "copy", "sources": "s"}, "its sources are 's': expected a list of ids "),
        ({"relation": "copy", "sources": [1]}, "its sources are [1]: expected a list of ids "),
        ({"relation": "none", "related": "s"}, "its related are 's': expected a list of ids "),
        ({"relation": "none", "attributed": "no"}, "attributed is 'no': expected true or false"),
    ],
)
def test_a_wrong_label_is_told_with_what_was_expected(
    tmp_path: Path, labels: dict[str, object], said: str
) -> None:
    assert fault(tmp_path, **labels).startswith(said)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("here", "found 'here': expected an object with numbers start and end"),
        ({"start": 1}, "found {'start': 1}: expected an object with numbers start and end"),
        ({"start": 0, "end": 2.5}, "expected an object with numbers start and end"),
        ({"start": 80, "end": 90}, "found the place 80 to 90 in a text of 86 characters"),
        ({"start": -3, "end": 5}, "found the place -3 to 5"),
        ({"start": 5, "end": 5}, "found the place 5 to 5"),
        ({"start": 4, "end": 11, "text": "harbor!"}, "at 4 to 11 stands 'harbour', but the label"),
        ({"start": 4, "end": 11, "kind": "colour"}, "found the kind 'colour': expected one of dat"),
        ({"start": 4, "end": 11, "kind": "org"}, "found the verdict '': expected one of unsuppor"),
    ],
)
def test_a_wrong_place_is_told_with_what_was_expected(
    tmp_path: Path, entry: object, said: str
) -> None:
    message = fault(tmp_path, relation="none", fabrications=[entry])
    assert message.startswith("fabrications: ")
    assert said in message


def test_places_that_are_no_list_are_refused() -> None:
    with pytest.raises(BadInput, match="found 3 for a list of places"):
        marks(3, TEXT, kind="brand")


def test_an_id_used_twice_is_told(tmp_path: Path) -> None:
    record = {"id": "a", "text": TEXT, "relation": "none"}
    first, second = read_labelled(written(tmp_path, record, record))
    assert isinstance(first, Labelled)
    assert isinstance(second, Failure)
    assert second.message == "the id 'a' was used before in this file: give each article its own"


def test_what_is_no_file_of_records_is_one_failure(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "this is a folder"), (tmp_path / "no", "there is no such file")):
        (item,) = read_labelled(path)
        assert isinstance(item, Failure)
        assert item.message == f"{said}: expected a file of JSON lines"


def test_a_source_that_nobody_has_is_told_by_name() -> None:
    article = Article.from_text(TEXT, id="a")
    items = [
        Labelled(article, Relation.MOSAIC, ("s1", "s2")),
        Labelled(article.named("b"), Relation.NONE),
    ]
    assert without_source(items, {"s1", "s2"}.__contains__) == []
    (told,) = without_source(items, {"s1"}.__contains__)
    assert told == (
        "a: its source 's2' is not among the sources to search: "
        "add it to them, or correct the label"
    )
