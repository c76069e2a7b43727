"""Batches worked on ahead by other processes; what they make comes back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")
Made = TypeVar("Made")


def in_order(
    pool: ProcessPoolExecutor,
    work: Callable[[Batch], Made],
    batches: Iterable[Batch],
    most: int,
) -> Iterator[tuple[Batch, Made]]:
    """Yield batches with what was made of them.

    Args:
        pool: the processes.
        work: what they do with a batch.
        batches: taken as they are needed.
        most: so many are under way at once, so that memory stays flat.
    """
    waiting: deque[tuple[Batch, Future[Made]]] = deque()
    for batch in batches:
        waiting.append((batch, pool.submit(work, batch)))
        if len(waiting) >= most:
            first, made = waiting.popleft()
            yield first, made.result()
    for first, made in waiting:
        yield first, made.result()
