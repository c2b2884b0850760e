"""The matrix over pages and services."""

import html

import pytest
from django.urls import reverse

from nep.apps.conformity import queries, services
from nep.apps.conformity.models import AskSetting, LeftOut
from nep.apps.conformity.queries._matrix_invariants import decisions
from nep.apps.conformity.rules import matrix as rules
from nep.apps.conformity.rules.mending import WAYS
from nep.apps.documents.models import Document, DocumentClause
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning import services as planning
from nep.apps.planning.queries import statement_page
from nep.apps.planning.rules import context
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import local

pytestmark = pytest.mark.django_db
TODAY = local(NOW).date()
WHY = "Thủ tục hành chính do pháp luật quy định, cơ quan không thiết kế."


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def row_of(agency, number, **more):
    found = queries.matrix(actor=agency.actor("thu"), today=TODAY, **more)
    return next(row for row in found.rows if row.clause.number == number)


def document(agency, *, clause="7.1.3", level="internal", standard="ISO 9001:2015") -> Document:
    """Put a document in force beside its services: only what the matrix reads of it."""
    made = Document.objects.create(
        agency_id=agency.agency_id, kind="other", code=f"TL-{clause}", code_key=f"TL-{clause}",
        title="Nội quy trụ sở", folded="noi quy tru so", level=level, status="new",
        in_force_since=TODAY, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    DocumentClause.objects.create(
        document=made, agency_id=agency.agency_id, standard=standard, clause=clause
    )
    return made


def test_the_page_says_how_much_is_open_and_offers_what_mends_it(agency, client):
    agency.scene.sign_in(client, "thu")
    page = client.get(reverse("conformity:matrix"))

    assert "điều khoản cần bổ sung" in text(page)
    assert "Chuẩn bị xem xét" in text(page)
    assert page.context["matrix"].counts[rules.MISSING] > 20
    assert row_of(agency, "5.3").state == rules.COMPLETE  # the appointments themselves
    assert row_of(agency, "9.2").mend_label in {"Lập đánh giá", ""}


def test_the_filter_keeps_one_state_and_forgets_what_it_does_not_know(agency, client):
    agency.scene.sign_in(client, "thu")
    only = client.get(reverse("conformity:matrix"), {"tt": "complete"})
    strange = client.get(reverse("conformity:matrix"), {"tt": "lạ", "ban": "1994"})

    shown = {row.state for _, rows in only.context["chapters"] for row in rows}
    assert shown == {rules.COMPLETE}
    assert strange.context["matrix"].edition.code == "2015"
    assert len(strange.context["matrix"].rows) == 56


def test_a_clause_that_does_not_apply_stands_with_its_reason_in_every_edition(agency, client):
    agency.scene.sign_in(client, "thu")
    place = reverse("conformity:matrix_leave_out")
    short = client.post(place, {"edition": "2015", "clause": "8.3", "reason": "Không cần"})
    wrong = client.post(place, {"edition": "2015", "clause": "9.2", "reason": WHY})
    done = client.post(place, {"edition": "2015", "clause": "8.3", "reason": WHY})
    again = client.post(place, {"edition": "2015", "clause": "8.3", "reason": WHY})

    assert (short.status_code, wrong.status_code, again.status_code) == (422, 422, 422)
    assert "lý do" in text(short)
    assert "9.2" in text(wrong)
    assert done.status_code == 302
    assert row_of(agency, "8.3.4").state == rules.LEFT_OUT
    assert row_of(agency, "8.3.4", edition="2026").reason == WHY
    assert row_of(agency, "7.3.2", edition="2008").state == rules.LEFT_OUT
    assert JournalEntry.objects.filter(action="matrix.left_out").count() == 1

    client.post(reverse("conformity:matrix_take_back"), {"clause": "8.3.1"})
    assert row_of(agency, "8.3.4").state == rules.MISSING
    assert LeftOut.objects.get().ended_by_id == agency.scene.people["thu"]
    with pytest.raises(NotFound):
        services.clause_taken_back(actor=agency.actor("thu"), clause="8.3.1", now=NOW)


def test_what_is_asked_is_set_by_the_agency_alone(agency, client):
    agency.scene.sign_in(client, "thu")
    label = "người giữ vị trí"
    place = reverse("conformity:matrix_ask_set")
    bad = client.post(place, {"clause": "7.1.2", "label": label, "least": "0", "months": "0"})
    client.post(place, {"clause": "7.1.2", "label": label, "least": "900", "months": "0"})

    assert bad.status_code == 422
    assert "từ 1 đến 1000" in text(bad)
    assert row_of(agency, "7.1.2").state == rules.THIN
    assert "/900" in row_of(agency, "7.1.2").reason
    assert AskSetting.objects.get().changed_by_id == agency.scene.people["thu"]
    with pytest.raises(NotFound):
        services.ask_set(actor=agency.actor("thu"), clause="7.1.2", label="Khác", least=1,
                         months=1, now=NOW)  # fmt: skip


def test_who_may_not_set_it_is_refused_and_nothing_changes(agency):
    with pytest.raises(Forbidden):
        services.clause_left_out(
            actor=agency.actor("lan"), edition="2015", clause="8.3", reason=WHY, now=NOW
        )
    with pytest.raises(Forbidden):
        services.ask_set(actor=agency.actor("lan"), clause="7.1.2", label="người giữ vị trí",
                         least=3, months=0, now=NOW)  # fmt: skip
    with pytest.raises(Refusal):
        services.clause_left_out(
            actor=agency.actor("thu"), edition="1994", clause="8.3", reason=WHY, now=NOW
        )
    assert not LeftOut.objects.exists()
    assert not AskSetting.objects.exists()


def test_what_an_approved_scope_leaves_out_stands_so_in_the_matrix(agency):
    said = context.Scope("Mọi thủ tục hành chính.", "", (
        context.Excluded("8.3", WHY), context.Excluded("7.1.5.2", WHY),
        context.Excluded("9.2", WHY),
    ))  # fmt: skip
    id_ = planning.statement_save(
        actor=agency.actor("thu"), part="scope", content=said, version=0, now=NOW
    )
    planning.statement_submit(actor=agency.actor("thu"), statement_id=id_, now=NOW)
    assert row_of(agency, "8.3.1").state != rules.LEFT_OUT
    page = statement_page(actor=agency.actor("ha"), statement_id=id_)
    planning.statement_approve(
        actor=agency.actor("ha"), statement_id=id_, content_hash=page.line.content_hash, now=NOW
    )

    assert row_of(agency, "8.3.1").reason == WHY
    assert row_of(agency, "8.3.1").state == rules.LEFT_OUT
    traced = row_of(agency, "7.1.5")
    assert (traced.state, traced.parts_out) == (
        rules.MISSING, (("7.1.5.2", WHY, "phạm vi đã phê duyệt"),)
    )  # fmt: skip
    assert "hiệu chuẩn" not in traced.reason
    assert row_of(agency, "9.2").state != rules.LEFT_OUT
    listed = queries.matrix_rules_page(actor=agency.actor("thu")).left_out
    assert [(one.clause, one.row, one.by) for one in listed] == [
        ("8.3", "", "Phạm vi đã phê duyệt"),
        ("7.1.5.2", "", "Phạm vi đã phê duyệt"),
    ]


def test_a_part_left_out_leaves_the_rest_of_its_row_asked_for(agency):
    def leave_out(clause: str, edition: str = "2015") -> None:
        services.clause_left_out(
            actor=agency.actor("thu"), edition=edition, clause=clause, reason=WHY, now=NOW
        )

    assert "hiệu chuẩn" in row_of(agency, "7.1.5").reason
    leave_out("7.1.5.2", "2026")
    row = row_of(agency, "7.1.5")
    assert (row.state, [number for number, *_ in row.parts_out]) == (rules.MISSING, ["7.1.5.2"])
    assert row.reason == "Chưa có tài liệu về phương tiện theo dõi, đo lường."
    (line,) = queries.matrix_rules_page(actor=agency.actor("thu")).left_out
    assert (line.clause, line.row) == ("7.1.5.2", "7.1.5.2")
    with pytest.raises(Refusal, match=r"10\.2"):
        leave_out("10.2.1")

    leave_out("7.1.5.1")
    assert row_of(agency, "7.1.5").state == rules.LEFT_OUT

    services.clause_taken_back(actor=agency.actor("thu"), clause="7.1.5.2", now=NOW)
    row = row_of(agency, "7.1.5")
    assert row.reason == "Chưa có hồ sơ hiệu chuẩn, kiểm định thiết bị đo."
    assert list(decisions()) == []


def test_another_agency_s_matrix_holds_nothing_of_this_one(agency, other_agency):
    services.clause_left_out(
        actor=agency.actor("thu"), edition="2015", clause="8.3", reason=WHY, now=NOW
    )
    other = next(iter(other_agency.people))

    found = queries.matrix(actor=other_agency.actor(other), today=TODAY)

    assert found.counts[rules.LEFT_OUT] == 0


def test_the_matrix_goes_out_as_excel_pdf_and_word(agency, client):
    agency.scene.sign_in(client, "thu")
    sheet = client.get(reverse("conformity:matrix_export"), {"ban": "2026"})
    paper = client.get(reverse("conformity:matrix_paper", args=["docx"]))

    assert sheet.content[:2] == b"PK"
    assert "2026" in sheet["Content-Disposition"]
    assert paper.content[:2] == b"PK"
    assert client.get("/phu-hop/ma-tran.exe").status_code == 404


def test_the_page_asks_a_fixed_number_of_questions(agency, client, django_assert_max_num_queries):
    agency.scene.sign_in(client, "thu")
    client.get(reverse("conformity:matrix"))
    with django_assert_max_num_queries(15):
        client.get(reverse("conformity:matrix"))


def test_the_doctor_finds_what_must_not_be_left_out(agency):
    LeftOut.objects.create(agency_id=agency.scene.agency_id, edition="2015", clause="9.2",
                           reason=WHY, decided_by_id=agency.scene.people["thu"],
                           decided_at=NOW)  # fmt: skip
    LeftOut.objects.create(agency_id=agency.scene.agency_id, edition="2015", clause="8.3",
                           reason=WHY, decided_by_id=agency.scene.people["thu"],
                           decided_at=NOW)  # fmt: skip

    assert [one.record for one in decisions()] == ["2015:9.2"]


def test_every_way_to_mend_opens_a_page_of_this_site():
    unknown = {key for key, way in WAYS.items() if not queries.address_of(way.url_name)}

    assert unknown == set()
