"""Compressed bytes from servers and archives -> bytes, never more than was allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

from detector.errors import BadInput

# gzip of gzip happens by mistake of two servers; more layers are an attack.
MOST_LAYERS = 2
# A gzip file may have many members; so many small ones only cost time.
MOST_MEMBERS = 1_000
# Decompressed bytes held at once.
PIECE = 65_536
GZIP_MAGIC = b"\x1f\x8b"

_GZIP, _RAW_DEFLATE = 31, -15  # zlib's window bits
_ZLIB_OR_GZIP = 47
_DEFLATE_METHOD = 8  # the low half of a zlib stream's first byte (RFC 1950)
_CODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


def decoded(
    chunks: Iterable[bytes], codings: Sequence[str] = (), *, most: int, cut: bool = False
) -> bytes:
    """Join a body, undoing what ``Content-Encoding`` names.

    A body that says gzip and is none is taken as it is, and one that is gzip unsaid is undone.

    Args:
        chunks: the body as sent; read no further than needed.
        codings: values of ``Content-Encoding``, in the order they were applied.
        most: bytes allowed as sent, after each layer, and in all.
        cut: leave out what is over ``most``, and raise nothing for it.

    Raises:
        BadInput: another coding, too many layers, too many bytes, or damage.
    """
    names = [name for name in (each.strip().lower() for each in codings) if name not in _PLAIN]
    if len(names) > MOST_LAYERS:
        raise BadInput(f"it is compressed {len(names)} times over, expected at most {MOST_LAYERS}")
    stream = _capped(chunks, most, cut=cut)
    for name in reversed(names):
        if name not in _CODINGS:
            raise BadInput(f"it is sent in the coding {name[:20]!r}, expected gzip or deflate")
        stream = _capped(_inflated(stream, _CODINGS[name]), most, cut=cut)
    content = b"".join(stream)
    for _ in range(len(names), MOST_LAYERS):
        if content.startswith(GZIP_MAGIC):
            content = b"".join(_capped(_inflated([content], "gzip"), most, cut=cut))
    if content.startswith(GZIP_MAGIC):
        raise BadInput(f"it is compressed more than {MOST_LAYERS} times over")
    return content


_PLAIN = frozenset({"", "identity", "none"})


def _capped(chunks: Iterable[bytes], most: int, *, cut: bool) -> Iterator[bytes]:
    """Pass chunks on until there are more bytes than allowed."""
    left = most
    for chunk in chunks:
        if len(chunk) > left:
            if cut:
                yield chunk[:left]
                return
            raise BadInput(f"it has more than {most} bytes, which no article has")
        left -= len(chunk)
        yield chunk


def _inflated(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Decompress, piece by piece; what follows the end is ignored, as browsers do."""
    inflater, members = None, 0
    for chunk in chunks:
        while chunk:
            if inflater is None or inflater.eof:
                bits = _window_bits(chunk, coding)
                if bits is None and inflater is None:  # not compressed, whatever was said
                    yield chunk
                    yield from chunks
                    return
                members += 1
                if bits is None or (coding == "deflate" and members > 1):
                    return
                inflater = _inflater(bits, members)
            yield _piece(inflater, chunk)
            chunk = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if inflater and not inflater.eof:
        raise BadInput("its compressed bytes are cut off")


def _window_bits(chunk: bytes, coding: str) -> int | None:
    """Tell from its first byte how a stream is compressed; None when it is not."""
    if coding == "gzip":
        return _GZIP if chunk[:1] == GZIP_MAGIC[:1] else None
    wrapped = chunk[0] & 0x0F == _DEFLATE_METHOD or chunk[:1] == GZIP_MAGIC[:1]
    return _ZLIB_OR_GZIP if wrapped else _RAW_DEFLATE


def _inflater(bits: int, members: int) -> zlib._Decompress:
    if members > MOST_MEMBERS:
        raise BadInput(f"its compressed bytes have more than {MOST_MEMBERS} parts")
    return zlib.decompressobj(bits)


def _piece(inflater: zlib._Decompress, chunk: bytes) -> bytes:
    try:
        return inflater.decompress(chunk, PIECE)
    except zlib.error as error:
        raise BadInput(f"its compressed bytes are damaged ({error})") from error
