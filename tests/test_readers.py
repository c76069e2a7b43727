"""Claims about reading files, folders and standard input."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tracemalloc
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from detector.article import Article
from detector.errors import BadInput, MissingPackage
from detector.readers import Failure, read_articles, read_one
from detector.streams import LONGEST_LINE

FERRY = "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why."
GEARBOX = "Its owner, a dairy on the mainland, said a gearbox had failed twice within a week."
PAGE = (
    f"<!doctype html><html><head><title>No boat</title></head><body><p>{FERRY}</p><p>{GEARBOX}</p>"
)


def read(*inputs: str | Path, **fields: str) -> list[Article | Failure]:
    return list(read_articles(inputs, fields=fields))


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def json_lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def texts(results: Iterable[Article | Failure]) -> list[str | None]:
    return [result.text if isinstance(result, Article) else None for result in results]


def only_article(results: list[Article | Failure]) -> Article:
    (result,) = results
    assert isinstance(result, Article), result
    return result


def only_failure(results: list[Article | Failure]) -> Failure:
    (result,) = results
    assert isinstance(result, Failure), result
    assert "\n" not in result.message
    return result


def record(tmp_path: Path, values: dict[str, object], **fields: str) -> Article:
    return only_article(read(write(tmp_path / "a.jsonl", json_lines(values)), **fields))


def from_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> list[Article | Failure]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
    return read("-")


# Records


def test_a_record_keeps_its_text_character_for_character(tmp_path: Path) -> None:
    text = f"  {FERRY}\r\n\r\n<b>{GEARBOX}</b> deep- sea ■ "
    article = record(
        tmp_path,
        {
            "text": text,
            "id": "a1",
            "url": "https://www.post.example/1",
            "title": "No boat",
            "author": "Ida Berg",
            "site": "post.example",
            "published": "2024-03-04T07:00:00+01:00",
        },
    )
    assert article == Article(
        text=text,
        id="a1",
        url="https://www.post.example/1",
        title="No boat",
        author="Ida Berg",
        site="post.example",
        published=datetime(2024, 3, 4, 6, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "values",
    [
        {  # trafilatura
            "text": FERRY,
            "raw_text": "other words",
            "title": "No boat",
            "author": "Ida Berg; Jo Lund",
            "hostname": "post.example",
            "source-hostname": "The Post",
            "source": "https://post.example/1",
            "date": "2024-03-04",
            "id": None,
        },
        {  # news-please
            "maintext": FERRY,
            "title": "No boat",
            "authors": ["Ida Berg; Jo Lund"],
            "source_domain": "www.post.example",
            "url": "https://post.example/1",
            "date_publish": "2024-03-04 00:00:00",
        },
        {  # newspaper4k
            "url": "https://post.example/1",
            "read_more_link": "",
            "title": "No boat",
            "authors": ["Ida Berg; Jo Lund"],
            "publish_date": "2024-03-04T01:00:00+01:00",
            "summary": "other words",
            "meta_site_name": "",
            "canonical_link": None,
            "text": FERRY,
        },
        {  # fundus, a section or more
            "title": "No boat",
            "authors": ["Ida Berg; Jo Lund"],
            "publishing_date": "2024-03-04 01:00:00+01:00",
            "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [FERRY]}]},
            "url": "https://post.example/1",
            "topics": ["boats"],
        },
        {  # webhose
            "text": FERRY,
            "title": "No boat",
            "author": "Ida Berg; Jo Lund",
            "thread": {"site": "post.example", "url": "https://post.example/0"},
            "url": "https://post.example/1",
            "published": "2024-03-04T01:00:00.000+01:00",
        },
        {  # Scrapy, with capitals
            "Body": FERRY,
            "Title": "No boat",
            "Byline": "Ida Berg; Jo Lund",
            "Link": "https://post.example/1",
            "PubDate": "Mon, 04 Mar 2024 00:00:00 GMT",
        },
        {  # NewsAPI
            "content": FERRY,
            "title": "No boat",
            "author": {"name": "Ida Berg; Jo Lund"},
            "source": {"id": None, "name": "post.example"},
            "url": "https://post.example/1",
            "publishedAt": 1709510400,
        },
    ],
)
def test_the_names_of_common_crawlers_are_known(tmp_path: Path, values: dict[str, object]) -> None:
    article = record(tmp_path, values)
    assert article == Article.from_text(
        FERRY,
        title="No boat",
        author="Ida Berg; Jo Lund",
        url="https://post.example/1",
        site="post.example",
        published="2024-03-04",
    )


def test_a_body_kept_in_parts_is_read_in_order(tmp_path: Path) -> None:
    sections = [
        {"headline": [], "paragraphs": [FERRY, "Then:"]},
        {"headline": ["Gears"], "paragraphs": [GEARBOX]},
    ]
    body = {"sections": sections, "summary": ["No boat on Monday."]}
    article = record(tmp_path, {"body": body})
    assert article.text == f"No boat on Monday.\n{FERRY}\nThen:\nGears\n{GEARBOX}"
    for odd in ({"sections": [{"sections": sections}, 3]}, {"paragraphs": "x"}, {}):
        only_failure(read(write(tmp_path / "b.jsonl", json_lines({"body": odd}))))


def test_a_users_own_names_win(tmp_path: Path) -> None:
    values = {"text": "a teaser", "story": {"full": FERRY}, "title": "x", "h": "No boat"}
    article = record(tmp_path, values, text="story.full", title="h")
    assert (article.text, article.title) == (FERRY, "No boat")


def test_an_unknown_name_to_map_is_refused_before_anything_is_read() -> None:
    with pytest.raises(BadInput, match=r"no field 'txt' .* expected one of text, html"):
        read_articles(["nowhere.jsonl"], fields={"txt": "body"})


def test_an_html_record_is_extracted_and_its_other_fields_win(tmp_path: Path) -> None:
    article = record(tmp_path, {"html": PAGE, "id": 7, "title": "Boats stop", "author": ["A", "B"]})
    assert article == Article(f"{FERRY}\n{GEARBOX}", "7", title="Boats stop", author="A, B")


def test_a_text_that_is_a_page_is_extracted(tmp_path: Path) -> None:
    pieces = f"<p>{FERRY}</p>\n<p>{GEARBOX}</p>"
    assert record(tmp_path, {"text": PAGE}).text == f"{FERRY}\n{GEARBOX}"
    assert record(tmp_path, {"content": pieces}).text == f"{FERRY}\n{GEARBOX}"


def test_a_mapped_html_wins_over_a_text(tmp_path: Path) -> None:
    article = record(tmp_path, {"text": "a teaser", "raw": PAGE}, html="raw")
    assert article.text == f"{FERRY}\n{GEARBOX}"


@pytest.mark.parametrize("published", ["someday", "", None, True, [], 1e300, -1e300, "9999-99-99"])
def test_an_unusable_date_is_no_error(tmp_path: Path, published: object) -> None:
    assert record(tmp_path, {"text": FERRY, "published": published}).published is None


@pytest.mark.parametrize("published", [1709510400, 1709510400000, 1709510400.0, "4 March 2024"])
def test_a_date_may_be_a_number_or_written(tmp_path: Path, published: object) -> None:
    article = record(tmp_path, {"text": FERRY, "published": published})
    assert article.published == datetime(2024, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(("id", "expected"), [(12, "12"), (0, "0"), ("x", "x")])
def test_an_id_becomes_text(tmp_path: Path, id: object, expected: str) -> None:
    assert record(tmp_path, {"text": FERRY, "id": id}).id == expected


def test_a_record_without_id_is_named_by_its_address_or_text(tmp_path: Path) -> None:
    url = "https://post.example/1"
    assert record(tmp_path, {"text": FERRY, "url": url}).id == Article.from_text("a", url=url).id
    assert record(tmp_path, {"text": FERRY}).id == Article.from_text(FERRY).id


# JSON lines


def test_a_bad_line_is_a_failure_in_its_place_and_reading_goes_on(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        json_lines({"text": FERRY}, {"id": 5, "title": "only"}, "words")
        + '{"text": "cut off\n\n[1]\n\xff\xff\n'
        + json_lines({"text": " … ", "uuid": "u"}, {"text": GEARBOX}),
    )
    results = read(path)
    assert texts(results) == [FERRY, None, None, None, None, None, None, GEARBOX]
    failures = [result for result in results if isinstance(result, Failure)]
    assert [(failure.line, failure.id) for failure in failures] == [
        (2, "5"),
        (3, None),
        (4, None),
        (6, None),
        (7, None),
        (8, "u"),
    ]
    assert {failure.origin for failure in failures} == {path.as_posix()}
    assert failures[0].message == (
        "the record has no text (its fields: id, title): expected text or html; "
        "name yours with --map text=FIELD"
    )
    assert failures[1].message == (
        'the record is str, expected an object such as {"text": "…", "url": "…"}'
    )
    assert failures[2].message.startswith("broken JSON (")
    assert not any("\n" in failure.message for failure in failures)


def test_a_failure_has_a_line_of_its_own_in_reports() -> None:
    assert Failure("a.jsonl", "broken", 3, "x").to_dict() == {
        "error": "broken",
        "origin": "a.jsonl",
        "line": 3,
        "id": "x",
    }


def test_a_mark_at_the_beginning_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    content = "\ufeff" + json_lines({"text": FERRY}).replace("\n", "\r\n") + "\r\n"
    assert texts(read(write(tmp_path / "a.ndjson", content))) == [FERRY]


def test_a_lone_surrogate_in_a_record_is_replaced_one_for_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "half a \\ud83d sign"}')
    assert texts(read(path)) == ["half a \ufffd sign"]


def test_deep_json_is_a_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"a":' * 200_000 + "\n" + json_lines({"text": FERRY}))
    results = read(path)
    assert texts(results) == [None, FERRY]
    assert "broken JSON (too many levels" in only_failure(results[:1]).message


def test_a_line_of_two_megabytes_is_read(tmp_path: Path) -> None:
    text = "boat " * 400_000
    assert texts(read(write(tmp_path / "a.jsonl", json_lines({"text": text})))) == [text]


def test_a_line_that_is_too_long_is_left_out_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", 1) as file:
        for _ in range(3):
            file.write(b" " * LONGEST_LINE)
        file.write(b"\n" + json_lines({"text": FERRY}).encode())
    tracemalloc.start()
    results = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert texts(results) == [None, FERRY]
    assert only_failure(results[:1]).line == 1
    assert peak < 3 * LONGEST_LINE


def test_a_truncated_gzip_gives_what_could_be_read_and_a_failure(tmp_path: Path) -> None:
    lines = json_lines(*({"text": f"{FERRY} {os.urandom(40).hex()}"} for _ in range(2_000)))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode())[:60_000])
    *articles, last = read(path)
    assert len(articles) > 500
    assert all(isinstance(article, Article) for article in articles)
    assert "reading stopped here" in only_failure([last]).message


def test_reading_is_streaming(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json_lines({"text": FERRY}, {"text": GEARBOX}))
    stream = read_articles([path, tmp_path / "missing"])
    assert texts([next(stream)]) == [FERRY]


# Whole files


def test_a_text_file_is_cleaned_and_named_by_its_path(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", f"# No boat\r\n\r\n{FERRY} A deep- sea ship. ■\r\n")
    article = Article(f"{FERRY} A deep-sea ship.", path.as_posix(), title="No boat")
    assert read(path) == [article]
    assert read_one(path) == article
    assert Article.from_file(path) == article


def test_an_html_file_is_named_by_its_address_or_else_its_path(tmp_path: Path) -> None:
    link = '<link rel="canonical" href="https://post.example/1">'
    named = write(tmp_path / "a.html", PAGE.replace("</head>", f"{link}</head>"))
    plain = write(tmp_path / "b.htm.gz", PAGE)
    assert read_one(named).id == Article.from_text("a", url="https://post.example/1").id
    assert read_one(plain) == Article(f"{FERRY}\n{GEARBOX}", plain.as_posix(), title="No boat")


def test_a_page_saved_as_text_is_read_as_a_page(tmp_path: Path) -> None:
    assert read_one(write(tmp_path / "a.txt", PAGE)).text == f"{FERRY}\n{GEARBOX}"


def test_a_json_file_holds_an_object_or_a_list(tmp_path: Path) -> None:
    one = write(tmp_path / "a.json", json.dumps({"text": FERRY}, indent=1))
    many = write(tmp_path / "b.json.gz", json.dumps([{"text": FERRY}, 3, {"text": GEARBOX}]))
    assert texts(read(one, many)) == [FERRY, FERRY, None, GEARBOX]
    assert read_one(one).text == FERRY
    with pytest.raises(BadInput, match="more than one article"):
        read_one(many)


def test_other_encodings_are_read(tmp_path: Path) -> None:
    text = "Der Fährmann schläft, die Fähre fährt nicht über die Förde."
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        assert read_one(write(tmp_path / "a.txt", text.encode(encoding))).text == text


def test_one_damaged_letter_does_not_change_the_others(tmp_path: Path) -> None:
    content = "Die Fähre fährt über die Förde ".encode() + b"\xff nicht."
    assert read_one(write(tmp_path / "a.txt", content)).text == (
        "Die Fähre fährt über die Förde \ufffd nicht."
    )


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a.csv"])
def test_a_binary_file_is_one_failure(tmp_path: Path, name: str) -> None:
    failure = only_failure(read(write(tmp_path / name, b"\x89PNG\r\n\0\0\n\n" * 500)))
    assert failure.message == (
        "this is a binary file, expected text: save the articles as UTF-8 text"
    )


def test_undecodable_bytes_are_a_failure(tmp_path: Path) -> None:
    content = "Паром не ходит".encode("cp1251")
    failure = only_failure(read(write(tmp_path / "a.txt", content)))
    assert failure.message.endswith("save it as UTF-8")


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "a.html", "a.json", "a.csv", "a.parquet", "a.txt.gz", "a.json.gz"]
)
def test_an_empty_file_is_a_failure(tmp_path: Path, name: str) -> None:
    only_failure(read(write(tmp_path / name, b"")))


def test_an_empty_file_of_json_lines_holds_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.jsonl", "\n\n")) == []


def test_a_name_that_promises_gzip_falsely_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_text(json_lines({"text": FERRY}))
    assert "Not a gzipped file" in only_failure(read(path)).message


def test_a_file_of_two_megabytes_in_one_line_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "boat " * 400_000)
    assert len(read_one(path).text) == 1_999_999


def test_a_missing_path_and_an_unknown_kind_are_failures(tmp_path: Path) -> None:
    unknown = write(tmp_path / "a.docx", "words")
    missing, other = read(tmp_path / "no.txt", unknown)
    assert only_failure([missing]).message == "there is no such file or folder: check the path"
    assert only_failure([other]).message == (
        "files named *.docx are not known here: expected .txt .md .html .htm .json .jsonl "
        ".ndjson .csv .warc .xml (each also with .gz), .wacz or .parquet, or a folder"
    )


@pytest.mark.parametrize("name", ["missing.txt", "folder", "a.csv", "empty.txt", "list.json"])
def test_what_is_not_one_article_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    write(tmp_path / "a.csv", "text\nwords\n")
    write(tmp_path / "empty.txt", "")
    write(tmp_path / "list.json", "[]")
    with pytest.raises(BadInput) as refusal:
        read_one(tmp_path / name)
    assert str(refusal.value).startswith((tmp_path / name).as_posix())
    assert "\n" not in str(refusal.value)


# Tables


def test_a_table_is_read_by_its_columns(tmp_path: Path) -> None:
    content = f'Title,Text,Published\nNo boat,"{FERRY}\n{GEARBOX}",2024-03-04\nEmpty,,\n'
    results = read(write(tmp_path / "a.csv", content))
    assert results[0] == Article.from_text(
        f"{FERRY}\n{GEARBOX}", title="No boat", published="2024-03-04"
    )
    assert only_failure(results[1:]).line == 4


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_table_may_be_divided_by_other_signs(tmp_path: Path, delimiter: str) -> None:
    content = f"\ufefftitle{delimiter}text\r\nNo boat{delimiter}{FERRY}\r\n"
    assert read(write(tmp_path / "a.csv.gz", content)) == [
        Article.from_text(FERRY, title="No boat")
    ]


def test_a_long_field_of_a_table_is_read(tmp_path: Path) -> None:
    text = "boat " * 100_000
    assert texts(read(write(tmp_path / "a.csv", f"text\n{text}\n"))) == [text]


def test_a_table_without_a_known_column_is_one_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "heading,words\na,b\nc,d\n")
    assert only_failure(read(path)).message == (
        "the columns are heading, words, and none is known to hold the text: expected text or "
        "html; name yours with --map text=COLUMN"
    )
    assert texts(read(path, text="words")) == ["b", "d"]


def test_a_parquet_file_is_read_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = [
        {"maintext": FERRY, "published": date(2024, 3, 4), "thread": {"site": "post.example"}},
        {"maintext": None, "published": None, "thread": None},
    ] * 300
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    results = read(path)
    assert len(results) == 600
    assert results[0] == Article.from_text(FERRY, site="post.example", published="2024-03-04")
    assert only_failure(results[599:]).line == 600


def test_a_broken_parquet_file_is_a_failure(tmp_path: Path) -> None:
    failure = only_failure(read(write(tmp_path / "a.parquet", b"PAR1 and no more")))
    assert failure.message.startswith("no sound Parquet file (")


def test_parquet_without_its_package_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPackage, match=r"derivative-detector\[parquet\]"):
        read(write(tmp_path / "a.parquet", b"PAR1"))


# Folders


def test_a_folder_is_read_by_name_with_all_below_it(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", json_lines({"text": "b one"}, {"text": "b two"}))
    write(tmp_path / "a" / "z.txt", "a z.")
    write(tmp_path / "c.md", "c.")
    write(tmp_path / ".hidden" / "x.txt", "hidden.")
    write(tmp_path / ".x.txt", "hidden.")
    write(tmp_path / "picture.png", b"\0")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert texts(read(tmp_path)) == ["a z.", "b one", "b two", "c."]


def test_a_folder_without_known_files_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path / "picture.png", b"\0")
    assert "the folder holds no file to read" in only_failure(read(tmp_path)).message


# Standard input


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (json_lines({"text": FERRY}, {"no": 1}, {"text": GEARBOX}), [FERRY, None, GEARBOX]),
        ("\ufeff\n\n" + json_lines({"text": FERRY}), [FERRY]),
        ('{"text": "cut off}\n' + json_lines({"text": FERRY}), [None, FERRY]),
        (json.dumps({"text": FERRY}, indent=2), [FERRY]),
        (json.dumps([{"text": FERRY}, {"text": GEARBOX}], indent=2), [FERRY, GEARBOX]),
        (PAGE, [f"{FERRY}\n{GEARBOX}"]),
        (f"<p>{FERRY}</p><p>{GEARBOX}</p>", [f"{FERRY}\n{GEARBOX}"]),
        (f"No boat\n{FERRY}\n{GEARBOX}", [f"{FERRY}\n{GEARBOX}"]),
        (f"<span style='color: red'>Read:</span> {FERRY}", [f"Read: {FERRY}"]),
        ("[Photo] A boat lies here.", ["[Photo] A boat lies here."]),
    ],
)
def test_standard_input_is_what_it_begins_with(
    monkeypatch: pytest.MonkeyPatch, content: str, expected: list[str | None]
) -> None:
    assert texts(from_stdin(monkeypatch, content.encode())) == expected


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\0\1\2", b"{\n", b"\xff\xfe\xfd" * 99])
def test_unreadable_standard_input_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    assert only_failure(from_stdin(monkeypatch, content)).origin == "-"
