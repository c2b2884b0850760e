"""What the import page shows of one file read: plain data, small enough to keep as JSON."""

from typing import Any

from nep.apps.procedures.rules.importing import asks_code, draft_of, origin_of
from nep.apps.procedures.rules.word import ImportedFile
from nep.apps.procedures.rules.wording import hours_text, limit_text

MAX_WARNINGS = 60


def report_of(imported: ImportedFile) -> dict[str, Any]:
    """Return the procedures found, their open questions, the texts to map, and the warnings."""
    return {
        "procedures": [_procedure(imported, place) for place in range(len(imported.procedures))],
        "warnings": [
            {"message": one.message, "procedure": one.procedure, "step": one.step}
            for one in imported.warnings[:MAX_WARNINGS]
        ],
        "more_warnings": max(0, len(imported.warnings) - MAX_WARNINGS),
    }


def _procedure(imported: ImportedFile, place: int) -> dict[str, Any]:
    found, origin = imported.procedures[place], origin_of(imported, place)
    draft = draft_of(found, process_id="doc", mapping={})
    steps = draft.table.steps
    asks_unit = any(step.fact("ask") == "unit" for step in steps) or (
        draft.limit_amount is not None and not draft.limit_unit
    )
    open_times = [
        place
        for place, step in enumerate(draft.table.tasks, start=1)
        if step.limit is None and not step.untimed and step.fact("ask") != "merged"
    ]
    return {
        "place": place,
        "tthc_code": found.tthc_code or "",
        "asks_code": asks_code(imported, place),
        "name": origin.name,
        "variant": origin.variant,
        "document_code": origin.document_code,
        "steps": len(draft.table.tasks),
        "limit": limit_text(draft.limit_amount, draft.limit_unit),
        "sum": hours_text(found.sum_hours) if found.sum_hours is not None else "",
        "declared": (found.declared_total_text or "").strip()[:120],
        "asks_unit": asks_unit,
        "asks_total": found.sum_matches_declared is False,
        "asks_merged": any(step.fact("ask") == "merged" for step in steps),
        "open_times": open_times,
        "responsible": list(
            dict.fromkeys(step.fact("responsible") for step in steps if step.fact("responsible"))
        ),
    }
