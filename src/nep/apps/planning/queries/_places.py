"""Where a risk stands: a procedure in force, a step of it."""

from dataclasses import dataclass
from datetime import date

from nep.apps.planning.queries._objectives import objectives_of
from nep.apps.procedures import queries as procedures
from nep.kernel.errors import Refusal
from nep.kernel.text import shorten

MOST_OFFERED = 400


@dataclass(frozen=True, slots=True)
class Place:
    """A procedure and a step of it by id and in words; empty for none."""

    procedure_id: int | None = None
    procedure_text: str = ""
    node: str = ""
    step_text: str = ""


def procedure_choices(agency_id: int) -> list[tuple[int, str]]:
    """Return (id, "QT-05, Cấp giấy phép …") of the procedures in force, by code; one query."""
    found = procedures.procedures_in_force(agency_id)[:MOST_OFFERED]
    return [(one.procedure_id, shorten(f"{one.code}, {one.title}", 90)) for one in found]


def objective_choices(*, agency_id: int, today: date) -> list[tuple[int, str]]:
    """Return (id, title) of the objectives of this year that were approved."""
    found = objectives_of(agency_id=agency_id, year=today.year, today=today)
    return [(one.id, shorten(one.title, 90)) for one in found]


def place_of(*, agency_id: int, procedure_id: int | None, step: int | None) -> Place:
    """Return a procedure of the agency in force and the step of that number, in words.

    Raises Refusal("procedure_unknown", "step_unknown").
    """
    if procedure_id is None:
        return Place()
    found = procedures.procedures_in_force(agency_id)
    version = next((one for one in found if one.procedure_id == procedure_id), None)
    if version is None:
        raise Refusal(
            "procedure_unknown", "Hãy chọn quy trình đang có hiệu lực trong danh sách.",
            field="procedure_id",
        )  # fmt: skip
    text = f"{version.code}, {version.title}"
    if step is None:
        return Place(procedure_id, text)
    rows = procedures.steps_by_hash(version.content_hash)
    row = next((one for one in rows if one.number == step), None)
    if row is None:
        raise Refusal(
            "step_unknown", f"Quy trình {version.code} có {len(rows)} bước.", field="step"
        )
    return Place(procedure_id, text, row.node, f"{row.label}, {row.name}")
