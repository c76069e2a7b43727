"""CSV and Parquet."""

from __future__ import annotations

import csv
import io
from itertools import chain

from detector.errors import BadInput, MissingPackage
from detector.readers.source import Articles, Results
from detector.records import known_columns
from detector.streams import LONGEST_LINE, head_of, open_text, refuse_utf16

# Rows held at once: this many news pages with their HTML are some 50 MB.
PARQUET_ROWS = 256
DELIMITERS = ",;\t|"


def read_table(source: Articles) -> Results:
    """Read CSV, whatever it is delimited by, a record in each row."""
    csv.field_size_limit(LONGEST_LINE)  # 131,072 by default, less than a long article
    with open_text(source.origin) as stream:
        head = head_of(stream)
        refuse_utf16(head)
        header = head.partition(b"\n")[0].decode("utf-8", "replace")
        delimiter = max(DELIMITERS, key=header.count)
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        yield from _from_rows(csv.DictReader(text, delimiter=delimiter), source)


def _from_rows(rows: csv.DictReader[str], source: Articles) -> Results:
    known_columns(list(rows.fieldnames or ()), source.fields)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"a broken row ({error}): expected CSV with quoted texts"
            yield source.failure(message, rows.line_num)
        else:
            yield source.result(row, rows.line_num)


def read_parquet(source: Articles) -> Results:
    """Read Parquet, some rows at a time."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise MissingPackage(
            f"{source.origin} is Parquet, which needs the package pyarrow: "
            "install it with pip install 'derivative-detector[parquet]'"
        ) from error
    try:
        with ParquetFile(source.origin) as file:
            columns = known_columns(file.schema_arrow.names, source.fields)
            batches = file.iter_batches(batch_size=PARQUET_ROWS, columns=columns)
            rows = chain.from_iterable(batch.to_pylist() for batch in batches)
            for number, row in enumerate(rows, start=1):
                yield source.result(row, number)
    except ArrowException as error:
        reason = str(error).partition("\n")[0]
        raise BadInput(f"no sound Parquet file ({reason}): write it again") from error
