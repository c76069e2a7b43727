"""Template prose: the connecting phrases that writing programs strew over any subject."""

from __future__ import annotations

import re

from detector.article import Article, Span
from detector.evidence.style.residue import lowered

# Turns of phrase that say nothing of the subject. Each is common English by itself; several in one
# short text are not.
_STOCK = re.compile(
    r"\bit(?:['’]s| is) (?:important|worth|crucial|essential|vital) (?:to (?:note|remember"
    r"|recogni[sz]e"
    r"|understand|acknowledge|consider)|noting|mentioning|remembering)\b"
    r"|\b(?:serves?|stands?|served|stood|serving|standing) as an? (?:\w{1,15} )?(?:reminder"
    r"|testament"
    r"|beacon|wake-up call|cautionary tale)\b"
    r"|\ba testament to\b|\bin today['’]s (?:\w{1,15}[- ]){0,2}(?:world|age|landscape|society"
    r"|era)\b"
    r"|\bin (?:an|the) (?:era|age|world) (?:where|of ever)\b|\bever-(?:evolving|changing)\b"
    r"|\b(?:plays?|played|playing) an? (?:crucial|pivotal|vital|key|significant) role\b"
    r"|\b(?:rapidly )?(?:evolving|shifting|complex) landscape\b|\brich tapestry\b"
    r"|\b(?:navigat|delv|div)(?:e|es|ing) (?:the complexities|the intricacies|deeper into)\b"
    r"|\bonly time will tell\b|\bremains to be seen\b|\bas the (?:situation|story"
    r"|world) (?:continues"
    r"|unfolds|evolves|develops)\b|\bunderscor(?:es?|ing) the (?:importance|need|urgency"
    r"|significance"
    r"|complexit\w{1,4})\b|\bhighlight(?:s|ing) the (?:importance|need|significance"
    r"|complexit\w{1,4})\b"
    r"|\b(?:in conclusion|in summary|overall|ultimately|furthermore|moreover|additionally),"
    r"|\bon the other hand,|\bnot only\b[^.\n]{3,80}\bbut also\b"
    r"|\b(?:raises?|raising|raised) (?:important |serious )?(?:questions|concerns) about\b"
    r"|\b(?:sparked|sparking|ignited) (?:a )?(?:widespread |heated |renewed )?(?:debate|outrage"
    r"|conversation|discussions?)\b|\bwhether you(?:['’]re| are) an?\b",
    re.I,
)
_LINE = re.compile(r"[^\n]+")


# Every phrase has one of these; most texts have none, and are searched for them much faster.
_CUES = (
    "s important |s worth |s crucial |s essential |s vital |reminder|testament|beacon|wake-up call"
    "|cautionary tale|in today|era where|age where|world where|era of ever|age of ever"
    "|world of ever|ever-evolving|ever-changing| role|landscape|rich tapestry|complexities"
    "|intricacies|deeper into|only time will|to be seen|as the situation|as the story"
    "|as the world|underscor|highlight|in conclusion,|in summary,|overall,|ultimately,"
    "|furthermore,|moreover,|additionally,|on the other hand,|but also|questions about"
    "|concerns about|sparked|sparking|ignited|whether you"
).split("|")


def stock_phrases(article: Article) -> tuple[Span, ...]:
    """Return where an article's stock phrases stand, in order; none goes over a line's end."""
    text, small = article.text, lowered(article.text)
    cues = [cue for cue in _CUES if cue in small]
    return tuple(
        Span(*found.span())
        for line in (_LINE.finditer(small) if cues else ())
        if any(cue in line[0] for cue in cues)
        for found in _STOCK.finditer(text, *line.span())
    )
