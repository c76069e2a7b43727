"""CPU seconds that work takes: the wall clock also counts the programs that run beside it."""

import time
from collections.abc import Callable

# On a busy machine one measurement may be far off; the least of several is not.
TRIES = 4
# Four times the text takes four times as long where steps are linear, sixteen where quadratic.
MOST_GROWTH = 10


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def growth(
    work: Callable[[str], object],
    piece: str,
    *,
    sizes: tuple[int, int] = (25_000, 100_000),
    noticeable: float = 0.1,
) -> float:
    """Return how many times as long the larger text of repeated pieces takes as the smaller one.

    What takes fewer than `noticeable` seconds did not grow: 0.
    """
    small, large = (piece * (size // len(piece)) for size in sizes)
    most = cpu_seconds(lambda: work(large))
    for _ in range(TRIES):
        if most < noticeable:
            return 0
        most = min(most, cpu_seconds(lambda: work(large)))
    return most / min(cpu_seconds(lambda: work(small)) for _ in range(TRIES))
