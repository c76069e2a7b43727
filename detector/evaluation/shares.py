"""A share with its counts, and how sure the counts make it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

# The two-sided 95 % point of the normal distribution.
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many counted."""

    right: int
    counted: int

    @classmethod
    def of(cls, answers: Iterable[bool]) -> Share:
        """Count how many of some answers are right."""
        every = list(answers)
        return cls(sum(every), len(every))

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where nothing was counted."""
        return self.right / self.counted if self.counted else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval that the true share lies in; 0 to 1 where nothing was counted.

        Source: Wilson 1927, "Probable inference, the law of succession, and statistical
        inference"; unlike the textbook interval it holds for small counts and shares near 1.
        """
        if not self.counted:
            return (0.0, 1.0)
        n, share = self.counted, self.right / self.counted
        middle = share + Z95**2 / (2 * n)
        reach = Z95 * sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
        width = 1 + Z95**2 / n
        low, high = (middle - reach) / width, (middle + reach) / width
        # the share itself is inside; rounding may leave 0 and 1 a hair outside
        return (max(0.0, min(share, low)), min(1.0, max(share, high)))


def f1(precision: Share, recall: Share) -> float | None:
    """Return the harmonic mean of precision and recall; None where neither counted anything."""
    if not precision.counted and not recall.counted:
        return None
    p, r = precision.value or 0.0, recall.value or 0.0
    return 2 * p * r / (p + r) if p + r else 0.0
