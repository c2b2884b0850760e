"""The readers of a declaration's gates, told to the port."""

from collections.abc import Iterable
from datetime import date

from nep.apps.audits import queries as audits
from nep.apps.conformity import ports
from nep.apps.conformity.rules.declaration import Held
from nep.apps.documents import queries as documents
from nep.apps.planning import queries as planning
from nep.apps.reviews import queries as reviews
from nep.apps.standards import queries as standards
from nep.kernel.decisions import Refused
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local

SCOPE, POLICY = "4.3", "5.2"
YEARS_BACK = 2


def _held(found: Iterable[Evidence], clause: str) -> Held | None:
    """Return the newest of what stands for a clause or those below it."""
    fitting = [
        one for one in found
        if (one.clause == clause or one.clause.startswith(f"{clause}.")) and one.newest_on
    ]  # fmt: skip
    newest = max(fitting, key=lambda one: one.newest_on or date.min, default=None)
    if newest is None or newest.newest_on is None:
        return None
    return Held(newest.newest_on, newest.title, newest.url)


def _ground(agency_id: int) -> tuple[Held | None, Held | None]:
    """Return scope and policy: what planning has approved, else a controlled document in force."""
    planned = planning.evidence([agency_id])
    scope, policy = _held(planned, SCOPE), _held(planned, POLICY)
    if scope and policy:
        return scope, policy
    written = documents.evidence_in_force([agency_id])
    return scope or _held(written, SCOPE), policy or _held(written, POLICY)


def _audit(agency_id: int, today: date) -> Held | None:
    """Return the newest reported audit, of this year or else of the one before."""
    for year in range(today.year, today.year - YEARS_BACK, -1):
        found = [
            one
            for one in audits.audit_states(agency_id=agency_id, year=year)
            if one.reported_at and one.ends_on
        ]
        last = max(found, key=lambda one: (one.ends_on or date.min, one.id), default=None)
        if last is not None and last.ends_on is not None:
            said = f"{last.code}, {last.state_name.lower()}"
            return Held(last.ends_on, said, f"/danh-gia/{last.id}/")
    return None


def _review(agency_id: int, _today: date) -> Held | None:
    last = reviews.newest_review(agency_id=agency_id)
    if last is None:
        return None
    on = last.held_on or (local(last.approved_at).date() if last.approved_at else last.meets_on)
    return Held(on, last.code, f"/xem-xet/{last.id}/")


def _findings(agency_id: int) -> int:
    return audits.findings_left(agency_id=agency_id)


def _locked(agency_id: int, edition: str) -> str:
    decision = standards.declaration_lock(agency_id=agency_id, edition=edition)
    return decision.message if isinstance(decision, Refused) else ""


ports.connect(ports.Readers(_ground, _audit, _review, _findings, _locked))
