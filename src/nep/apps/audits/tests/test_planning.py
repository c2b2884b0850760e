"""The programme and the plan: proposed, changed, submitted, approved, announced."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nep.apps.audits import queries, services
from nep.apps.audits.models import Programme
from nep.apps.audits.tests import scene
from nep.apps.audits.tests.scene import faults, items, refused
from nep.apps.organization import services as organization
from nep.apps.organization.rules import setup_actor
from nep.apps.organization.tests.scene import NOW, SINCE
from nep.apps.records.models import Record
from nep.kernel.vietnamese import VN

pytestmark = pytest.mark.django_db
LATER = scene.LATER


def test_the_programme_is_proposed_whole_and_approved_by_somebody_else(agency):
    programme = scene.proposed(agency)
    own = {"programme_id": programme.pk, "now": NOW}
    page = queries.programme_page(actor=agency.actor("thu"), year=programme.year, today=NOW.date())

    assert len(page.lines) == 4
    assert page.left_clauses == ()
    assert page.left_units == ()
    assert refused(services.programme_approve, actor=agency.actor("thu"), **own) == "not_permitted"
    services.programme_submit(actor=agency.actor("thu"), **own)
    assert items() == ["Phê duyệt chương trình đánh giá"]
    services.programme_return(actor=agency.actor("ha"), reason="Chuyển sang quý ba", **own)
    services.programme_submit(actor=agency.actor("thu"), **own)
    services.programme_approve(actor=agency.actor("ha"), **own)
    programme.refresh_from_db()
    assert (programme.state, items()) == ("approved", [])
    assert programme.papers.get().edition == 1
    assert Record.objects.filter(pk=programme.papers.get().record_id).exists()
    services.programme_revise(actor=agency.actor("thu"), reason="Thêm một đơn vị mới", **own)
    services.programme_submit(actor=agency.actor("thu"), **own)
    services.programme_approve(actor=agency.actor("ha"), **own)
    assert [one.edition for one in programme.papers.order_by("id")] == [1, 2]
    assert faults() == []


def test_a_programme_that_leaves_out_a_unit_or_clause_is_not_submitted(agency):
    programme = scene.proposed(agency)
    own = {"actor": agency.actor("thu"), "programme_id": programme.pk, "now": NOW}
    unit_id = agency.scene.units["VP"]
    services.programme_line_set(unit_id=unit_id, months=[], clause_numbers=[], **own)

    assert refused(services.programme_submit, **own) == "units_missing"
    services.programme_line_set(unit_id=unit_id, months=[12], clause_numbers=["7.5"], **own)
    lead = programme.lines.get(unit_id=agency.scene.units["LD"])
    lead.clauses.remove("9.3")
    lead.save()
    assert refused(services.programme_submit, **own) == "clauses_missing"
    services.programme_words(aim="Xem hệ thống", excuse="Xem xét riêng vào tháng 12", **own)
    services.programme_submit(**own)
    assert Programme.objects.get().state == "submitted"


def test_a_plan_is_only_proposed_under_an_approved_programme(agency):
    programme = scene.proposed(agency)
    ask = {"actor": agency.actor("thu"), "programme_id": programme.pk, "month": 12, "now": NOW}

    assert refused(services.audit_propose, **ask) == "programme_not_approved"
    scene.approved(agency)
    services.audit_propose(**ask)
    assert refused(services.audit_propose, **ask) == "lines_none"


def test_the_proposed_team_audits_nothing_of_its_own(planned):
    agency = planned
    audit = scene.planned(agency)
    page = queries.audit_page(actor=agency.actor("thu"), audit_id=audit.pk, now=NOW)

    assert page.blocker == ""
    assert [one.blocked for one in page.sessions] == [False] * 4
    for one in page.sessions:
        assert one.asked <= 10
        if one.unit_id == agency.scene.units["VP"]:
            assert one.auditors[0].person_id == agency.scene.people["dgb"]
        if one.unit_id == agency.scene.units["PKH"]:
            assert one.auditors[0].person_id == agency.scene.people["dga"]


@pytest.mark.parametrize(
    ("unit", "person", "wanted"),
    [("PKH", "dgb", "works_in"), ("PKH", "toan", "works_in"), ("VP", "lan", "unqualified"),
     ("VP", "ha", "leads")],
)  # fmt: skip
def test_a_plan_with_who_may_not_audit_goes_nowhere(planned, unit, person, wanted):
    agency = planned
    audit = scene.planned(agency)
    session = audit.sessions.get(unit_id=agency.scene.units[unit])
    person_id = agency.scene.people[person]
    by = {"actor": agency.actor("thu"), "now": NOW}
    services.auditor_take(session_id=session.pk, person_id=person_id, **by)

    assert refused(services.audit_submit, audit_id=audit.pk, **by) == wanted
    page = queries.audit_page(actor=agency.actor("thu"), audit_id=audit.pk, now=NOW)
    line = next(one for one in page.sessions if one.id == session.pk)
    assert line.blocked
    assert line.proposal is not None
    assert page.blocker


def test_who_drafted_the_procedure_does_not_audit_it(planned):
    agency = planned
    audit = scene.planned(agency)
    session = audit.sessions.exclude(procedure=None).exclude(
        unit_id=agency.scene.units["PKH"]
    ).first()  # fmt: skip
    drafter = next(
        key for key, id_ in agency.scene.people.items()
        if id_ in queries.places(agency_id=audit.agency_id, sessions=[session])[session.pk].drafters
    )  # fmt: skip
    agency.scene.appoint(drafter, "VP", "auditor", "Đánh giá viên")
    by = {"actor": agency.actor("thu"), "now": NOW}
    services.auditor_take(session_id=session.pk, person_id=agency.scene.people[drafter], **by)

    assert refused(services.audit_submit, audit_id=audit.pk, **by) == "drafted"


def test_a_neighbour_comes_with_an_agreement(planned, other_agency):
    agency = planned
    organization.appointment_start(
        actor=setup_actor(), now=NOW, agency_id=other_agency.agency_id, role="auditor",
        person_id=other_agency.people["huy"], starts_on=SINCE,
    )  # fmt: skip
    for key in ("dga", "dgb"):
        for line in agency.scene.actor(key).hats:
            assert line
    audit = scene.planned(agency)
    session = audit.sessions.get(unit_id=agency.scene.units["VP"])
    by = {"actor": agency.actor("thu"), "now": NOW}
    near = other_agency.people["huy"]
    services.auditor_take(session_id=session.pk, person_id=near, **by)

    assert refused(services.audit_submit, audit_id=audit.pk, **by) == "agreement_missing"
    services.member_set(
        audit_id=audit.pk, person_id=near, part="auditor", agreement="CV 15/STP ngày 01/12/2026",
        **by,
    )  # fmt: skip
    services.audit_submit(audit_id=audit.pk, **by)
    audit.refresh_from_db()
    assert audit.state == "submitted"
    assert audit.members.get(person_id=near).from_agency_id == other_agency.agency_id


def test_a_session_is_changed_within_the_hours_and_the_checklist_follows(planned):
    agency = planned
    audit = scene.planned(agency)
    session = audit.sessions.get(unit_id=agency.scene.units["VP"])
    before = set(session.findings.values_list("question", flat=True))
    by = {"actor": agency.actor("thu"), "audit_id": audit.pk, "now": NOW}
    start = datetime(2026, 12, 18, 8, tzinfo=VN)
    values = services.SessionValues(
        session.unit_id, ("7.5", "7.2"), start, start + timedelta(hours=1),
        representative_id=session.representative_id,
        auditor_ids=tuple(session.auditors.values_list("person_id", flat=True)),
    )  # fmt: skip
    night = start.replace(hour=0)

    assert refused(services.session_set, session_id=session.pk, **by,
                   values=replace(values, starts_at=night, ends_at=night + timedelta(hours=1))) == "session_hours"  # fmt: skip
    assert refused(services.session_set, session_id=session.pk, **by,
                   values=replace(values, auditor_ids=(1,))) == "not_in_team"  # fmt: skip
    services.session_set(session_id=session.pk, values=values, **by)
    after = set(session.findings.values_list("question", flat=True))
    assert any("hướng dẫn trước khi tự làm" in one for one in after - before)


def test_a_plan_goes_out_before_the_audit_or_not_at_all(planned):
    agency = planned
    audit = scene.planned(agency)
    services.audit_submit(actor=agency.actor("thu"), audit_id=audit.pk, now=NOW)
    ask = {"actor": agency.actor("ha"), "audit_id": audit.pk}

    assert refused(services.audit_announce, now=LATER, **ask) == "plan_late"
    assert refused(services.audit_announce, actor=agency.actor("thu"), audit_id=audit.pk,
                   now=NOW) == "not_permitted"  # fmt: skip
    services.audit_announce(now=NOW, **ask)
    assert sorted(set(items())) == ["Chuẩn bị đón đoàn đánh giá", "Đánh giá"]
    assert {one.kind for one in audit.papers.all()} == {"plan", "decision"}
    services.audit_replan(
        actor=agency.actor("thu"), audit_id=audit.pk, reason="Trùng lịch họp tỉnh", now=NOW
    )
    assert items() == ["Sửa và trình lại kế hoạch"]
    assert faults() == []
