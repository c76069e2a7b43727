r"""Spark: a crawl in Parquet becomes reports in Parquet, each article judged against earlier ones.

    from pyspark.sql import SparkSession
    from detector.integrations.spark import find_derivatives

    spark = SparkSession.builder.getOrCreate()
    find_derivatives(spark, "s3://crawl/articles/", "s3://crawl/found/")

Submit such a file with ``spark-submit --conf spark.executorEnv.OMP_NUM_THREADS=1``, where every
node has ``pip install 'derivative-detector[spark,speed]'``. Few large tasks are best: each loads
the models once.

Four stages, each a folder of Parquet below the output; one that was finished is passed over when
the job is run again, so a job that broke off goes on, and one that is done does nothing:

1. ``fingerprints``: what the four channels compare, made partition by partition;
2. ``boilerplate``: what the first pages of each site, by their ids, have in common; it is left out
   of matching, as in a scan;
3. ``candidates``: pairs that share a rare term, a band of the sketch, a bucket of vectors or a rare
   headline term. A key that more than ``most_holders`` articles have is boilerplate: passed over,
   and counted in ``passed_over``;
4. ``reports``: the likeliest earlier articles of each one, compared and judged by the functions
   that a scan on one machine uses.

An earlier article is one with an earlier date; without dates, or on the same, one that stands
before it in the input's files, by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import Window
from pyspark.sql import functions as f

from detector.arrays import fingerprint_row, stored_terms
from detector.article import Article
from detector.boilerplate import FEWEST_STORIES, SAMPLED_PAGES, KnownBoilerplate, learned
from detector.candidates import BUCKET, QUERY_TERMS, WEIGHT
from detector.cells import floats
from detector.encoders import load_encoder
from detector.errors import DetectorError
from detector.fingerprint import Fingerprinter
from detector.index import Index
from detector.models import load_rarity
from detector.pipeline import Detector
from detector.readers import Failure
from detector.readers.source import Source
from detector.records import article_from_record
from detector.sketch import Sketcher, SketchSpec
from detector.storage import article_of, article_row
from detector.terms import Rarity, TermExtractor

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

# Articles fingerprinted at once.
BATCH = 256
# Vectors within a bucket have the same signs along so many random directions; so many tables of
# buckets find two thirds of the pairs at a cosine of .9.
DIRECTIONS, BUCKET_TABLES = 10, 8
_SEED = 7
# What a shared bucket of vectors counts for in the sum: the cosine at which it is even odds.
BUCKET_COSINE = 0.8
# So many of an article's sources are kept for their meaning alone.
BY_MEANING = 4
TERM, MEANING, BAND, HEADLINE = range(4)
_ARTICLE = ("id", "title", "url", "site", "author", "published", "rights", "text")
_PRINT = ("signature", "terms", "counts", "headline", "headline_counts", "vectors")
_TEXTS = "file string, row bigint, error string, id string"
FINGERPRINTS = (
    f"{_TEXTS}, title string, url string, site string, author string, published string, "
    "rights string, text binary, signature binary, terms binary, counts binary, headline binary, "
    "headline_counts binary, vectors binary"
)
KEYS = (
    "kind tinyint, key bigint, id string, file string, row bigint, moment double, "
    "weight float, asks boolean"
)
BOILERPLATE = "site string, repeated binary"
REPORTS = "id string, label string, report string"

Batches = Iterator[pa.RecordBatch]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is joined.

    Attributes:
        fields: our names of fields to the input's columns; the usual names are known.
        most_holders: keys that more articles have are passed over.
        pool: so many likeliest sources are compared with an article in full.
        partitions: tasks of the last stage; each loads the models, some two seconds.
    """

    fields: dict[str, str] = field(default_factory=dict)
    most_holders: int = BUCKET
    pool: int = 24
    partitions: int = 200


def find_derivatives(
    spark: SparkSession, articles: str, out: str, settings: Settings = Settings()
) -> DataFrame:
    """Judge each article of a crawl against the earlier ones; return the reports.

    Args:
        spark: the session.
        articles: Parquet with ``text`` or ``html``, as for ``detector scan``.
        out: folder of the stages; the last is ``reports``.
        settings: how much is joined.
    """
    prints = _stage(spark, f"{out}/fingerprints", lambda: _fingerprints(spark, articles, settings))
    directions = _directions(load_encoder().dimensions)
    keys = prints.filter("error IS NULL").mapInArrow(lambda b: _keys(b, directions), KEYS)
    _stage(spark, f"{out}/passed_over", lambda: _passed_over(keys, settings))
    pairs = _stage(spark, f"{out}/candidates", lambda: _candidates(keys, settings))
    sites = _stage(spark, f"{out}/boilerplate", lambda: _boilerplate(prints, settings))
    marked = prints.join(sites, "site", "left")
    return _stage(spark, f"{out}/reports", lambda: _reports(marked, pairs, settings))


def _stage(spark: SparkSession, path: str, make: Callable[[], DataFrame]) -> DataFrame:
    """Return a finished stage, or finish it first."""
    java: Any = spark._jvm
    success = java.org.apache.hadoop.fs.Path(f"{path}/_SUCCESS")
    files = success.getFileSystem(spark._jsc.hadoopConfiguration())
    if not files.exists(success):
        make().write.mode("overwrite").parquet(path)
    return spark.read.parquet(path)


def _fingerprints(spark: SparkSession, articles: str, settings: Settings) -> DataFrame:
    fields = settings.fields
    read = spark.read.parquet(articles)
    placed = read.selectExpr("*", "_metadata.file_path AS _file", "_metadata.row_index AS _row")

    def work(batches: Batches) -> Batches:
        return _fingerprinted(batches, fields)

    made = placed.mapInArrow(work, FINGERPRINTS)
    first = Window.partitionBy("id").orderBy("file", "row")
    copy = f.row_number().over(first)
    again = f.lit("its id was used before: give each record an id of its own")
    error = f.when(f.col("error").isNotNull(), f.col("error")).when(copy > 1, again)
    return made.withColumn("error", error)


def _fingerprinted(batches: Batches, fields: dict[str, str]) -> Batches:
    printer = Fingerprinter(load_encoder(), Sketcher(), TermExtractor())
    for batch in batches:
        for at in range(0, batch.num_rows, BATCH):
            rows = batch.slice(at, BATCH).to_pylist()
            made = list(_printed(rows, printer, fields))
            yield pa.RecordBatch.from_pylist(made, _schema(FINGERPRINTS))


def _printed(rows: list[Row], printer: Fingerprinter, fields: dict[str, str]) -> Iterator[Row]:
    articles, places = [], []
    for row in rows:
        place = {"file": row.pop("_file"), "row": row.pop("_row")}
        source = Source(place["file"], fields, article_from_record)
        made = source.result(row, place["row"] + 1)
        if isinstance(made, Failure):
            yield {**place, "error": made.message, "id": made.id or f"{place}"}
        else:
            articles.append(made)
            places.append(place)
    for article, place, own in zip(articles, places, printer.fingerprint(articles), strict=True):
        columns = zip(_ARTICLE + _PRINT, article_row(article) + fingerprint_row(own), strict=True)
        yield {**place, **dict(columns)}


def _keys(batches: Batches, directions: NDArray[np.float32]) -> Batches:
    """Yield every key under which an article may meet another."""
    sketcher, rarity = Sketcher(), load_rarity()
    for batch in batches:
        for row in batch.to_pylist():
            date = _article(row).published
            place = {name: row[name] for name in ("id", "file", "row")}
            place["moment"] = date.timestamp() if date else None
            parts = [
                _term_keys(TERM, row["terms"], row["counts"], rarity, QUERY_TERMS),
                _term_keys(HEADLINE, row["headline"], row["headline_counts"], rarity, QUERY_TERMS),
                _plain(
                    BAND, sketcher.bands(np.frombuffer(row["signature"], np.uint32)[None, :])[0]
                ),
                _plain(MEANING, _vector_buckets(row["vectors"], directions)),
            ]
            yield _keyed(place, parts)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys of one kind: which, how heavy, and whether they are looked up as well as found."""

    kind: int
    keys: NDArray[np.uint64]
    weights: NDArray[np.float32]
    asks: NDArray[np.bool_]


def _plain(kind: int, keys: NDArray[np.uint64]) -> _Keys:
    return _Keys(kind, keys, np.ones(len(keys), np.float32), np.ones(len(keys), np.bool_))


def _term_keys(kind: int, terms: bytes, counts: bytes, rarity: Rarity, most: int) -> _Keys:
    vector = stored_terms(terms, counts)
    weights = rarity.weights(vector)
    asks = np.zeros(len(weights), np.bool_)
    asks[np.argsort(-weights, kind="stable")[:most]] = True
    return _Keys(kind, vector.terms.astype(np.uint64), weights, asks)


def _directions(dimensions: int) -> NDArray[np.float32]:
    draw = np.random.RandomState(_SEED)  # its stream of numbers is frozen for all time
    return draw.standard_normal((dimensions, BUCKET_TABLES * DIRECTIONS)).astype(np.float32)


def _vector_buckets(blob: bytes, directions: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return the buckets of an article's vectors: signs along random directions, by table.

    Source: Charikar 2002, "Similarity estimation techniques from rounding algorithms".
    """
    vectors = floats(np.frombuffer(blob, np.int8).reshape(-1, len(directions)))
    signs = (vectors @ directions > 0).reshape(len(vectors), BUCKET_TABLES, DIRECTIONS)
    buckets = signs @ (1 << np.arange(DIRECTIONS)) + (np.arange(BUCKET_TABLES) << DIRECTIONS)
    return np.unique(buckets).astype(np.uint64)


def _keyed(place: Row, parts: Iterable[_Keys]) -> pa.RecordBatch:
    parts = list(parts)
    kinds = np.repeat([part.kind for part in parts], [len(part.keys) for part in parts])
    keys = np.concatenate([part.keys for part in parts])
    columns = {
        "kind": pa.array(kinds.astype(np.int8)),
        "key": pa.array(keys.astype(np.uint64).view(np.int64)),
        **{name: pa.repeat(pa.scalar(place[name]), len(keys)) for name in ("id", "file", "row")},
        "moment": pa.repeat(pa.scalar(place["moment"], pa.float64()), len(keys)),
        "weight": pa.array(np.concatenate([part.weights for part in parts])),
        "asks": pa.array(np.concatenate([part.asks for part in parts])),
    }
    return pa.RecordBatch.from_pydict(columns)


def _passed_over(keys: DataFrame, settings: Settings) -> DataFrame:
    held = keys.groupBy("kind", "key").count()
    common = held.filter(f.col("count") > settings.most_holders)
    return common.groupBy("kind").agg(f.count("*").alias("keys"), f.sum("count").alias("entries"))


def _candidates(keys: DataFrame, settings: Settings) -> DataFrame:
    """Return, for each article, its likeliest earlier ones."""
    held = keys.groupBy("kind", "key").count()
    kept = held.filter(f.col("count").between(2, settings.most_holders)).drop("count")
    keys = keys.join(kept, ["kind", "key"])
    one, other = keys.filter("asks").alias("one"), keys.alias("other")
    dated = f.expr("one.moment != other.moment")  # unknown where either has no date
    stands_before = f.struct("other.file", "other.row") < f.struct("one.file", "one.row")
    before = f.when(dated, f.expr("other.moment < one.moment")).otherwise(stands_before)
    met = one.join(other, ["kind", "key"]).filter(before)

    def total(kind: int, column: str) -> Column:
        return f.sum(f.when(f.col("kind") == kind, f.expr(column)).otherwise(0.0))

    product = "double(one.weight) * other.weight"
    pairs = met.groupBy(f.col("one.id").alias("article"), f.col("other.id").alias("source")).agg(
        total(TERM, product).alias("terms"),
        total(HEADLINE, product).alias("headline"),
        total(BAND, "1.0").alias("bands"),
        total(MEANING, "1.0").alias("meaning"),
    )
    # Two rows a band: of the bands, the square of the Jaccard similarity is shared.
    score = (
        WEIGHT["terms"] * f.col("terms")
        + WEIGHT["headline"] * f.col("headline")
        + WEIGHT["shingles"] * f.sqrt(f.col("bands") / SketchSpec().bands)
        + WEIGHT["meaning"] * f.when(f.col("meaning") > 0, BUCKET_COSINE).otherwise(0.0)
    )
    own = Window.partitionBy("article")
    pairs = pairs.withColumn("score", f.round(score, 6))  # sums differ by their order
    pairs = pairs.withColumn(
        "rank", f.row_number().over(own.orderBy(f.desc("score"), "source"))
    ).withColumn(
        "by_meaning", f.row_number().over(own.orderBy(f.desc("meaning"), f.desc("score"), "source"))
    )
    near = (f.col("meaning") > 0) & (f.col("by_meaning") <= BY_MEANING)
    return pairs.filter((f.col("rank") <= settings.pool) | near).select("article", "source")


def _boilerplate(prints: DataFrame, settings: Settings) -> DataFrame:
    """Return what each site's pages have in common, learned from the first by their ids."""
    order = Window.partitionBy("site").orderBy("id")
    pages = prints.filter("error IS NULL AND site IS NOT NULL").select(*_ARTICLE)
    pages = pages.withColumn("n", f.row_number().over(order)).filter(f.col("n") <= SAMPLED_PAGES)
    together = pages.repartition(settings.partitions, "site").sortWithinPartitions("site", "n")
    return together.mapInArrow(_repeated, BOILERPLATE)


def _repeated(batches: Batches) -> Batches:
    for site, group in groupby(_rows(batches), itemgetter("site")):
        known = learned(map(_article, group))
        keys = np.array(sorted(known.repeated()), np.uint64)
        if known.stories >= FEWEST_STORIES and len(keys):
            row = {"site": site, "repeated": keys.tobytes()}
            yield pa.RecordBatch.from_pylist([row], _schema(BOILERPLATE))


def _reports(prints: DataFrame, pairs: DataFrame, settings: Settings) -> DataFrame:
    columns = ["file", "row", "error", "repeated", *_ARTICLE, *_PRINT]
    own = prints.select(f.col("id").alias("article"), f.lit(True).alias("own"), *columns)
    sound = prints.filter("error IS NULL")
    sources = pairs.join(sound, pairs["source"] == sound["id"])
    sources = sources.select("article", f.lit(False).alias("own"), *columns)
    together = own.unionByName(sources).repartition(settings.partitions, "article")
    sorted_rows = together.sortWithinPartitions("article", f.desc("own"), "file", "row")
    return sorted_rows.mapInArrow(_judged, REPORTS)


def _judged(batches: Batches) -> Batches:
    """Yield the reports of articles that are each followed by their likely sources."""
    boilerplate = KnownBoilerplate()
    detector = Detector(Index.in_memory(), boilerplate)
    for _, group in groupby(_rows(batches), itemgetter("article")):
        owns: list[Row] = []
        sources: list[Row] = []
        for row in group:
            (owns if row["own"] else sources).append(row)
        boilerplate.repeated = {
            row["site"]: frozenset(np.frombuffer(row["repeated"], np.uint64).tolist())
            for row in (*owns, *sources)
            if row["repeated"]
        }
        reports = [_report(row, [] if row["error"] else sources, detector) for row in owns]
        yield pa.RecordBatch.from_pylist(reports, _schema(REPORTS))


def _report(row: Row, sources: list[Row], detector: Detector) -> Row:
    failed: dict[str, object] = {"origin": row["file"], "line": row["row"] + 1, "id": row["id"]}
    if row["error"]:
        return _line(row["id"], "failed", {"error": row["error"], **failed})
    stored = [tuple(source[name] for name in _ARTICLE) for source in sources]
    prints = [tuple(source[name] for name in _PRINT) for source in sources]
    detector.index.add_rows(stored, prints)
    try:
        report = detector.examine(_article(row))
        return _line(row["id"], str(report.verdict.label), report.to_dict())
    except DetectorError as error:
        return _line(row["id"], "failed", {"error": str(error), **failed})
    finally:
        detector.index.remove(source["id"] for source in sources)


def _rows(batches: Batches) -> Iterator[Row]:
    return (row for batch in batches for row in batch.to_pylist())


def _article(row: Row) -> Article:
    return article_of(tuple(row[name] for name in _ARTICLE))


def _line(id: str, label: str, report: object) -> Row:
    return {"id": id, "label": label, "report": json.dumps(report, ensure_ascii=False)}


def _schema(columns: str) -> pa.Schema:
    kinds = {"string": pa.string(), "binary": pa.binary(), "bigint": pa.int64()}
    named = (column.split() for column in columns.split(", "))
    return pa.schema([(name, kinds[kind]) for name, kind in named])
