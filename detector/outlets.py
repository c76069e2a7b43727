"""Outlets: which sites are one outlet, and which names mean it."""

from __future__ import annotations

import re

from detector.agencies import agency_named, agency_of_site

# What stands before a country's two letters without being anyone's own name: co.uk, com.au.
_SECOND_LEVEL = frozenset(
    "ac asn co com edu gen go gob gov gv ltd me mil ne net nic or org".split()
)
# Each site below one of these is somebody else's.
_SHARED_HOSTS = frozenset(
    "blogspot wordpress tumblr substack medium typepad livejournal weebly wixsite github gitlab "
    "ghost beehiiv hubpages over-blog netlify vercel pages web altervista".split()
)
# Words that many papers of many countries are called by, with nothing else in the name.
_COMMON_LABELS = frozenset(
    "independent times thetimes guardian standard mirror sun thesun star thestar herald post news "
    "express observer telegraph chronicle tribune gazette journal nation thenation mail metro "
    "examiner republic local thelocal citizen monitor echo leader record today week".split()
)
_NOT_IN_LABELS = re.compile(r"[^a-z0-9]")
_SENTENCE_START = re.compile(
    r"^(?:As|In|For|At|By|On|When|But|And|While|After|Before|From|Via|Last|Then)\s+"
)
_OPENING = re.compile(rf"(?:{_SENTENCE_START.pattern})?(?:[Tt]he\s+)?")
# A capital inside a word starts another: HuffPost, BuzzFeed.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|\w")
# Shorter labels are matched with the whole name only, never with a part of a longer one.
SQUASHED_CHARACTERS = 4
# Words of outlets' names; without one, "Frank Trotter" would be the FT. They may also stand behind
# a name that is whole without them: Fox News, Bloomberg Television.
_OUTLET_WORDS = frozenset(
    "agency broadcasting business channel chronicle corporation courier daily day dispatch echo "
    "examiner express financial gazette globe guardian herald independent inquirer insider journal "
    "mail magazine mercury mirror money monitor morning network news newspaper observer online "
    "political post press radio record register report reporter review service standard star "
    "street sun sunday telegraph television times today tribune tv weekly wire world".split()
)
_AFTER_NAMES = _OUTLET_WORDS | frozenset(
    "monday tuesday wednesday thursday friday saturday".split()
)
_POSSESSIVE = re.compile(r"['’]s?(?= |$)")
# "Hill" may be a person where "The Hill" is a paper; a longer name means the paper either way.
DISTINCT_CHARACTERS = 7
_COMMON_TAIL = re.compile(r"(?:news|online|media|daily)$")
# A name as it is written; a bounded number of bounded words, so that searching takes linear time.
_NAME_WORD = r"[A-Z][\w&'’.-]{0,30}(?<![.'’-])"
OUTLET_NAME = rf"{_NAME_WORD}(?:[ ](?:(?:of|the|and|for|&)[ ])?{_NAME_WORD}){{0,5}}"
OUTLET_HOST = r"(?:www\.)?[a-z0-9][a-z0-9-]{1,40}(?:\.[a-z0-9-]{2,30}){1,3}"
# A name of more words than this is no outlet's.
MOST_WORDS = 8


def registered_domain(site: str) -> str:
    """Return the part of a host name that somebody registered: ``bbc.co.uk``."""
    labels = site.lower().rstrip(".").split(".")
    return ".".join(labels[-_registered_labels(labels) :])


def outlet_label(site: str | None) -> str:
    """Return the one word that names a site: ``bbc`` for ``www.bbc.co.uk``, else nothing."""
    return _NOT_IN_LABELS.sub("", registered_domain(site).split(".")[0]) if site else ""


def same_outlet(one: str | None, other: str | None) -> bool:
    """Tell whether two sites are one outlet's: parts of one domain, or one name in two countries.

    A label that many papers share (``independent``, ``times``) proves nothing across domains.
    """
    if not one or not other:
        return False
    if registered_domain(one) == registered_domain(other):
        return True
    label = outlet_label(one)
    agency = agency_of_site(one)
    if agency and agency == agency_of_site(other):
        return True
    return label == outlet_label(other) and label not in _COMMON_LABELS


def names_site(name: str, site: str | None) -> bool:
    """Tell whether a name means the outlet of a site.

    ``The Economist``, ``Fox News``, ``FT`` and ``Los Angeles Times`` mean ``economist.com``,
    ``fox.example``, ``ft.com`` and ``latimes.com``; so does a site's address.

    Args:
        name: as it is written, with capitals.
        site: a host name, or a label of one.
    """
    if not site:
        return False
    agency = agency_named(name)
    if agency and agency == agency_of_site(site):
        return True
    if "." in name and " " not in name:
        return registered_domain(name.removeprefix("www.")) == registered_domain(site)
    bare = _SENTENCE_START.sub("", name, count=1)
    written = {bare, bare.replace("&", " and ")}  # "Ledger & Trade" is ledgerandtrade.com
    parts = [part for each in sorted(written) for part in _POSSESSIVE.split(each)]
    named = [_WORD.findall(part)[:MOST_WORDS] for part in parts]
    return any(_means(words, label) for label in _labels(site) for words in named)


def opening(name: str) -> str:
    """Return what stands before a name only because a sentence begins: ``As the ``."""
    found = _OPENING.match(name)
    return found[0] if found else ""


def _registered_labels(labels: list[str]) -> int:
    """Return how many of the last labels make up the registered domain."""
    is_country = len(labels) > 2 and len(labels[-1]) == 2
    suffix = 2 if is_country and labels[-2] in _SECOND_LEVEL else 1
    is_shared = len(labels) > suffix + 1 and labels[-suffix - 1] in _SHARED_HOSTS
    return suffix + 1 + is_shared


def _labels(site: str) -> list[str]:
    """Return what a site may be named after: its domain, or the paper that stands before it."""
    own = registered_domain(site)
    before = site.lower().removesuffix(own).strip(".").split(".")
    papers = [label for label in before if len(label) > SQUASHED_CHARACTERS + 2]
    return [label for label in (outlet_label(site), *map(_plain, papers)) if label]


def _plain(label: str) -> str:
    return _NOT_IN_LABELS.sub("", label)


def _means(words: list[str], label: str) -> bool:
    lowered = [word.lower() for word in words]
    if label in _COMMON_LABELS:  # "Fox News" is not news.example, and the Guardian not a guardian
        return lowered[:1] == ["the"] and "".join(lowered) in (label, f"the{label}")
    bare = lowered[1:] if lowered[:1] == ["the"] else lowered
    if _begins_words(bare, label):
        return True
    whole = "".join(bare)
    if len(label) < SQUASHED_CHARACTERS:
        return label == _COMMON_TAIL.sub("", whole) or label == whole
    untitled = label.removeprefix("the")
    known = {label, untitled} if len(untitled) >= DISTINCT_CHARACTERS else {label}
    return any(
        "".join(lowered[start:end]) in known
        for start in range(len(lowered))
        for end in range(start + 1, len(lowered) + 1)
        if _AFTER_NAMES.issuperset(lowered[end:])
    )


def _begins_words(words: list[str], label: str) -> bool:
    """Tell whether a label is made of the beginnings of all words: nyt, latimes, wapo.

    Every word but small ones (of, and) lends its first letter, its first two, or all of it.
    """
    reached = {0}
    for word in words:
        starts = (word[:1], word[:2], word)
        small = word in ("of", "and", "for")
        reached = {
            at + len(start) for at in reached for start in starts if label.startswith(start, at)
        } | (reached if small else set())
    return len(words) > 1 and len(label) in reached and not _OUTLET_WORDS.isdisjoint(words)
