"""Programme, plan, notes, findings, report: what is allowed, and that all else changes nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.forms.models import model_to_dict

from nep.apps.actions.models import Action
from nep.apps.audits import queries, services
from nep.apps.audits.models import Audit, Finding, Programme, Session
from nep.apps.audits.rules import life
from nep.apps.audits.tests import scene
from nep.apps.audits.tests.scene import faults, items, refused
from nep.apps.improvement.models import Nonconformity
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning.models import Risk
from nep.apps.planning.queries import measured
from nep.apps.work.models import WorkItem
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db
LATER = scene.LATER


def test_only_its_auditors_note_a_session_and_not_before_its_day(announced):
    agency = announced
    audit = scene.announced(agency)
    finding = Finding.objects.filter(session__unit_id=agency.scene.units["PKH"]).first()
    ask = {"finding_id": finding.pk, "level": "conform"}

    assert refused(services.finding_note, actor=agency.actor("toan"), now=LATER, **ask) == (
        "not_auditor"
    )
    assert refused(services.finding_note, actor=agency.actor("dga"), now=NOW, **ask) == (
        "session_later"
    )
    services.finding_note(actor=agency.actor("dga"), now=LATER, **ask)
    services.finding_note(
        actor=agency.actor("dga"), finding_id=finding.pk, level="", text="Đủ chữ ký.", now=LATER
    )
    finding.refresh_from_db()
    assert (finding.level, finding.text, finding.state) == ("conform", "Đủ chữ ký.", "noted")
    assert audit.state == "announced"


def test_the_audit_at_the_units_ends_only_with_evidence(announced):
    agency = announced
    audit = scene.announced(agency)
    leader = agency.actor(scene.leader_of(agency, audit))
    ask = {"actor": leader, "audit_id": audit.pk}

    assert refused(services.audit_hold, now=NOW, **ask) == "hold_early"
    assert refused(services.audit_hold, now=LATER, **ask) == "session_empty"
    scene.noted(agency, audit, minor=0)
    finding = Finding.objects.filter(session__audit=audit).first()
    note = {"actor": agency.actor(scene.auditor_of(agency, finding)), "finding_id": finding.pk}
    services.finding_note(level="observation", now=LATER, **note)
    assert refused(services.audit_hold, now=LATER, **ask) == "evidence_missing"
    services.finding_note(level="observation", text="Sổ chưa ghi ngày.", now=LATER, **note)
    assert refused(services.audit_hold, actor=agency.actor("thu"), audit_id=audit.pk,
                   now=LATER) == "not_team_leader"  # fmt: skip
    services.audit_hold(now=LATER, **ask)
    finding.refresh_from_db()
    assert (finding.state, finding.number) == ("sent", 1)


def test_without_findings_nothing_waits_for_the_units(announced):
    agency = announced
    audit = scene.held(agency, minor=0)

    assert audit.state == "confirmed"
    assert items() == ["Lập báo cáo đánh giá"]
    services.audit_report(
        actor=agency.actor(scene.leader_of(agency, audit)), audit_id=audit.pk, now=LATER,
        conclusion="Mọi yêu cầu được đáp ứng.",
    )  # fmt: skip
    audit.refresh_from_db()
    assert (audit.state, items(), faults()) == ("closed", [], [])


def test_a_contested_finding_is_settled_by_the_leader_of_the_team(announced):
    agency = announced
    audit = scene.held(agency, minor=2)
    first, second = Finding.objects.filter(state="sent").order_by("number")
    unit = agency.actor("ha")
    leader = agency.actor(scene.leader_of(agency, audit))

    assert refused(services.finding_contest, actor=agency.actor("lan"), finding_id=first.pk,
                   reason="Chữ ký ở mặt sau", now=LATER) == "not_the_unit"  # fmt: skip
    services.finding_contest(
        actor=unit, finding_id=first.pk, reason="Chữ ký nằm ở mặt sau phiếu", now=LATER
    )
    services.finding_contest(actor=unit, finding_id=second.pk, reason="Mẫu quá nhỏ", now=LATER)
    assert items() == ["Xem xét ý kiến của đơn vị"]
    assert refused(services.finding_settle, actor=unit, finding_id=first.pk, level="",
                   note="Đã xem lại", now=LATER) == "not_team_leader"  # fmt: skip
    services.finding_settle(
        actor=leader, finding_id=first.pk, level="", note="Đã xem mặt sau, đủ chữ ký", now=LATER
    )
    services.finding_settle(
        actor=leader, finding_id=second.pk, level="observation", note="Ghi là quan sát", now=LATER
    )
    audit.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.level) == ("withdrawn", "kept", "observation")
    assert audit.state == "confirmed"


def test_a_report_opens_a_sheet_for_every_nonconformity_and_closes_after_them(reported):
    agency = reported
    audit = scene.reported(agency)
    sheet = Nonconformity.objects.get()
    ask = {"actor": agency.actor("thu"), "audit_id": audit.pk, "now": LATER + timedelta(days=1)}

    assert (sheet.origin_kind, sheet.level, sheet.clause[:5]) == ("audit", "minor", "2015:")
    assert {one.kind for one in audit.papers.all()} == {
        "plan", "decision", "checklist", "minutes", "report"
    }  # fmt: skip
    assert refused(services.audit_close, **ask) == "sheets_running"
    assert len(queries.findings_open(agency_id=audit.agency_id, today=LATER.date())) == 1
    Nonconformity.objects.filter(pk=sheet.pk).update(
        state="rejected", end_note="Đã kiểm tra lại", ended_at=LATER
    )
    services.audit_close(**ask)
    services.programme_finish(
        actor=agency.actor("thu"), programme_id=audit.programme_id, now=ask["now"]
    )
    audit.refresh_from_db()
    assert (audit.state, items("audit")) == ("closed", [])
    assert Programme.objects.get().state == "done"
    assert queries.findings_open(agency_id=audit.agency_id, today=LATER.date()) == ()
    assert faults() == []
    assert Action.objects.count() == 0


def test_evidence_and_figures_are_folded(reported, django_assert_num_queries):
    agency = reported
    audit = scene.reported(agency)
    with django_assert_num_queries(2):
        found = queries.evidence([audit.agency_id, 1])
    clauses = {one.clause: one for one in found}
    figures = queries.figures(
        agency_id=audit.agency_id, since=date(2026, 1, 1), until=date(2026, 12, 31),
        today=LATER.date(),
    )  # fmt: skip

    assert clauses["9.2"].count == 1
    assert clauses["9.2"].newest_on == LATER.date()
    assert clauses["7.5"].url == f"/danh-gia/{audit.pk}/"
    assert (figures.lines, figures.held) == (4, 4)
    since = NOW - timedelta(days=1)
    with django_assert_num_queries(2):
        signed = queries.approvals_of(agency_id=audit.agency_id, since=since)
        (said,) = queries.wordings_of(agency_id=audit.agency_id, since=since)
    assert [(one.title, one.approved_at - one.submitted_at) for one in signed] == [
        ("Chương trình đánh giá nội bộ năm 2026", timedelta()),
        ("Kế hoạch ĐG 01/2026", timedelta()),
    ]
    assert said.text == "Hai trong năm phiếu kiểm soát thiếu chữ ký."
    assert queries.approvals_of(agency_id=1, since=since) == ()


def test_measures_for_objectives_read_the_programme_and_its_findings(agency):
    year = {"agency_id": agency.scene.agency_id, "since": date(2026, 1, 1),
            "until": date(2026, 12, 31)}  # fmt: skip

    assert measured("audits.programme", **year) is None
    scene.announced(agency)
    assert measured("audits.programme", **year).value == 0
    audit = Audit.objects.get()
    scene.noted(agency, audit)
    services.audit_hold(
        actor=agency.actor(scene.leader_of(agency, audit)), audit_id=audit.pk, now=LATER
    )
    assert measured("audits.programme", **year).value == 100
    assert measured("audits.findings", **year) is None


def test_the_rest_of_a_session_conforms_by_one_tap_of_its_auditor(announced):
    agency = announced
    audit = scene.announced(agency)
    session = audit.sessions.get(unit_id=agency.scene.units["PKH"])
    first = session.findings.order_by("position").first()
    own = {"session_id": session.pk, "now": LATER}
    services.finding_note(
        actor=agency.actor("dga"),
        finding_id=first.pk,
        level="minor",
        text="Thiếu chữ ký.",
        now=LATER,
    )

    assert refused(services.rest_conforms, actor=agency.actor("toan"), **own) == "not_auditor"
    count = services.rest_conforms(actor=agency.actor("dga"), **own)
    levels = list(session.findings.order_by("position").values_list("level", flat=True))
    assert levels == ["minor", *["conform"] * count]
    assert refused(services.rest_conforms, actor=agency.actor("dga"), **own) == "questions_none"


def test_a_unit_at_risk_comes_first(agency):
    risk = Risk.objects.create(
        agency_id=agency.scene.agency_id, kind="risk", year=2026, number=1, title="Mất hồ sơ",
        folded="", opened_by_id=agency.scene.people["thu"], opened_at=NOW, round_since=NOW,
        changed_at=NOW, unit_id=agency.scene.units["VP"], state="rated", method="quantitative",
        likelihood=5, impact=4, product=20, level="high", rated_at=NOW,
        rated_by_id=agency.scene.people["thu"],
    )  # fmt: skip
    facts = {one.id: one for one in queries.unit_facts(agency_id=risk.agency_id, today=NOW.date())}

    assert facts[agency.scene.units["VP"]].risk == 20
    assert scene.proposed(agency).lines.order_by("-weight").first().unit_id == risk.unit_id


def test_another_agency_finds_nothing(announced, other_agency):
    agency = announced
    audit = scene.announced(agency)
    stranger = replace(agency.actor("thu"), agency_id=other_agency.agency_id)
    session = audit.sessions.first()
    finding = session.findings.first()

    for act, ask in (
        (services.audit_submit, {"audit_id": audit.pk}),
        (services.session_remove, {"session_id": session.pk}),
        (services.findings_agree, {"session_id": session.pk}),
        (services.finding_note, {"finding_id": finding.pk, "level": "conform"}),
        (services.programme_submit, {"programme_id": audit.programme_id}),
    ):
        with pytest.raises(NotFound):
            act(actor=stranger, now=LATER, **ask)
    with pytest.raises(NotFound):
        queries.audit_page(actor=stranger, audit_id=audit.pk, now=NOW)


def _moves(agency, audit: Audit) -> dict[str, object]:
    """Return a call for every move of an audit's life, by who may do it."""
    secretary, head = agency.actor("thu"), agency.actor("ha")
    leader = agency.actor(scene.leader_of(agency, audit))
    own = {"audit_id": audit.pk, "now": LATER + timedelta(days=3)}
    reason = {"reason": "Lý do đã ghi rõ"}
    session_id = audit.sessions.first().pk
    return {
        life.EDIT: lambda: services.team_propose(actor=secretary, **own),
        life.SUBMIT: lambda: services.audit_submit(actor=secretary, **{**own, "now": NOW}),
        life.RETURN: lambda: services.audit_return(actor=head, **own, **reason),
        life.ANNOUNCE: lambda: services.audit_announce(actor=head, **{**own, "now": NOW}),
        life.REPLAN: lambda: services.audit_replan(actor=secretary, **own, **reason),
        life.HOLD: lambda: services.audit_hold(actor=leader, **own),
        life.ANSWER: lambda: services.findings_agree(
            actor=head, session_id=session_id, now=own["now"]
        ),
        life.REPORT: lambda: services.audit_report(
            actor=leader, conclusion="Kết luận của đoàn", **own
        ),
        life.CLOSE: lambda: services.audit_close(actor=secretary, **own),
        life.CANCEL: lambda: services.audit_cancel(actor=secretary, **own, **reason),
    }


def _nothing_else_moves(agency, audit: Audit) -> None:
    before = _rows(audit)
    tried = 0
    for move, act in _moves(agency, audit).items():
        if (audit.state, move) in life.AUDIT:
            continue
        with pytest.raises((Refusal, Forbidden)):
            act()
        tried += 1
        assert _rows(audit) == before, move

    assert tried >= 5


def test_a_planned_audit_makes_no_other_move_than_its_life_allows(planned):
    _nothing_else_moves(planned, scene.planned(planned))


@pytest.mark.parametrize("road", ["announced", "held", "confirmed"])
def test_a_move_that_the_life_does_not_allow_leaves_every_row_as_it_was(announced, road):
    _nothing_else_moves(announced, getattr(scene, road)(announced))


def test_a_reported_audit_makes_no_other_move_than_its_life_allows(reported):
    _nothing_else_moves(reported, scene.reported(reported))


def _rows(audit: Audit) -> list:
    rows = [model_to_dict(Audit.objects.get(pk=audit.pk))]
    for table in (Session, Finding):
        key = "audit_id" if table is Session else "session__audit_id"
        rows += [
            model_to_dict(one)
            for one in table._default_manager.filter(**{key: audit.pk}).order_by("id")
        ]
    return [*rows, JournalEntry.objects.count(), WorkItem.objects.filter(state=0).count()]


@pytest.mark.parametrize("road", ["proposed", "approved"])
def test_a_programme_keeps_its_rows_under_moves_that_its_life_does_not_allow(agency, road):
    programme = getattr(scene, road)(agency)
    secretary, head = agency.actor("thu"), agency.actor("ha")
    own = {"programme_id": programme.pk, "now": NOW}
    moves = {
        life.EDIT: lambda: services.programme_words(
            actor=secretary, aim="Mục đích", excuse="", **own
        ),
        life.SUBMIT: lambda: services.programme_submit(actor=secretary, **own),
        life.RETURN: lambda: services.programme_return(actor=head, reason="Sửa lại tháng", **own),
        life.APPROVE: lambda: services.programme_approve(actor=head, **own),
        life.REVISE: lambda: services.programme_revise(
            actor=secretary, reason="Thêm một đơn vị", **own
        ),
        life.FINISH: lambda: services.programme_finish(actor=secretary, **own),
    }
    before = (model_to_dict(programme), JournalEntry.objects.count())
    for move, act in moves.items():
        if (programme.state, move) in life.PROGRAMME and move != life.FINISH:
            continue
        with pytest.raises(Refusal):
            act()
        found = Programme.objects.get(pk=programme.pk)
        assert (model_to_dict(found), JournalEntry.objects.count()) == before, move


def test_a_finding_moves_only_as_its_life_allows(announced):
    agency = announced
    audit = scene.held(agency, minor=1)
    leader = agency.actor(scene.leader_of(agency, audit))
    finding = Finding.objects.get(state="sent")
    conform = Finding.objects.filter(session__audit=audit, level="conform").first()
    before = [model_to_dict(one) for one in (finding, conform)]
    auditor = agency.actor(scene.auditor_of(agency, finding))
    unit = agency.actor("ha")

    for act, ask in (
        (services.finding_note, {"actor": auditor, "finding_id": finding.pk, "level": "conform"}),
        (services.finding_settle, {"actor": leader, "finding_id": finding.pk, "level": "",
                                   "note": "Rút lại phát hiện"}),
        (services.finding_contest, {"actor": unit, "finding_id": conform.pk,
                                    "reason": "Không đồng ý"}),
        (services.question_remove, {"actor": auditor, "finding_id": finding.pk}),
        (services.audit_report, {"actor": leader, "audit_id": audit.pk, "conclusion": "Kết luận"}),
    ):  # fmt: skip
        with pytest.raises((Refusal, Forbidden)):
            act(now=LATER, **ask)
    rows = [Finding.objects.get(pk=one.pk) for one in (finding, conform)]
    assert [model_to_dict(one) for one in rows] == before


@pytest.mark.parametrize(
    ("text", "title"),
    [("Mờ", "Phát hiện 1: Mờ"), ("1.\nHai phiếu thiếu chữ ký.", "1. Hai phiếu thiếu chữ ký.")],
)
def test_an_audit_with_a_finding_of_few_letters_is_reported(announced, text, title):
    agency = announced
    audit = scene.announced(agency)
    scene.noted(agency, audit)
    one = Finding.objects.get(session__audit=audit, level="minor")
    services.finding_note(
        actor=agency.actor(scene.auditor_of(agency, one)), finding_id=one.pk, level="minor",
        text=text, now=LATER,
    )  # fmt: skip
    leader = agency.actor(scene.leader_of(agency, audit))
    services.audit_hold(actor=leader, audit_id=audit.pk, now=LATER)
    services.findings_agree(
        actor=agency.actor("ha"), session_id=one.session_id, now=LATER + timedelta(hours=1)
    )
    services.audit_report(
        actor=leader, audit_id=audit.pk, now=LATER + timedelta(hours=2),
        conclusion="Hệ thống được duy trì.",
    )  # fmt: skip

    assert Nonconformity.objects.get().title == title


@pytest.mark.parametrize("url", ["//x.vn/a", "/\\x.vn/a", "/\t/x.vn/a", "https://x.vn/"])
def test_a_link_to_another_site_is_no_evidence_of_a_finding(announced, url):
    agency = announced
    one = Finding.objects.filter(session__audit=scene.announced(agency)).first()
    ask = {"actor": agency.actor(scene.auditor_of(agency, one)), "finding_id": one.pk}

    code = refused(services.proof_add, now=LATER, links=[services.Link("link", "", url)], **ask)
    assert code == "link_outside"


def test_one_audit_carries_out_one_line_of_its_unit(agency):
    programme = scene.proposed(agency)
    first = programme.lines.order_by("id").first()
    services.programme_line_set(
        actor=agency.actor("thu"), programme_id=programme.pk, unit_id=first.unit_id,
        months=[1, 12], clause_numbers=first.clauses, now=NOW,
    )  # fmt: skip
    lines = programme.lines.count()
    own = {"programme_id": programme.pk, "now": NOW}
    services.programme_submit(actor=agency.actor("thu"), **own)
    services.programme_approve(actor=agency.actor("ha"), **own)
    audit_id = services.audit_propose(actor=agency.actor("thu"), month=12, **own)
    services.audit_submit(actor=agency.actor("thu"), audit_id=audit_id, now=NOW)
    services.audit_announce(
        actor=agency.actor("ha"), audit_id=audit_id, now=NOW, decision="12/QĐ-SKHCN"
    )
    audit = Audit.objects.get(pk=audit_id)
    scene.noted(agency, audit, minor=0)
    services.audit_hold(
        actor=agency.actor(scene.leader_of(agency, audit)), audit_id=audit_id, now=LATER
    )

    until = date(2026, 12, 31)
    found = queries.figures(
        agency_id=agency.scene.agency_id, since=date(2026, 1, 1), until=until, today=until
    )
    assert (found.lines, found.held) == (lines, lines - 1)


def test_who_changed_a_programme_does_not_approve_it(agency):
    at = agency.scene
    programme = scene.proposed(agency)
    at.appoint("ha", "PKH", "iso_secretary", "Kiêm thư ký ISO")
    services.programme_words(
        actor=agency.actor("ha"), programme_id=programme.pk, aim="Xem việc tiếp nhận hồ sơ.",
        excuse="", now=NOW,
    )  # fmt: skip
    services.programme_submit(actor=agency.actor("thu"), programme_id=programme.pk, now=NOW)
    ask = {"programme_id": programme.pk, "now": NOW}

    assert refused(services.programme_approve, actor=agency.actor("ha"), **ask) == "maker_approves"
    page = queries.programme_page(actor=agency.actor("ha"), year=programme.year, today=NOW.date())
    assert life.APPROVE not in page.may
    at.appoint("toan", "LD", "leader", "Phó Giám đốc")
    services.programme_approve(actor=agency.actor("toan"), **ask)

    services.programme_revise(
        actor=agency.actor("thu"), reason="Thêm một đơn vị", programme_id=programme.pk, now=LATER
    )
    services.programme_submit(actor=agency.actor("thu"), programme_id=programme.pk, now=LATER)
    services.programme_approve(actor=agency.actor("ha"), programme_id=programme.pk, now=LATER)


def test_the_leader_of_the_team_notes_nothing_in_the_own_unit(announced):
    agency = announced
    audit = scene.announced(agency)
    leader = agency.actor(scene.leader_of(agency, audit))
    units = {hat.unit_id for hat in leader.hats}
    (own,) = audit.sessions.filter(unit_id__in=units)
    other = audit.sessions.exclude(unit_id__in=units).exclude(
        auditors__person_id=leader.person_id
    ).first()  # fmt: skip
    finding = Finding.objects.filter(session=own).first()

    assert refused(services.finding_note, actor=leader, finding_id=finding.pk, level="conform",
                   now=LATER) == "leader_audited"  # fmt: skip
    page = queries.session_page(actor=leader, session_id=own.pk, now=LATER)
    assert not page.may_note
    assert not page.may_ask
    if other is not None:
        assert queries.session_page(actor=leader, session_id=other.pk, now=LATER).may_note


def test_a_session_names_the_clauses_that_nobody_asks_about(announced):
    agency = announced
    audit = scene.announced(agency)
    session = audit.sessions.exclude(findings=None).first()
    actor = agency.actor(scene.auditor_of(agency, session.findings.first()))
    asked = {one.clause for one in session.findings.all()}
    Session.objects.filter(pk=session.pk).update(clauses=[*sorted(asked), "9.3"])

    page = queries.session_page(actor=actor, session_id=session.pk, now=LATER)
    assert page.unasked == ("9.3",)
    services.question_add(
        actor=actor, session_id=session.pk, clause="9.3", text="Đã họp xem xét chưa?", now=LATER
    )
    page = queries.session_page(actor=actor, session_id=session.pk, now=LATER)
    assert page.unasked == ()
