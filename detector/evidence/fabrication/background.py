"""What needs no source: what every reader knows, and names in other words than the source's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detector.evidence.fabrication.case import NAMES, Case, Told
from detector.facts import Fact
from detector.facts.gazetteer import LONGEST_PLACE, Place
from detector.facts.lexicon import COMPASS, CONNECTORS

# Capitals that news writing puts for a government, unless a word says that something is in it.
_CAPITALS = frozenset(
    "abuja accra algiers amman amsterdam ankara athens baghdad bangkok beijing beirut belgrade "
    "berlin bern bogota brasilia brussels bucharest budapest cairo canberra caracas copenhagen "
    "damascus delhi dhaka dublin hanoi harare havana helsinki islamabad jakarta jerusalem kabul "
    "khartoum kiev kyiv lima lisbon london madrid manila minsk moscow nairobi oslo ottawa paris "
    "prague pretoria quito riga riyadh rome santiago seoul singapore sofia stockholm taipei "
    "tallinn tehran tokyo tripoli tunis vienna vilnius warsaw washington wellington zagreb".split()
) | {"the hague"}
# Thousands who live in a town; smaller ones share their names with colleges and families.
SMALL_TOWN = 50
# "the Harbour Initiative" is the same effort as the source's "Harbour investments".
_EFFORTS = frozenset(
    "Initiative Project Programme Program Plan Scheme Forum Agreement Act Bill Deal Treaty Index "
    "Strategy Summit Conference Report Study Survey Campaign Award Prize Cup".split()
)
# A body of state is known where the source has one of its words.
_BODIES = (
    frozenset(
        "congress,house of representatives,senate,house,capitol,capitol hill,congressional,"
        "congressman,congresswoman,senator,senators,lawmaker,lawmakers".split(",")
    ),
    frozenset(
        "parliament,house of commons,commons,house of lords,lords,westminster,mp,mps,"
        "parliamentary,lawmaker,lawmakers".split(",")
    ),
    frozenset("white house,president,administration,oval office".split(",")),
    frozenset("eu,european union,european commission,european parliament,brussels".split(",")),
    frozenset("un,u.n,united nations,security council,general assembly".split(",")),
    frozenset(
        "pentagon,defense department,department of defense,defense secretary,military".split(",")
    ),
    frozenset("fed,federal reserve,us central bank,u.s. central bank".split(",")),
    frozenset("states,united states,u.s,america,american,americans".split(",")),
    frozenset("district of columbia,washington d.c,washington dc,dc,d.c".split(",")),
)
# What belongs to a body: a source that has one of these has it; the other way round it does not.
_BELONGING = (
    (
        frozenset("catholic church,roman catholic church".split(",")),
        frozenset("catholic,catholics,pope,vatican,archdiocese".split(",")),
    ),
    (
        frozenset("un,u.n,united nations".split(",")),
        frozenset(
            "world food programme,world food program,wfp,world health organization,"
            "world health organisation,unicef,unhcr,unesco,undp,unrwa,iaea,refugee agency,"
            "food and agriculture organization,food and agriculture organisation".split(",")
        ),
    ),
)
# Days, measures and ages that are written with a capital, and name nobody.
_CALENDAR_AND_MEASURES = frozenset(
    "celsius,fahrenheit,kelvin,richter,halloween,christmas,christmas eve,christmas day,boxing day,"
    "easter,good friday,new year,new year's eve,new year's day,thanksgiving,ramadan,eid,diwali,"
    "hanukkah,passover,lent,valentine's day,mother's day,father's day,cold war,world war,"
    "world war i,world war ii,world war one,world war two,first world war,second world war,"
    "great war,great depression,middle ages,renaissance,enlightenment,industrial revolution,"
    "stone age,bronze age,iron age,ice age".split(",")
)
LONGEST_PREPOSITION = 12
# "(BRI)" stands behind a name of at most so many characters.
LONGEST_NAME, FEWEST_LETTERS = 80, 2
# "the Joneses"; and the ends of what is of a region: "Tyrolean".
_HISSING_PLURAL = re.compile(r"(?:s|x|z|ch|sh)es$")
_REGIONAL_ENDINGS = ("ian", "ean", "an", "ese", "ish")
SHORTEST_REGION = 4
_POSSESSIVES = ("'s", "’s")
_LOCATIVE = frozenset("in near at outside around to from inside across of reach through".split())


def is_named_otherwise(case: Case, fact: Fact) -> bool:
    """Tell whether a source has a name but for its plural, its nation, or "of" what it is."""
    name, whole = fact.text, case.has_words
    if name.casefold().replace("’", "'") in _CALENDAR_AND_MEASURES:
        return True
    if whole(name) or (name.endswith("s") and whole(name[:-1])):
        return True
    if _HISSING_PLURAL.search(name) and whole(name[:-2]):
        return True
    if _is_of_region(case, name) or _is_two_initials(case, name) or _is_initials(case, name):
        return True
    before, _, last = name.rpartition(" ")
    if before and last in _EFFORTS and whole(before):
        return True
    if _is_of_someone_known(case, fact):
        return True
    first, _, place = name.partition(" of ")
    if place and " " in first and whole(first):
        return True
    return _is_of_its_nation(case, name) or _is_body_of_state(case, name)


def is_explained(text: str, start: int, end: int) -> bool:
    """Tell whether a name abbreviates the one before it: "the Belt and Road Initiative (BRI)"."""
    letters = [char for char in text[start:end] if char.isupper()]
    before = text[max(0, start - LONGEST_NAME) : start]
    if len(letters) < FEWEST_LETTERS or not before.endswith("("):
        return False
    words = re.findall(r"[^\W\d_]+", before)[-2 * len(letters) :]
    initials = [word[0] for word in words if word[0].isupper()]
    return initials[-len(letters) :] == letters


def _is_of_region(case: Case, name: str) -> bool:
    """Tell "Tyrolean" where a source names Tyrol."""
    stems = {
        name.removesuffix(end).casefold() + vowel
        for end in _REGIONAL_ENDINGS
        if name.endswith(end) and len(name) - len(end) >= SHORTEST_REGION
        for vowel in ("", "a")
    }
    return bool(stems) and any(
        known.fact.kind != "person" and known.fact.value in stems for known in case.known_of(NAMES)
    )


def _is_two_initials(case: Case, name: str) -> bool:
    """Tell two letters that abbreviate the one body of a source that they may: "AU"."""
    if len(name) != FEWEST_LETTERS or not name.isupper():
        return False
    bodies = {
        known.fact.value
        for known in case.known_of(("org", "name"))
        if [word[0] for word in known.fact.value.split()] == list(name.casefold())
    }
    return len(bodies) == 1


def _is_initials(case: Case, name: str) -> bool:
    """Tell the initials of words side by side, small ones aside, which may be read as two names."""
    if len(name) <= FEWEST_LETTERS or not (name.isupper() and name.isalpha()):
        return False
    texts = (source.article.text.split() for source in case.sources)
    return any(
        name in "".join(word[0] for word in words if word.casefold() not in CONNECTORS)
        for words in texts
    )


def _is_of_someone_known(case: Case, fact: Fact) -> bool:
    """Tell "Dog-lover Ann Lee", but no "Northern Bank of Trade" by "the Bank of Trade"."""
    rest = fact.value.partition(" ")[2]
    return " " in rest and any(
        known.fact.value == rest
        or (known.fact.kind == "person" and known.fact.value.endswith(f" {rest}"))
        for known in case.known_of(NAMES)
    )


def _is_of_its_nation(case: Case, name: str) -> bool:
    """Tell "the U.S. Constitution" where the source, on that country, says "the Constitution"."""
    nation, _, rest = name.partition(" ")
    place = _place(nation.replace(".", "")) if rest else None
    if place is None or place.level != "country" or not case.has_words(rest):
        return False
    return any(
        p.within == place.within or p.within.startswith(f"{place.within}.") for p in _places(case)
    )


def _is_body_of_state(case: Case, name: str) -> bool:
    own = name.casefold().rstrip(".")
    return any(own in bodies and any(map(case.has_words, bodies)) for bodies in _BODIES) or any(
        own in names and any(map(case.has_words, belonging)) for names, belonging in _BELONGING
    )


def is_government(case: Case, told: Told) -> bool:
    """Tell whether a large city stands for a country that is known: "Moscow denies"."""
    place = _place(told.fact.value.title())
    if place is None or told.fact.value.removeprefix("new ") not in _CAPITALS:
        return False
    text, start = case.article.article.text, told.fact.start
    is_owner = text.startswith(_POSSESSIVES, told.fact.end)
    before = text[max(0, start - LONGEST_PREPOSITION) : start].removesuffix("The ").split()
    if before and before[-1].casefold() in _LOCATIVE and not is_owner:
        return False
    country = place.within.partition(".")[0]
    return any(p.level == "country" and p.within == country for p in _places(case))


def is_within(place: Fact, case: Case) -> bool:
    """Tell whether a country or region holds a place that is known: every reader knows that."""
    outer = _place(place.value.title())
    if outer is None or outer.level in {"city", "wider"}:
        return False
    return any(
        p.within == outer.within or p.within.startswith(f"{outer.within}.") for p in _places(case)
    )


def part_of(name: str) -> tuple[str, str]:
    """Return the country of a place, by its normal form, and its level; twice "" if unknown."""
    place = _place(name.title())
    return (place.within.partition(".")[0], place.level) if place else ("", "")


def is_wide(place: Fact) -> bool:
    """Tell whether a place is a continent, a sea, or a part of the world."""
    first, _, rest = place.text.partition(" ")
    whole = rest if first.casefold() in COMPASS else place.value.title()
    known = _place(place.text) or _place(whole)
    return known is not None and known.level == "wider"


def _places(case: Case) -> Sequence[Place]:
    """Return what is known of the names of the sources that are places."""
    names = {known.fact.value for known in case.known_of(NAMES)}
    inside = {part for name in names for part in _parts(name)} - names
    found = [_place(name.title()) for name in sorted(names)]
    # Belmont University need not be in Belmont
    found += [p for p in map(_place, map(str.title, sorted(inside))) if p and _is_known_well(p)]
    return [place for place in found if place]


def _parts(name: str) -> Iterator[str]:
    """Yield the words inside a name, and the stretches of them that may be a place."""
    words = name.split()
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_PLACE, len(words)) + 1):
            yield " ".join(words[start:end])


def _is_known_well(place: Place) -> bool:
    return place.level != "city" or place.thousands >= SMALL_TOWN


def _place(name: str) -> Place | None:
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    return GAZETTEER.places.get(name)
