"""Figures of joint work: answers that one agency gave to another, counted for who gave them.

A joint answer is no step of the agency whose case it is: there the outside step stands among the
steps of its procedure and is nobody's. So an answer is counted once, for the agency and the person
who did it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from nep.apps.cases.models import JointStep
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.rules.figures import month_bounds
from nep.apps.organization import queries as organization

PAGE = 50
_BY = {
    "agency": "agency_id",
    "home": "case__agency_id",
    "person": "closed_by_id",
    "tthc": "case__tthc_id",
    "": "",
}


@dataclass(frozen=True, slots=True)
class JointCounts:
    """Answers given in a period; minutes are working time of the agency that gave them.

    `answered` = in time + `late`; without a limit an answer is in time.
    """

    answered: int
    late: int
    minutes: int

    @property
    def in_time(self) -> int:
        """Return how many came in time."""
        return self.answered - self.late


@dataclass(frozen=True, slots=True)
class JointFilter:
    """Which answers; None and 0 mean any. `did` answered, `home` asked, by agency."""

    months: tuple[int, int]
    did: int = 0
    home: int = 0
    person_id: int | None = None
    tthc_id: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class JointAnswer:
    """One answer: whose case, which step, who answered, how long it took."""

    id: int
    code: str
    tthc_name: str
    step: str
    home: str
    did: str
    person: str
    closed_at: datetime
    used_minutes: int
    limit_minutes: int | None
    late: bool


def joint_rows(wanted: JointFilter) -> QuerySet[JointStep]:
    """Return the answers that a figure counts, unordered."""
    start, end = month_bounds(wanted.months)
    rows = JointStep.objects.filter(state="answered", closed_at__gte=start, closed_at__lt=end)
    if wanted.did:
        rows = rows.filter(agency_id=wanted.did)
    if wanted.home:
        rows = rows.filter(case__agency_id=wanted.home)
    if wanted.person_id is not None:
        rows = rows.filter(closed_by_id=wanted.person_id)
    if wanted.tthc_id:
        rows = rows.filter(case__tthc_id=wanted.tthc_id)
    if wanted.kind in ("late", "in_time"):
        is_late = Q(late=True)
        rows = rows.filter(is_late if wanted.kind == "late" else ~is_late)
    return rows


def joint_figures(*, wanted: JointFilter, by: str = "") -> dict[int, JointCounts]:
    """Return the answers of a period by agency (who answered), home (who asked), person or tthc,
    or all of them under 0; one statement."""
    key = _BY[by]
    rows = joint_rows(wanted)
    counted = {
        "answered": Count("id"),
        "overdue": Count("id", filter=Q(late=True)),
        "minutes": Sum("used_minutes"),
    }
    if not key:
        found = rows.aggregate(**counted)
        return {0: JointCounts(found["answered"], found["overdue"], found["minutes"] or 0)}
    grouped = rows.values(key).annotate(**counted).order_by(key)
    return {
        row[key] or 0: JointCounts(row["answered"], row["overdue"], row["minutes"] or 0)
        for row in grouped
    }


def joint_count(*, wanted: JointFilter) -> int:
    """Return how many answers a figure counts, row by row."""
    return joint_rows(wanted).count()


def joint_answers(
    *, wanted: JointFilter, after: int = 0, limit: int = PAGE
) -> tuple[tuple[JointAnswer, ...], int]:
    """Return the answers a figure counts by key, and the key that continues them (0: end)."""
    rows = joint_rows(wanted).filter(pk__gt=after).select_related("case", "run").order_by("pk")
    found = list(rows[: limit + 1])
    shown = found[:limit]
    names = organization.person_names([row.closed_by_id for row in shown])
    lines = []
    for row in shown:
        step = followed(row.case).at(row.run_id).steps.get(row.run.node)
        assert row.closed_at is not None
        lines.append(
            JointAnswer(
                row.pk, row.case.code, row.case.tthc_name, step.name if step else row.run.node,
                organization.agency(row.case.agency_id).name,
                organization.agency(row.agency_id).name, names.get(row.closed_by_id or 0, ""),
                row.closed_at, row.used_minutes, row.limit_minutes, bool(row.late),
            )
        )  # fmt: skip
    return tuple(lines), shown[-1].pk if len(found) > len(shown) else 0
