"""Count a step once and for who did it.

A run that its doer took back before a case finished is no longer among what figures count; the
run that goes on holds its time. Steps that another agency did leave the figures of who followed
them. Finished cases that counted a run twice stay as they were frozen.
"""

import json

from django.db import migrations

_TIMED = "r.limit_minutes IS NOT NULL"
_BOUNDS = (
    120, 240, 480, 960, 1440, 1920, 2400, 3360, 4800, 7200, 9600, 14400, 19200, 28800, 43200,
)  # fmt: skip


def _when(condition, value="1"):
    return f"CASE WHEN {condition} THEN {value} ELSE 0 END"


def _bucket(place):
    low = [f"r.used_minutes > {_BOUNDS[place - 1]}"] if place else []
    high = [f"r.used_minutes <= {_BOUNDS[place]}"] if place < len(_BOUNDS) else []
    return _when(" AND ".join(low + high))


_MEASURES = {
    "steps": "1",
    "in_time": _when(f"{_TIMED} AND NOT COALESCE(r.late, FALSE)"),
    "late": _when(f"{_TIMED} AND COALESCE(r.late, FALSE)"),
    "untimed": _when("r.limit_minutes IS NULL"),
    "returns": _when("r.outcome = 'returned'"),
    "reworks": _when("r.round > 1"),
    "limit_minutes": _when(f"{_TIMED} AND r.round = 1", "r.limit_minutes"),
    "timed_minutes": _when(_TIMED, "r.used_minutes"),
    "used_minutes": "r.used_minutes",
    **{f"b{n:02d}": _bucket(n) for n in range(len(_BOUNDS) + 1)},
}


def _moved(person, sign):
    """Return the statement that adds (or takes off) the outside steps under a person."""
    names = ", ".join(_MEASURES)
    sums = ", ".join(f"{sign} * SUM({text})" for text in _MEASURES.values())
    added = ", ".join(f"{name} = cases_personmonth.{name} + excluded.{name}" for name in _MEASURES)
    return (
        f"INSERT INTO cases_personmonth (agency_id, month, person_id, {names}) "  # noqa: S608
        f"SELECT f.agency_id, f.month, {person}, {sums} FROM cases_casefact f "
        "JOIN cases_case c ON c.id = f.case_id JOIN cases_steprun r ON r.case_id = f.case_id "
        "AND r.outcome IN ('done', 'returned', 'refused') AND r.closed_at <= c.finished_at "
        "WHERE r.outside AND NOT EXISTS "
        "(SELECT 1 FROM cases_factpending p WHERE p.case_id = f.case_id) GROUP BY 1, 2, 3 "
        f"ON CONFLICT (agency_id, month, person_id) DO UPDATE SET {added}"
    )


def count_once(apps, schema_editor):
    event, run = apps.get_model("cases", "CaseEvent"), apps.get_model("cases", "StepRun")
    told = event.objects.filter(kind="recalled", case__fact=None).order_by("id")
    for data in told.values_list("data", flat=True).iterator():
        fact = json.loads(data)
        first = run.objects.filter(pk=fact["recalled"], outcome__in=["done", "returned"]).first()
        if first is None:
            continue
        run.objects.filter(pk=first.pk).update(outcome="taken_back")
        again = run.objects.filter(pk=fact["opened"][0]["run"], closed_at=None).first()
        if again is not None and again.carried_minutes >= first.used_minutes:
            again.carried_minutes -= first.used_minutes
            again.used_minutes += first.used_minutes
            again.save(update_fields=["carried_minutes", "used_minutes"])


def charge_nobody(apps, schema_editor):
    held = "COALESCE(r.closed_by_id, r.person_id, 0)"
    schema_editor.execute(_moved(held, -1))
    schema_editor.execute(_moved("0", 1))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_reprojection_told"),
    ]

    operations = [
        migrations.RunPython(count_once, migrations.RunPython.noop),
        migrations.RunPython(charge_nobody, migrations.RunPython.noop),
    ]
