"""Who may be promoted in a sentence: names and web addresses, and where else they occur."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from detector.article import WORD, Article, Sentence, host
from detector.facts import Fact, datelines, names
from detector.facts.lexicon import FUNCTION_WORDS

# What ends a web address that names a company or product. ".example" is reserved for texts like
# ours (RFC 2606); addresses of governments, schools and armies promote nothing for sale.
_ENDINGS = (
    "com net org info biz co io ai app dev shop store online site tech world news live club blog "
    "tv me us uk eu de fr es it nl be ch at se no dk fi pl ie in ca au nz za jp cn br mx ru "
    "example test"
)
_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
# Bounded everywhere, so that a long run of dots and letters takes linear time.
_ADDRESS = re.compile(
    rf"(?<![\w@./-])(?:https?://)?(?:www\.)?({_LABEL}(?:\.{_LABEL}){{0,3}}"
    rf"\.(?:{'|'.join(_ENDINGS.split())}))(?![\w@-]|\.\w)(?:/[^\s<>\"”)]{{0,200}})?",
    re.I,
)
# Every address has a dot with a letter behind it, which is looked for in a tenth of the time.
_DOTTED = re.compile(r"\.[a-z]", re.I)
# Names that say who acts in a story as well as who is promoted; places are promoted by no one here.
_NAMED = frozenset({"org", "name", "person", "place"})
# A voucher's code is no one's name.
_CODE = re.compile(r"\bcode (?:word )?[A-Z0-9]{3,}\b")
# "GP", "TV": shorter names are mostly abbreviations.
SHORTEST_NAME = 3
# At the start of a sentence or clause a capital says little; a word that is no common one and no
# name of a person or place is taken for a brand all the same.
_AT_START = re.compile(
    r"[A-Z](?:(?<=[:;.!?–—,] [A-Z])|(?<=^[A-Z])|(?<=^[\"“'‘(][A-Z]))[\w'’/&-]{3,40}"
)
# Capitals inside a sentence, with what joins them: "Harrow-Lindt", "Delia's Pantry".
_CAPITALS = re.compile(
    r"(?<=[\w,;:] )[A-Z][\w&-]{2,40}(?:['’]s)?(?: [A-Z][\w&-]{1,40}(?:['’]s)?){0,4}"
)
# "TOWN (Outlet) --": where and who reports, not who is promoted.
_SLUG = re.compile(r"(?:^.{0,40})?\([^()]{1,40}\)\s{0,3}(?:--|[-–—])")


@dataclass(frozen=True, slots=True)
class Brand:
    """A name or web address in one sentence.

    Attributes:
        name: as it stands in the text; of an address, the address.
        domain: the address without path, or None.
        start: its place in the article's text.
        elsewhere: how often it occurs outside this sentence and its neighbours.
        is_doubtful: it looks like a person's or a place's name, or only starts a clause.
        is_paid: the page links it and declares the link paid for.
    """

    name: str
    domain: str | None
    start: int
    elsewhere: int
    is_doubtful: bool = False
    is_paid: bool = False


def addresses(text: str) -> Iterator[re.Match[str]]:
    """Yield the web addresses in a text; group 1 is the host."""
    if _DOTTED.search(text):
        yield from _ADDRESS.finditer(text)


def find_brands(
    article: Article, sentences: Sequence[Sentence], facts: Sequence[Fact] | None = None
) -> list[tuple[Brand, ...]]:
    """Return what may be promoted in each sentence.

    Args:
        article: the article.
        sentences: its sentences, in order.
        facts: its names, where they are known already.
    """
    census = _Census.of(article, sentences)
    facts = [f for f in (names(article) if facts is None else facts) if f.kind in _NAMED]
    opened = [fact.start for fact in datelines(article)]
    found: list[tuple[Brand, ...]] = []
    at = 0
    for number, sentence in enumerate(sentences):
        while at < len(facts) and facts[at].start < sentence.start:
            at += 1
        own = []
        while at < len(facts) and facts[at].start < sentence.end:
            own.append(facts[at])
            at += 1
        every = chain(
            _linked(article, sentence, number, census),
            () if _opens(sentence, opened) else _named(sentence, number, own, census),
            _addressed(article, sentence, number, census),
        )
        found.append(tuple(every))
    return found


def capitalised(sentences: Sequence[Sentence]) -> list[tuple[Brand, ...]]:
    """Return what is written with capitals inside each sentence, whatever the lists say of it.

    In a story that would be everyone; an answer that advises names few, and is read by its wording.
    """
    return [
        tuple(
            Brand(_bare(found[0]), None, sentence.start + found.start(), 0, is_doubtful=True)
            for found in _CAPITALS.finditer(sentence.text)
        )
        for sentence in sentences
    ]


def named_in_answer(
    sentences: Sequence[Sentence], known: Sequence[tuple[Brand, ...]]
) -> tuple[tuple[Brand, ...], ...]:
    """Return who may be promoted in each sentence of an answer.

    Where no list knows a name it is who has capitals; where nobody has, who was named last before,
    else first behind: "It offers a seamless blend" praises who the answer speaks of.

    Args:
        sentences: of the answer.
        known: what ``find_brands`` found in each.
    """
    own = [brands or others for brands, others in zip(known, capitalised(sentences), strict=True)]
    last: tuple[Brand, ...] = next((_meant(brands) for brands in own if brands), ())
    named = []
    for brands in own:
        last = _meant(brands) or last
        named.append(brands or last)
    return tuple(named)


def _meant(brands: Sequence[Brand]) -> tuple[Brand, ...]:
    """Return who a sentence beside may mean without naming them."""
    if not brands:
        return ()
    meant = chosen_brand(brands)
    return (replace(meant, domain=None, elsewhere=1, is_doubtful=True, is_paid=False),)


def _bare(name: str) -> str:
    return name.removesuffix("'s").removesuffix("’s")


def _opens(sentence: Sentence, datelines: Sequence[int]) -> bool:
    """Tell whether a sentence has a dateline: it opens a story, and is nobody's advertisement."""
    return any(sentence.start <= start < sentence.end for start in datelines)


def chosen_brand(brands: Sequence[Brand]) -> Brand:
    """Return who is promoted: a link paid for, else the least known name, else the address."""
    domains = {brand.domain.partition(".")[0] for brand in brands if brand.domain}

    def preference(brand: Brand) -> tuple[bool | int, ...]:
        is_owner = "".join(_words(brand.name)) in domains
        known = min(brand.elsewhere, 1)
        return (
            not brand.is_paid,
            not is_owner,
            known,
            brand.domain is not None,
            brand.is_doubtful,
            brand.start,
        )

    return min(brands, key=preference)


@dataclass(frozen=True, slots=True)
class _Census:
    """How often each word occurs in an article, and the words of each sentence."""

    everywhere: Counter[str]
    sentences: tuple[list[str], ...]

    @classmethod
    def of(cls, article: Article, sentences: Sequence[Sentence]) -> _Census:
        words = tuple([_words(sentence.text) for sentence in sentences])
        return cls(Counter(chain(_words(article.title or ""), *words)), words)

    def elsewhere(self, words: Sequence[str], number: int) -> int:
        """Count a name outside a sentence and its neighbours, by its rarest word."""
        near = self.sentences[max(0, number - 1) : number + 2]
        return min(
            (self.everywhere[w] - sum(each.count(w) for each in near) for w in words), default=0
        )


def _words(text: str) -> list[str]:
    """Return the words of a text, casefolded, without the ending of a possessive."""
    words = " ".join([*WORD.findall(text), ""])  # casefolding takes as long for one as for all
    return words.casefold().replace("’", "'").replace("'s ", " ").split()


def _named(
    sentence: Sentence, number: int, facts: Sequence[Fact], census: _Census
) -> Iterator[Brand]:
    """Yield the names of a sentence, and words that start a clause and are probably names."""
    closed = [found.span() for found in _no_names(sentence.text)]
    for fact in facts:
        place = fact.start - sentence.start
        closed.append((place, place + len(fact.text)))
        if _may_be_promoted(fact) and not any(a <= place < b for a, b in closed[:-1]):
            elsewhere = census.elsewhere(_words(fact.text), number)
            doubtful = fact.kind in {"person", "place"}
            yield Brand(fact.text, None, fact.start, elsewhere, doubtful)
    for word in _AT_START.finditer(sentence.text):
        if not any(a <= word.start() < b for a, b in closed) and _is_unknown(word[0]):
            elsewhere = census.elsewhere(_words(word[0]), number)
            yield Brand(word[0], None, sentence.start + word.start(), elsewhere, True)


def _no_names(text: str) -> Iterator[re.Match[str]]:
    """Yield the vouchers' codes, agencies' slugs and web addresses of a sentence."""
    if "code " in text:
        yield from _CODE.finditer(text)
    if "(" in text:
        yield from _SLUG.finditer(text)
    yield from addresses(text)


def _may_be_promoted(fact: Fact) -> bool:
    """Tell whether a name is no abbreviation and no known place."""
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    if fact.kind == "place":
        return " " in fact.text and fact.text not in GAZETTEER.places
    return len(fact.text) >= SHORTEST_NAME


def _is_unknown(word: str) -> bool:
    """Tell whether no list has a word: neither as a common one nor as anyone's name."""
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    plain = word.casefold().replace("’", "'").removesuffix("'s")
    lists = (GAZETTEER.common, GAZETTEER.given, GAZETTEER.surnames, FUNCTION_WORDS)
    parts = [part for part in re.split(r"[-'/&]", plain) if part]
    stems = [part.removesuffix(ending) for part in parts for ending in ("", "s", "ed", "ing", "ly")]
    known = any(stem in each for stem in (plain, *stems) for each in lists)
    return not known and word not in GAZETTEER.places


def _addressed(
    article: Article, sentence: Sentence, number: int, census: _Census
) -> Iterator[Brand]:
    own = article.site or (host(article.url) if article.url else None)
    for found in addresses(sentence.text):
        domain = found[1].lower()
        if own is None or not (domain == own or own.endswith("." + domain)):
            elsewhere = census.elsewhere(_words(found[1]), number)
            yield Brand(found[1], domain, sentence.start + found.start(1), elsewhere)


def _linked(article: Article, sentence: Sentence, number: int, census: _Census) -> Iterator[Brand]:
    for link in article.rights.paid_links:
        place = sentence.text.find(link.text)
        if place >= 0:
            elsewhere = census.elsewhere(_words(link.text), number)
            start = sentence.start + place
            yield Brand(link.text, link.host, start, elsewhere, is_paid=True)
