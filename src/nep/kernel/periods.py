"""Periods of validity in whole days; the last day belongs to the period."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included; an open end is None."""

    start: date
    end: date | None = None

    def contains(self, day: date) -> bool:
        """Say whether the day lies inside."""
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: "Period") -> bool:
        """Say whether the two periods share a day."""
        return (self.end is None or other.start <= self.end) and (
            other.end is None or self.start <= other.end
        )
