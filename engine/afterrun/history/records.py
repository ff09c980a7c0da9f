"""How fast people have run: what is faster was no run, or in another unit."""

from __future__ import annotations

FASTEST = (
    # metres, seconds: men's world records on track and road as of 2025, rounded in the runner's favour
    (100, 9.5),
    (400, 43.0),
    (1_000, 131.0),
    (5_000, 755.0),
    (10_000, 1_571.0),
    (21_097, 3_400.0),
    (42_195, 7_235.0),
    (100_000, 21_900.0),
)
MARGIN = 0.95
"""What a downhill or a measurement may add: a run in less than so much of the record's time cannot be."""


def is_too_fast(metres: float, seconds: float) -> bool:
    """Whether nobody ever ran so far in so short a time, with a margin for what was measured."""
    return seconds < MARGIN * fastest(metres)


def fastest(metres: float) -> float:
    """Seconds below which nobody has run so far: at the pace of the next shorter record.

    >>> round(fastest(42_195)), round(fastest(20_000)), fastest(50)
    (7235, 3142, 0.0)
    """
    shorter = [(far, took) for far, took in FASTEST if far <= metres]
    if not shorter:
        return 0.0  # a stumble of GPS makes any speed of so short a way
    far, took = shorter[-1]
    return took * metres / far
