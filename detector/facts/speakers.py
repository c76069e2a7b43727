"""Who is said to have said a quotation: "said the minister", "she told reporters"."""

from __future__ import annotations

import re

from detector.article import Span
from detector.facts.fact import Speaker

# An attribution lies this near to its quotation; longer ones are sentences of their own.
REACH = 200
# "Smith, the mayor of the town for twenty years, said".
LONGEST_APPOSITION = 90
_CUES = (
    "said says say saying told tells tell telling added adds adding asked asks asking wrote writes "
    "writing explained explains explaining argued argues arguing noted notes noting claimed claims "
    "claiming warned warns warning insisted insists insisting continued continues recalled recalls "
    "replied replies answered admitted admits announced announces declared declares stated states "
    "observed observes remarked remarks concluded concludes suggested suggests joked jokes quipped "
    "quips tweeted tweets posted posts complained complains predicted predicts boasted boasts "
    "shouted shouts testified testifies commented comments cautioned cautions stressed stresses "
    "emphasised emphasized emphasises emphasizes acknowledged acknowledges confirmed confirms "
    "denied denies urged urges called calls described describes responded responds conceded "
    "concedes clarified clarifies asserted asserts alleged alleges contended contends maintained "
    "maintains reported reports promised promises vowed vows agreed agrees reads read quoted"
).split()
_CUE = rf"(?P<cue>{'|'.join(_CUES)}|pointed out|points out|went on|goes on)\b"
_HELPERS = (
    r"(?:\s(?:also|later|then|once|has|had|have|recently|would|previously|first|again|[a-z]+ly))?"
)
_NAME_PART = (
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Prof|Gen|Lt|Col|Sgt|Rev|St|Jr)\."
    r"|[A-ZÀ-ÖØ-Þ][\w'’-]{0,40}\w|[A-Z]\."
)
_NAME = (
    rf"(?:{_NAME_PART})(?:\s(?:(?:of|the|de|da|van|von|der|al|bin|du|la)\s){{0,2}}(?:{_NAME_PART}))"
    r"{0,6}"
)
# Behind a comma "chief executive" and "ex-captain" before a name; no word that begins a clause.
_LEADS = (
    r"who|of|in|at|from|on|as|after|during|told|when|while|before|and|with|by|for|to|that|which|"
    r"was|is|were|are|had|has|but|because|although|though|since|if|where|so|yet|or|nor|until|once|"
    r"what|how|why|then|than|not|despite|about|into|over|against|between|like|yes|also"
)
_TITLED = (
    r"(?:(?<=[,?!][”\"’'»“]\s)|(?<=,\s))"
    rf"(?:(?!(?:{_LEADS})\b)[a-z][\w'’-]*\s){{1,4}}{_NAME}"
)
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|[Ww]ho)\b"
_THE = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ur|[Mm]y|[Ss]ome|[Tt]wo)"
)
_STOPS = (
    r"who|of|in|at|from|on|as|after|during|told|when|while|before|and|with|by|for|to|that|which|"
    r"was|is|were|are|had|has"
)
# "UBS analyst" and a name, "Apple's chief," and a name.
_OF_NAME = (
    rf"{_NAME}(?:\s(?!(?:{_STOPS})\b)[a-z-]+){{1,3}}\s{_NAME}"
    rf"|{_NAME}(?<=['’]s)(?:\s(?!(?:{_STOPS})\b)[a-z-]+){{1,4}},\s{_NAME}"
)
_DESCRIBED = rf"{_THE}(?:\s(?!(?:{_STOPS})\b)[\w'’-]+){{1,5}}?"
# "said the minister", until the description ends.
_CUE_FIRST = re.compile(
    rf",?\s?(?:[—–-]\s?)?{_CUE}\s(?P<speaker>{_PRONOUN}|{_DESCRIBED}(?=[,.;:!?\n—–]|\s(?:{_STOPS})\b|$)"
    rf"|{_OF_NAME}"
    rf"|(?:[a-z][\w'’-]*\s){{0,3}}?{_NAME})"
)
_SPEAKER_FIRST = re.compile(
    rf",?\s?(?:[—–-]\s?)?(?P<speaker>{_PRONOUN}|{_NAME}|{_OF_NAME}|{_DESCRIBED}|{_TITLED})"
    rf"(?:,\s[^,.“”\"\n]{{1,{LONGEST_APPOSITION}}},)?{_HELPERS}\s{_CUE}"
)
_ACCORDING = re.compile(
    rf",?\s?(?P<cue>[Aa]ccording to)\s(?P<speaker>{_NAME}"
    rf"|{_DESCRIBED}(?=[,.;:\n]|\s(?:{_STOPS})\b|$))"
)
# Before a quotation: the last of these in its sentence.
_CUE_BEFORE = re.compile(rf"\b{_CUE}|\b(?P<according>[Aa]ccording to)\b")
_SUBJECT = re.compile(
    rf"(?:^|(?<=[\s(“\"]))(?P<speaker>{_PRONOUN}|{_NAME}|{_DESCRIBED})"
    rf"(?:,\s[^,.“”\"\n]{{1,{LONGEST_APPOSITION}}},)?{_HELPERS}\s$"
)
_OBJECT = re.compile(rf"\s(?P<speaker>{_NAME}|{_DESCRIBED}(?=[,.;:\n]|\s(?:{_STOPS})\b|$))")
_SENTENCE_END = re.compile(r"(?:[a-z0-9%)][.!?]|[.!?][”\"])\s+(?=[A-Z“\"])|\n")
_ENDS_SENTENCE = re.compile(r"\.[”\"’']?$")


def speaker_after(text: str, quote: Span) -> Speaker | None:
    """Read the speaker right behind a quotation: "…,” said Anna Vik"."""
    stop = _end_of_line(text, quote.end)
    is_over = _ENDS_SENTENCE.search(text, quote.start, quote.end) is not None
    for pattern in (_CUE_FIRST, _SPEAKER_FIRST, _ACCORDING):
        found = pattern.match(text, quote.end, stop)
        # behind a full stop a capital begins a sentence that may lead to the next quotation
        if found and not (is_over and found[0].lstrip(", —–-")[:1].isupper()):
            return _speaker(found)
    return None


def speaker_before(text: str, quote: Span, reached: int) -> Speaker | None:
    """Read the speaker in front of a quotation, in the same sentence: "Vik said it was “…”"."""
    start = max(reached, quote.start - REACH, 0)
    for end in _SENTENCE_END.finditer(text, start, quote.start + 1):
        start = end.end()
    cues = list(_CUE_BEFORE.finditer(text, start, quote.start))
    for cue in reversed(cues):
        if cue["according"]:
            found = _OBJECT.match(text, cue.end(), quote.start)
        else:
            found = _SUBJECT.search(text, start, cue.start())
        if found:
            a, b = found.span("speaker")
            return Speaker(a, b, text[a:b], cue[0])
    return None


def goes_on(text: str, last_end: int, speaker: Speaker, quote: Span) -> bool:
    """Tell whether a quotation goes on after its attribution: "“…,” she said. “…”"."""
    between = text[last_end : quote.start]
    if not between.strip():  # the next paragraph of the same speech
        return "\n" in between and text[last_end - 1] not in '”"'
    if speaker.start < last_end or len(between) > REACH or "\n" in between.rstrip():
        return False
    ends = [found.end() for found in _SENTENCE_END.finditer(text, last_end, quote.start + 1)]
    return all(end >= quote.start for end in ends)


def _speaker(found: re.Match[str]) -> Speaker:
    start, end = found.span("speaker")
    return Speaker(start, end, found["speaker"], found["cue"])


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start, start + REACH)
    return end if end >= 0 else min(len(text), start + REACH)
