"""Pages that show no article: walls of consent or payment, errors, checks for robots, lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from detector.article import WORD

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# All bounds below were set on 356 article pages of the Web Content Extraction Benchmark: one of
# them is refused, and it is a stub before a pay wall. Of 43,771 crawled texts the rules for text
# refuse 435, all stubs by the words they end with (models/README.md says which data these are).

# A page's notice of an error or a robot check has fewer words than any of those articles.
NOTICE_WORDS = 120
# What is shown before a pay wall: more, when the page itself says that it is not all.
STUB_WORDS = 150
LOCKED_STUB_WORDS = 600
LOCKED_WORDS = 250
# A pay wall asks for money where the text ends.
STUB_END = 400
CONSENT_WORDS = 400
MOSTLY = 0.5
# A list of stories: this many linked headlines, under 60 words of text for each, no paragraph of
# 60 words, and nowhere 120 words in paragraphs that stand together.
LISTED_HEADLINES = 10
HEADLINE_LINK_WORDS = 4
TEASER_WORDS = 60
BODY_WORDS = 120
# More pieces of writing than this in a page's own data are a list's entries.
MOST_OWN_ARTICLES = 3
# Text of a page that is looked at: a notice stands in far less.
MOST_VISIBLE = 20_000

_PAY = re.compile(
    r"(?:subscribe|sign[ -]?in|sign[ -]?up|log[ -]?in|register|upgrade|join)(?: now| today)? to "
    r"(?:continue|keep|read|unlock|view|access|see)\b|to (?:continue|keep) reading|"
    r"already (?:a|an) (?:paid |registered )?(?:subscriber|member)|already subscribed\?|"
    r"(?:exclusive to|only for|available (?:only )?to|reserved for|for) (?:our )?"
    r"(?:[\w+]{1,20} )?(?:subscribers|paying members)\b|subscribers? only|subscriber[- ]exclusive|"
    r"unlock (?:this|the (?:full|whole|rest of the)) (?:article|story|piece)|"
    r"read the (?:full|whole|rest of the) (?:article|story|piece),? (?:please )?"
    r"(?:subscribe|sign[ -]?in|log[ -]?in|register)|"
    r"you have (?:reached|read|used) (?:your|all|the)[\w ]{0,30} (?:free|limit)",
    re.I,
)
_COOKIE = re.compile(r"\bcookies?\b", re.I)
_CONSENT = re.compile(
    r"\bcookies?\b|\bconsent|personal data|privacy|legitimate interest|tracking technolog|"
    r"our (?:\d+ )?(?:partners|vendors)|personali[sz]ed (?:ads|advert|content)|your choices",
    re.I,
)
_AGREE = re.compile(r"\b(?:accept|reject|agree|allow)(?: (?:all|and|&|to))?\b|\bi agree\b", re.I)
_ERROR_TITLE = re.compile(
    r"(?:(?:http )?error\W{0,3})?(?:40[0-9]|410|429|451|50[0-4])(?:\W{1,3}(?:error|not found|gone|"
    r"forbidden|unauthori[sz]ed|bad|page|server|internal|service|gateway|too many)\b.{0,60})?|"
    r".{0,40}\b(?:page|article|story|content|file) (?:was |is |could |can)?"
    r"(?:not|n['’]t|no longer) (?:be )?(?:found|available|exists?).{0,40}|"
    r"not found|(?:access|permission) denied.{0,40}|forbidden|"
    r"service (?:temporarily )?unavailable|bad gateway|internal server error|gateway time-?out|"
    r"(?:sorry|oops|whoops)\W{1,3}(?:something|(?:the|this|that) page|we can|we could).{0,60}|"
    r"(?:site|page) (?:is )?(?:down )?(?:for|under) maintenance.{0,20}",
    re.I,
)
_ROBOT = re.compile(
    r"(?:verify|confirm|prove|make sure|checking)(?: that| if)? you(?:['’]re| are)(?: not)? "
    r"(?:a |an )?(?:human|robot|bot|real)|are you a (?:robot|human)|not a robot|"
    r"checking (?:your browser|if the site connection is secure)|unusual (?:traffic|activity)|"
    r"(?:enable|turn on|requires?|activate|disabled?) javascript|"
    r"javascript is (?:disabled|required)|"
    r"complete the (?:captcha|security check)|security check to access",
    re.I,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_UNSEEN = frozenset({"script", "style", "template"})
# <h2><span><a> and <a><div><h2>: how far apart a headline and its link stand.
_HEADING_DEPTH = 3


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What the HTML of a page says of its kind.

    Attributes:
        is_article: it declares itself one.
        is_locked: it declares that readers must pay for it.
        headline_links: addresses that its headlines link to; of a declared article none are read.
        body_words: most words of paragraphs that stand together, on a page with such links.
        visible: the text that a reader would see, its beginning, on a page with a short text that
            is no declared article's.
        after: what stands right behind the article's text and was taken for none of it.
    """

    is_article: bool
    is_locked: bool
    headline_links: int
    body_words: int
    visible: str
    after: str = ""


def signs_of(
    tree: HtmlElement,
    kind: str,
    objects: Sequence[Mapping[str, object]],
    *,
    text: str,
    after: str,
) -> PageSigns:
    """Read a page's signs, those that can still matter.

    Args:
        tree: the page.
        kind: its ``og:type``; "" when it has none.
        objects: the pieces of writing in its own data (JSON-LD).
        text: what was taken for the article's text; may be empty.
        after: the block behind it.
    """
    own = objects if len(objects) <= MOST_OWN_ARTICLES else ()
    free = [str(each.get("isAccessibleForFree")).lower() for each in objects]
    is_article = kind.lower().startswith("article") or bool(own)
    is_told = is_article and text != ""
    is_short = not is_told and len(WORD.findall(text)) < CONSENT_WORDS
    links = 0 if is_article else len({address for address in _headline_links(tree) if address})
    return PageSigns(
        is_article=is_article,
        is_locked="false" in free,
        headline_links=links,
        body_words=_body_words(tree) if links >= LISTED_HEADLINES else 0,
        visible=_visible(tree) if is_short else "",
        after=after,
    )


def why_no_article(signs: PageSigns, title: str | None, text: str) -> str | None:
    """Say what a page is when it shows no article; None when it shows one.

    Args:
        signs: of its HTML.
        title: its title.
        text: what was taken for the article's text; may be empty.
    """
    words = len(WORD.findall(text))
    if words < NOTICE_WORDS and _ERROR_TITLE.fullmatch((title or "").strip()):
        return f"an error page ({title})"
    if words < NOTICE_WORDS and _ROBOT.search(f"{title}\n{text or signs.visible}"):
        return "a check for robots"
    if _is_consent(signs, text, words):
        return "a request for consent to cookies"
    if _is_stub(signs, text, words):
        return f"the {words} words before a pay wall"
    if _is_list(signs, text, words):
        return f"a list of stories ({signs.headline_links} linked headlines)"
    return None


def _is_consent(signs: PageSigns, text: str, words: int) -> bool:
    if words >= CONSENT_WORDS or signs.is_article:
        return False
    lines = [line for line in re.split(r"\n|(?<=[.!?]) ", text) if WORD.search(line)]
    about = sum(1 for line in lines if _CONSENT.search(line))
    if about < max(1, MOSTLY * len(lines)) and lines:
        return False
    shown = f"{text}\n{signs.visible}"
    return _COOKIE.search(shown) is not None and _AGREE.search(shown) is not None


def _is_stub(signs: PageSigns, text: str, words: int) -> bool:
    if signs.is_locked and words < LOCKED_WORDS:
        return True
    if words >= (LOCKED_STUB_WORDS if signs.is_locked else STUB_WORDS):
        return False
    return _PAY.search(f"{text[-STUB_END:]}\n{signs.after[:STUB_END]}") is not None


def _is_list(signs: PageSigns, text: str, words: int) -> bool:
    if signs.is_article or signs.headline_links < LISTED_HEADLINES:
        return False
    longest = max((len(WORD.findall(line)) for line in text.splitlines()), default=0)
    thin = words < TEASER_WORDS * signs.headline_links and longest < TEASER_WORDS
    return thin and signs.body_words < BODY_WORDS


def _headline_links(tree: HtmlElement) -> Iterator[str]:
    """Yield the addresses of links that are, or hold, a headline; some of them twice."""
    for heading in tree.iter(*_HEADINGS):
        inner = (link for link in heading.iter("a") if _is_near(link, heading))
        for link in chain(inner, heading.iterancestors("a")):
            if len(WORD.findall("".join(link.itertext()))) >= HEADLINE_LINK_WORDS:
                yield link.get("href") or ""


def _is_near(link: HtmlElement, heading: HtmlElement) -> bool:
    return any(element is heading for element in islice(link.iterancestors(), _HEADING_DEPTH))


def _body_words(tree: HtmlElement) -> int:
    words: Counter[object] = Counter()
    for paragraph in tree.iter("p"):
        words[paragraph.getparent()] += len(WORD.findall("".join(paragraph.itertext())))
    return max(words.values(), default=0)


def _visible(tree: HtmlElement) -> str:
    """Return the beginning of what a reader sees, and of what one without scripts is told."""
    parts: list[str] = []
    left = MOST_VISIBLE
    for element in tree.iter():
        if left <= 0:
            break
        seen = isinstance(element.tag, str) and element.tag not in _UNSEEN
        for part in (element.text if seen else None, element.tail):
            if part and not part.isspace() and left > 0:
                parts.append(part[:left])
                left -= len(part)
    return " ".join(parts)
