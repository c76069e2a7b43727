"""An evaluation, shown as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detector.candidates import CANDIDATES, Channel
from detector.evaluation.findings import Findings, Score
from detector.evaluation.measures import Confusion, Evaluation, Mistake, Relations
from detector.evaluation.shares import Share
from detector.report import JSON, Provenance

SCHEMA_VERSION = 1
# The text shows so many mistakes; the JSON has all.
SHOWN_MISTAKES = 20
# What is counted stands left of its counts, in one column.
NAME_COLUMN = 50
CELL = 14


def evaluation_dict(
    evaluation: Evaluation, provenance: Provenance, *, sources: int
) -> dict[str, JSON]:
    """Return an evaluation as JSON-ready values.

    Args:
        evaluation: what was measured.
        provenance: what it was measured with.
        sources: how many there were to search.
    """
    retrieval, labels = evaluation.retrieval, evaluation.labels
    return {
        "schema_version": SCHEMA_VERSION,
        "articles": evaluation.articles,
        "derived": evaluation.derived,
        "honest": evaluation.articles - evaluation.derived,
        "sources": sources,
        "retrieval": {
            "named_first": _share(retrieval.named_first),
            "candidate_first": _share(retrieval.candidate_first),
            "among_candidates": _share(retrieval.among_candidates),
            "mosaics_complete": _share(retrieval.mosaics_complete),
            "by_channel": {each.channel: _share(each.found) for each in retrieval.by_channel},
        },
        "labels": {
            "found": _share(labels.found),
            "accused": _share(labels.accused),
            "undecided": _share(labels.undecided),
            "counts": {
                str(each.label): {"derived": each.derived, "honest": each.honest}
                for each in labels.counts
            },
        },
        "relation": _relation_dict(evaluation.relations),
        "credit": {
            "right": _share(evaluation.credit.right),
            "credit_seen": _share(evaluation.credit.credit_seen),
            "no_credit_seen": _share(evaluation.credit.no_credit_seen),
        },
        "calibration": _calibration_dict(evaluation),
        "plugs": _findings_dict(evaluation.plugs),
        "fabrications": _findings_dict(evaluation.fabrications),
        "false_alarms": [_mistake_dict(each) for each in evaluation.false_alarms],
        "mistakes": [_mistake_dict(each) for each in evaluation.mistakes],
        "provenance": provenance.to_dict(),
    }


def evaluation_text(evaluation: Evaluation, *, sources: int, most: int = SHOWN_MISTAKES) -> str:
    """Return an evaluation for reading in a terminal.

    Args:
        evaluation: what was measured.
        sources: how many there were to search.
        most: at most this many mistakes are shown, and as many false alarms.
    """
    return "\n".join(_lines(evaluation, sources, most))


def _share(share: Share) -> JSON:
    low, high = share.interval
    return {
        "right": share.right,
        "counted": share.counted,
        "share": _rounded(share.value),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _relation_dict(relations: Relations) -> JSON:
    matrix: dict[str, dict[str, JSON]] = {}
    for cell in relations.confusion:
        matrix.setdefault(str(cell.labelled), {})[str(cell.said)] = cell.count
    return {
        "right": _share(relations.right),
        "right_honest_as_one": _share(relations.right_honest_as_one),
        "derived_right": _share(relations.derived_right),
        "macro_f1": _rounded(relations.macro_f1),
        "by_relation": {
            str(each.relation): {
                "precision": _share(each.precision),
                "recall": _share(each.recall),
                "f1": _rounded(each.f1),
            }
            for each in relations.by_relation
        },
        "confusion": {labelled: dict(said) for labelled, said in matrix.items()},
    }


def _calibration_dict(evaluation: Evaluation) -> JSON:
    return {
        "expected_calibration_error": _rounded(evaluation.calibration.error),
        "bins": [
            {"probability": round(each.probability, 4), "derived": _share(each.derived)}
            for each in evaluation.calibration.bins
        ],
    }


def _findings_dict(findings: Findings) -> JSON:
    shown: dict[str, JSON] = {
        "examined": findings.examined,
        "articles": findings.articles,
        "labelled": findings.labelled,
    }
    if findings.examined:
        shown |= {
            "all": _score_dict(findings.every),
            "by_character": _score_dict(findings.by_character),
            "by_kind": {score.kind: _score_dict(score) for score in findings.by_kind},
            "kind_right": _share(findings.kind_right),
            "verdict_right": _share(findings.verdict_right),
            "clean": _share(findings.clean),
            "false_in_clean": findings.false_in_clean,
        }
    return shown


def _score_dict(score: Score) -> JSON:
    return {
        "precision": _share(score.precision),
        "recall": _share(score.recall),
        "f1": _rounded(score.f1),
    }


def _mistake_dict(mistake: Mistake) -> JSON:
    answer = mistake.answer
    return {
        "id": answer.labelled.article.id,
        "labelled": str(answer.labelled.relation),
        "sources": list(answer.labelled.sources),
        "label": str(answer.label),
        "relation": str(answer.relation),
        "probability": round(answer.probability, 4),
        "named": list(answer.sources),
        "faults": list(mistake.faults),
    }


def _lines(evaluation: Evaluation, sources: int, most: int) -> Iterator[str]:
    derived = evaluation.derived
    yield (
        f"{_counted(evaluation.articles, 'labelled article')} against "
        f"{_counted(sources, 'source')}: {_counted(derived, 'derivative')}, "
        f"{evaluation.articles - derived:,} honest"
    )
    yield "In brackets: the 95 % confidence interval of each share; the fewer counted, the wider."
    yield from _retrieval_lines(evaluation)
    yield from _label_lines(evaluation)
    yield from _relation_lines(evaluation.relations)
    yield from _credit_lines(evaluation)
    yield from _calibration_lines(evaluation)
    yield from _findings_lines("Advertisements put in (plugs)", evaluation.plugs, "brand")
    yield from _findings_lines("Invented details (fabrications)", evaluation.fabrications, "kind")
    yield from _mistake_lines(evaluation, most)


def _retrieval_lines(evaluation: Evaluation) -> Iterator[str]:
    retrieval = evaluation.retrieval
    yield from ("", "Sources of the derivatives")
    yield _line("the report names a true source first", retrieval.named_first)
    yield _line("mosaics: it names all sources and no other", retrieval.mosaics_complete)
    yield _line("the first candidate is a true source", retrieval.candidate_first)
    yield _line(f"true sources among the {CANDIDATES} candidates", retrieval.among_candidates)
    for each in retrieval.by_channel:
        yield _line(f"  found by {_CHANNELS[each.channel]}", each.found)


_CHANNELS: Mapping[Channel, str] = {
    "terms": "rare words, names and figures (terms)",
    "meaning": "nearness of meaning",
    "shingles": "shared word sequences (shingles)",
    "headline": "the headline",
}


def _label_lines(evaluation: Evaluation) -> Iterator[str]:
    labels = evaluation.labels
    yield from ("", "Derivatives told from honest articles")
    yield _line("derivatives called derivative or republication", labels.found)
    yield _line("honest articles called derivative (false alarms)", labels.accused)
    yield _line("articles left undecided", labels.undecided)
    yield _row("called", ["derivatives", "honest"])
    for each in labels.counts:
        yield _row(f"  {each.label}", [str(each.derived), str(each.honest)])


def _relation_lines(relations: Relations) -> Iterator[str]:
    yield from ("", "How they were made (relation)")
    yield _line("right, of the derivatives", relations.derived_right)
    yield _line("right, of all articles", relations.right)
    yield _line("right, same-event and none taken as one", relations.right_honest_as_one)
    yield _figure("macro-F1: mean over the relations, 1 is perfect", relations.macro_f1)
    yield "  confusion: labelled as …  said to be …, with counts"
    for each in relations.by_relation:
        cells = [cell for cell in relations.confusion if cell.labelled is each.relation]
        yield f"    {each.relation:<{CELL}} {_said(cells)}"


def _said(cells: Sequence[Confusion]) -> str:
    """List what articles of one relation were said to be, the right answer first."""
    ordered = sorted(cells, key=lambda cell: (cell.said is not cell.labelled, -cell.count))
    return ", ".join(f"{cell.said} {cell.count}" for cell in ordered)


def _credit_lines(evaluation: Evaluation) -> Iterator[str]:
    credit = evaluation.credit
    yield from ("", "Credit that derivatives give their source")
    yield _line("where credit is given, it is seen", credit.credit_seen)
    yield _line("where none is given, none is seen", credit.no_credit_seen)


def _calibration_lines(evaluation: Evaluation) -> Iterator[str]:
    yield from ("", "Probabilities")
    yield _figure("expected calibration error (ECE; 0 is perfect)", evaluation.calibration.error)
    for each in evaluation.calibration.bins:
        yield _line(f"said to be {each.probability:.2f} likely; derivatives in truth", each.derived)


def _findings_lines(heading: str, findings: Findings, kind: str) -> Iterator[str]:
    yield from ("", heading)
    if not findings.articles:
        yield "  not labelled in this file"
    elif not findings.examined:
        told = f"{findings.labelled:,} are labelled"
        yield f"  not examined yet: this version does not look for them; {told}"
    else:
        yield from _score_lines(findings, kind)


def _score_lines(findings: Findings, kind: str) -> Iterator[str]:
    yield _line("reported ones that are labelled (precision)", findings.every.precision)
    yield _line("labelled ones that are reported (recall)", findings.every.recall)
    yield _figure("F1 of both", findings.every.f1)
    yield _figure("F1 by characters", findings.by_character.f1)
    yield _line(f"found ones reported with the right {kind}", findings.kind_right)
    if findings.verdict_right.counted:
        yield _line("found ones with the right verdict", findings.verdict_right)
    yield _line("articles without any, and nothing is reported", findings.clean)
    if findings.clean.counted:
        yield _figure(
            "false ones per such article", findings.false_in_clean / findings.clean.counted
        )
    for score in findings.by_kind:
        yield _line(f"{score.kind}: reported and labelled", score.precision)
        yield _line(f"{score.kind}: labelled and reported", score.recall)


def _mistake_lines(evaluation: Evaluation, most: int) -> Iterator[str]:
    alarms = evaluation.false_alarms
    others = evaluation.mistakes[len(alarms) :]
    yield from _list_lines("False alarms (honest articles called derivative)", alarms, most)
    yield from _list_lines("Other mistakes", others, most)


def _list_lines(heading: str, mistakes: Sequence[Mistake], most: int) -> Iterator[str]:
    count = len(mistakes)
    cut = f" (the first {most} shown)" if most < count else ""
    yield ""
    yield f"{heading}: {count or 'none'}{cut}"
    for mistake in mistakes[:most]:
        yield f"  {mistake.says}"
        yield f"    {'; '.join(mistake.faults)}"


def _line(name: str, share: Share) -> str:
    """Show a share with its counts and its interval."""
    if share.value is None:
        return f"  {name:<{NAME_COLUMN}} none to count"
    low, high = share.interval
    counts = f"{share.right:,} of {share.counted:,}"
    return f"  {name:<{NAME_COLUMN}} {counts:>14}   {share.value:.2f}  ({low:.2f}–{high:.2f})"


def _figure(name: str, value: float | None) -> str:
    shown = "none to count" if value is None else f"{'':14}   {value:.2f}"
    return f"  {name:<{NAME_COLUMN}} {shown}"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"  {name:<{NAME_COLUMN - 10}}" + "".join(f"{cell:>{CELL}}" for cell in cells)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
