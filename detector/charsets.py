"""Bytes of a web page -> text: what the server, the page and the bytes themselves say of it."""

from __future__ import annotations

import codecs
import re

# Where a page declares its encoding: HTML wants it in the first 1,024 bytes, pages are laxer.
DECLARATION_BYTES = 4_096
# The codecs that browsers know (WHATWG Encoding), by Python's names. Any other name that a page
# gives is none: Python also has codecs that take quadratic time or make no text at all.
WEB_CODECS = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be ascii iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 "
    "iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 "
    "iso8859-16 cp866 cp874 tis-620 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 "
    "cp1258 koi8-r koi8-u mac-roman mac-cyrillic gbk gb2312 gb18030 big5 big5hkscs euc_jp "
    "iso2022_jp shift_jis cp932 euc_kr cp949".split()
)

_DECLARED = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.I)
# What browsers read when a page declares one of these (WHATWG Encoding).
_WESTERN = frozenset({"iso8859-1", "ascii"})


def decoded_page(page: bytes, *, charset: str | None = None, largest: int) -> str:
    """Decode as UTF-8 where that is possible, else as declared, else as it seems.

    UTF-8 first: servers and pages often declare another encoding falsely, and text in another one
    is hardly ever valid UTF-8.

    Args:
        page: the bytes.
        charset: what the server declares; it wins over what the page does.
        largest: most bytes looked at when nothing declared fits.
    """
    from trafilatura.utils import decode_file

    declared = _DECLARED.search(page[:DECLARATION_BYTES])
    named = [charset or "", declared[1].decode("ascii", "replace") if declared else ""]
    if page.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        named = ["utf-16"]
    for name in ("utf-8", *named):
        codec = _codec(name)
        try:
            if codec:
                return page.decode(codec)
        except ValueError:
            continue
    text: str = decode_file(page, largest)
    return text


def _codec(name: str) -> str | None:
    """Return Python's name of an encoding that browsers know, else None."""
    try:
        known = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    if known in _WESTERN:
        return "cp1252"
    return known if known in WEB_CODECS else None
