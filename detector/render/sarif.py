"""A report as SARIF 2.1.0, for tools that show findings at their place in a file.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020. Places are
``charOffset`` and ``charLength`` (3.30.9, 3.30.10) into the text that the artifact carries; they
count characters, not UTF-16 units (``columnKind`` is ``unicodeCodePoints``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from urllib.parse import quote

from detector.render.page import CAUTION, part
from detector.report import JSON
from detector.version import __version__

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# What can be found: the rule's id, its name, and what it says.
RULES = {
    "derivative": ("Derivative", "The article was made from a source that is known."),
    "passage": ("ReusedPassage", "A stretch of the article has its counterpart in the source."),
    "fabrication": ("DetailNotInSource", "A detail that the named source does not have."),
    "plug": ("InsertedAdvertisement", "A promotion that does not belong to the story."),
}
_LEVELS = {"derivative": "warning", "passage": "note", "fabrication": "warning", "plug": "warning"}


def sarif(report: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return a report as a SARIF log.

    Args:
        report: as ``Report.to_dict(with_text=True)`` returns it; without texts the places
            stand alone.
    """
    article = part(report, "article")
    sources = [each for each in _list(report, "source_texts") if isinstance(each, dict)]
    artifacts = [_artifact(text) for text in (article, *sources)]
    numbers = {str(text.get("id")): n for n, text in enumerate((article, *sources))}
    results: list[JSON] = list(_results(report, numbers))
    rules: list[JSON] = [
        {
            "id": id,
            "name": name,
            "shortDescription": {"text": says},
            "fullDescription": {"text": f"{says} {CAUTION}"},
            "defaultConfiguration": {"level": _LEVELS[id]},
        }
        for id, (name, says) in RULES.items()
    ]
    run: dict[str, JSON] = {
        "tool": {"driver": {"name": "derivative-detector", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "artifacts": artifacts,
        "results": results,
        "properties": {"provenance": part(report, "provenance")},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _artifact(text: Mapping[str, JSON]) -> JSON:
    shown: dict[str, JSON] = {"location": _location(text), "sourceLanguage": "en"}
    content = text.get("text")
    if isinstance(content, str):
        encoded = content.encode("utf8", "replace")
        shown["contents"] = {"text": encoded.decode("utf8")}
        shown["length"] = len(encoded)
        shown["encoding"] = "UTF-8"
        shown["hashes"] = {"sha-256": sha256(encoded).hexdigest()}
    return shown


def _location(text: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return where a text is: its address, or else its id as a relative reference."""
    url = text.get("url")
    address = url if isinstance(url, str) else str(text.get("id"))
    return {"uri": quote(address, safe="/:?#[]@!$&'()*+,;=%" if url else "")}


def _results(report: Mapping[str, JSON], numbers: Mapping[str, int]) -> Iterator[JSON]:
    verdict, derivation = part(report, "verdict"), part(report, "derivation")
    if verdict.get("label") == "derivative":
        source = part(derivation, "source")
        named = source.get("title") or source.get("id")
        relation = derivation.get("relation")
        yield _result("derivative", f"{relation} of “{named}”", report, {"start": 0, "end": 0})
    for found in _list(report, "passages") or _list(report, "alignment"):
        if isinstance(found, dict):
            says = f"{found.get('kind')}, similarity {found.get('similarity')}"
            yield _result("passage", says, report, found, numbers)
    for found in _list(report, "fabrications"):
        if isinstance(found, dict):
            says = f"{found.get('kind')}, {found.get('verdict')}: {found.get('why')}"
            yield _result("fabrication", says, report, found, numbers)
    for found in _list(report, "plugs"):
        if isinstance(found, dict):
            yield _result("plug", f"{found.get('brand')}: {found.get('why')}", report, found)


def _result(
    rule: str,
    says: str,
    report: Mapping[str, JSON],
    found: Mapping[str, JSON],
    numbers: Mapping[str, int] | None = None,
) -> JSON:
    shown: dict[str, JSON] = {
        "ruleId": rule,
        "ruleIndex": list(RULES).index(rule),
        "level": _LEVELS[rule],
        "message": {"text": says},
        "locations": [_place(part(report, "article"), 0, found, "start", "end")],
    }
    number = (numbers or {}).get(str(found.get("source")))
    if number is not None and isinstance(found.get("source_start"), int):
        source = next(
            each
            for each in _list(report, "source_texts")
            if isinstance(each, dict) and str(each.get("id")) == str(found.get("source"))
        )
        there = _place(source, number, found, "source_start", "source_end")
        shown["relatedLocations"] = [{"id": 1, "message": {"text": "the source's words"}, **there}]
    probability = found.get("probability", part(report, "derivation").get("probability"))
    if isinstance(probability, int | float) and rule != "passage":
        shown["rank"] = round(100 * probability, 2)
    return shown


def _place(
    text: Mapping[str, JSON], number: int, found: Mapping[str, JSON], start: str, end: str
) -> dict[str, JSON]:
    first, last = found.get(start), found.get(end)
    physical: dict[str, JSON] = {"artifactLocation": {**_location(text), "index": number}}
    if isinstance(first, int) and isinstance(last, int):
        region: dict[str, JSON] = {"charOffset": first, "charLength": last - first}
        words = text.get("text")
        if isinstance(words, str) and last > first:
            region["snippet"] = {"text": words[first:last].encode("utf8", "replace").decode()}
        physical["region"] = region
    return {"physicalLocation": physical}


def _list(report: Mapping[str, JSON], name: str) -> list[JSON]:
    found = report.get(name)
    return found if isinstance(found, list) else []
