"""What one act in a document's life does to another: old days in force, names, days far ahead."""

from datetime import date, timedelta

import pytest

from nep.apps.documents import rules, services
from nep.apps.documents.models import Document
from nep.apps.documents.tests import make
from nep.apps.documents.tests.life_scene import approve, brought, check, draft, submit
from nep.apps.organization.tests.scene import NOW
from nep.kernel.errors import Refusal

pytestmark = pytest.mark.usefixtures("copies_unprinted")


def test_a_document_older_than_the_calendars_is_reviewed_and_stops_no_other(agency):
    make.secretary(agency)
    old, _revision = make.in_force(agency, code="QT-01")
    new, _revision = make.in_force(agency, code="QT-02")
    Document.objects.filter(pk=old).update(in_force_since=date(1998, 5, 1))
    Document.objects.filter(pk=new).update(in_force_since=date(2026, 1, 1))
    for one in (old, new):
        services.review_plan(document_id=one, now=NOW)
    assert services.reviews_open(now=NOW) == 2


def judged(agency, days: int) -> tuple[int, int]:
    """Return a document whose first revision is approved for a day to come, and that revision."""
    document_id, revision_id = draft(agency)
    submit(agency, revision_id)
    check(agency, revision_id)
    approve(agency, revision_id, effective_from=(NOW + timedelta(days=days)).date())
    return document_id, revision_id


def test_what_is_approved_keeps_its_name_until_it_is_in_force(agency):
    document_id, _revision = judged(agency, 5)
    row = Document.objects.get(pk=document_id)
    facts = rules.DocumentFacts(
        kind=row.kind, title="Tên khác hẳn", code="QT-99", parent_id=None, owner_unit_id=None,
        level="internal", tags=(), clauses=(),
    )  # fmt: skip
    with pytest.raises(Refusal, match="giữ"):
        services.document_change(
            actor=agency.actor("lan"),
            document_id=document_id,
            version=row.version,
            now=NOW,
            facts=facts,
        )
    services.approved_take_effect(now=NOW + timedelta(days=6))
    kept = Document.objects.get(pk=document_id)
    assert (kept.status, kept.code, kept.title) == ("in_force", row.code, row.title)


def test_a_day_in_force_in_another_century_is_asked_about(agency):
    with pytest.raises(Refusal, match="xa quá"):
        judged(agency, 180 * 365)


def test_a_document_is_not_withdrawn_while_a_form_below_is_about_to_come_into_force(agency):
    parent_id, _revision = brought(agency)
    _child, revision_id = draft(
        agency, code="QT-01/BM01", title="Mẫu", kind="form", parent_id=parent_id
    )
    submit(agency, revision_id)
    check(agency, revision_id)
    approve(agency, revision_id, effective_from=(NOW + timedelta(days=5)).date())
    with pytest.raises(Refusal, match="QT-01/BM01"):
        services.document_withdraw(
            actor=agency.actor("ha"),
            document_id=parent_id,
            reason="không dùng nữa",
            decision_number="1/QĐ",
            now=NOW,
        )
