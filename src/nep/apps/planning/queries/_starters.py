"""Starter objectives of a kind of agency, as shipped."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from nep.apps.planning.queries._measures import measure_of
from nep.apps.planning.rules import measuring

COMMUNES = frozenset({"xa", "phuong", "dac_khu"})


@dataclass(frozen=True, slots=True)
class Starter:
    """An objective that may be taken over as a proposal, with where it comes from."""

    key: str
    title: str
    measure: str
    target: Decimal
    target_text: str
    better: str
    unit_word: str
    frequency: str
    frequency_name: str
    whole: str
    method: str
    source: str
    verified: str


def starters(kind: str) -> tuple[Starter, ...]:
    """Return the starter objectives of a kind of agency; one whose measure nobody offers is left."""
    wanted = "xa" if kind in COMMUNES else "so"
    return tuple(
        Starter(
            key, one["title"], one["measure"], Decimal(one["target"]),
            measuring.target_text(
                Decimal(one["target"]), better=one["better"], unit=one["unit"]
            ),
            one["better"], one["unit"], one["frequency"],
            measuring.FREQUENCY_NAMES[one["frequency"]], one["whole"], one["method"],
            one["source"], one["verified"],
        )
        for key, one in settings.OBJECTIVE_STARTERS.items()
        if wanted in one["kinds"] and (not one["measure"] or measure_of(one["measure"]))
    )  # fmt: skip
