"""Clauses of the standard in the forms and lists of documents."""

import html

import pytest
from django.urls import reverse

from nep.apps.documents import queries, rules
from nep.apps.documents.models import ChangeRequest, Document
from nep.apps.documents.tests.make import secretary
from nep.apps.organization.tests.scene import NOW
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("7.1.3", ("ISO 9001:2015", "7.1.3")),
        ("ISO 9001:2026: 6.1.2", ("ISO 9001:2026", "6.1.2")),
        ("ISO/IEC 27001:2022: A.5.1", ("ISO/IEC 27001:2022", "A.5.1")),
    ],
)
def test_a_chosen_clause_stands_below_those_written(more, found):
    pairs = rules.read_clauses(rules.with_clause("ISO 9001:2015: 7.5.3", more))

    assert ("ISO 9001:2015", "7.5.3") in pairs
    assert found in pairs


def test_what_is_no_clause_is_refused_as_ever():
    with pytest.raises(Refusal, match="Chưa đọc được"):
        rules.read_clauses(rules.with_clause("", "điều bảy"))


def test_the_form_offers_the_clauses_and_takes_one_from_the_matrix(agency, client):
    key = secretary(agency)
    agency.sign_in(client, key)
    place = reverse("documents:new")
    page = client.get(place, {"dieu": "2015:7.1.3"})
    strange = client.get(place, {"dieu": "2015:99"})
    client.post(place, {"kind": "other", "title": "Nội quy trụ sở", "level": "internal",
                        "clauses": "ISO 9001:2015: 7.1.3", "clause_more": "7.1.4", "issue": "01",
                        "amendment": "00"})  # fmt: skip

    assert page.context["form"]["clauses"].value() == "ISO 9001:2015: 7.1.3"
    assert "Cơ sở hạ tầng" in text(page)
    assert strange.context["form"]["clauses"].value() == ""
    row = Document.objects.get(title="Nội quy trụ sở")
    assert set(row.clauses.values_list("clause", flat=True)) == {"7.1.3", "7.1.4"}
    titled = text(client.get(reverse("documents:clauses")))
    assert "Môi trường cho việc thực hiện các quá trình" in titled


def test_a_document_in_force_stands_for_its_clauses_and_kind(agency):
    made = Document.objects.create(
        agency_id=agency.agency_id, kind="policy", code="CS-01", code_key="CS-01",
        title="Chính sách chất lượng", folded="chinh sach", level="restricted", status="new",
        in_force_since=NOW.date(), created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    made.clauses.create(agency_id=agency.agency_id, standard="TCVN ISO 9001:2015", clause="5.2")
    made.clauses.create(agency_id=agency.agency_id, standard="ISO/IEC 27001:2022", clause="5.2")
    assert queries.evidence([agency.agency_id]) == ()

    revision = made.revisions.create(
        agency_id=agency.agency_id, issue="01", amendment="00", state="in_force",
        content_hash="0" * 64, drafted_by_id=agency.people["lan"], drafted_at=NOW,
        checked_by_id=agency.people["huy"], checked_at=NOW,
        approved_by_id=agency.people["tuan"], approved_at=NOW,
        effective_from=NOW.date(),
    )  # fmt: skip
    Document.objects.filter(pk=made.pk).update(status="in_force", current=revision)

    found = {(one.clause, one.kind, one.count, one.title) for one in
             queries.evidence([agency.agency_id])}  # fmt: skip
    assert found == {
        ("5.2", "document", 1, "Tài liệu hạn chế"),
        ("5.2.2", "document", 1, "Tài liệu hạn chế"),
    }


def test_changes_carried_out_stand_for_planned_change(agency):
    person = agency.people["lan"]
    ChangeRequest.objects.create(
        agency_id=agency.agency_id, wish="new", kind="policy", title="Chính sách", reason="Chưa có",
        state="done", asked_by_id=person, asked_at=NOW, decided_by_id=agency.people["huy"],
        decided_at=NOW,
    )  # fmt: skip

    found = {(one.clause, one.kind, one.count, one.newest_on) for one in
             queries.evidence([agency.agency_id, 1])}  # fmt: skip
    day = local(NOW).date()
    assert found == {("6.3", "change", 1, day), ("8.5.6", "change", 1, day)}
