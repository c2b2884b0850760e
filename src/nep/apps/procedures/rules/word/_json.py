"""The shape in which the command line prints what was read."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from nep.apps.procedures.rules.word._model import ImportedFile, ImportedProcedure, ImportedStep


def to_json(imported: ImportedFile) -> dict[str, Any]:
    """Return the file as `import-procedures --json` prints it; hours are numbers or None."""
    return {
        "file": imported.file,
        "accepted": imported.accepted,
        "reasons": [asdict(reason) for reason in imported.reasons],
        "warnings": [asdict(caution) for caution in imported.warnings],
        "procedures": [_procedure(procedure) for procedure in imported.procedures],
    }


def _procedure(procedure: ImportedProcedure) -> dict[str, Any]:
    return {
        "tthc_code": procedure.tthc_code,
        "name": procedure.name,
        "variant": procedure.variant or None,
        "steps": [_step(step) for step in procedure.steps],
        "declared_total_text": procedure.declared_total_text,
        "declared_total_hours": _number(procedure.declared_total_hours),
        "sum_hours": _number(procedure.sum_hours),
        "sum_matches_declared": procedure.sum_matches_declared,
    }


def _step(step: ImportedStep) -> dict[str, Any]:
    return {
        "order": step.order,
        "label": step.label,
        "section": step.section,
        "content": step.content,
        "responsible": step.responsible,
        "time_text": step.time_text,
        "time_hours": _number(step.time_hours),
        "time_unit": step.time_unit,
        "forms": step.forms,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
