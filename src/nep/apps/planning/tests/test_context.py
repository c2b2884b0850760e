"""Context, interested parties, scope and policy: their life, pages and papers."""

import html
import io
from datetime import timedelta

import pytest
from docx import Document

from nep.apps.documents.queries import revision
from nep.apps.documents.rules import DocumentFacts
from nep.apps.documents.services import (
    document_add,
    document_approve,
    document_check,
    document_return,
    document_submit,
)
from nep.apps.documents.tests.life_scene import sheet as pdf
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning import queries, services
from nep.apps.planning.models import Risk, Statement, StatementMove
from nep.apps.planning.rules import context
from nep.apps.records.models import Record
from nep.apps.work.models import WorkItem
from nep.apps.workcal import queries as workcal
from nep.foundation.db.doctor import examine
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import local

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def go(agency, client):
    """Return a function that opens a page as somebody, or posts to it when values are given."""

    def post(by: str, place: str, **values):
        agency.scene.sign_in(client, by)
        return client.post(place, values) if values else client.get(place)

    return post


def written(at, part: str, *, by: str = "thu", now=NOW, **change) -> int:
    """Write an edition from the starter text, with something changed; return its id."""
    content = queries.starter_content(agency_id=at.scene.agency_id, part=part)
    stored = {**context.stored_form(content), **change}
    line, _ = queries.open_statement(agency_id=at.scene.agency_id, part=part)
    return services.statement_save(
        actor=at.actor(by), part=part, content=context.read_content(part, stored),
        version=line.version if line else 0, now=now,
    )  # fmt: skip


def submitted(at, id_: int, *, by: str = "thu", now=NOW, **people) -> None:
    services.statement_submit(actor=at.actor(by), statement_id=id_, now=now, **people)


def approved(at, id_: int, *, by: str = "ha", now=NOW, hash_: str = "") -> None:
    seen = hash_ or Statement.objects.get(pk=id_).content_hash
    services.statement_approve(actor=at.actor(by), statement_id=id_, content_hash=seen, now=now)


def refused(code: str, act, *args, **values) -> None:
    with pytest.raises(Refusal) as refusal:
        act(*args, **values)
    assert refusal.value.code == code


def test_an_edition_is_submitted_approved_by_another_and_replaced_by_the_next(agency):
    first = written(agency, "scope", services="Mọi thủ tục hành chính của cơ quan.")
    submitted(agency, first)
    item = WorkItem.objects.get(source_type="statement", source_id=first, state=0)
    assert item.role == "leader"
    calendar = workcal.calendar_for(agency.scene.agency_id)
    due = local(item.due_at)
    assert calendar.working_days_between(local(NOW).date(), due.date()) == 5
    assert calendar.day_close(due.date()) == due
    refused("content_changed", approved, agency, first, hash_="0" * 64)
    assert queries.approvals_of(agency_id=agency.scene.agency_id, since=NOW) == ()
    approved(agency, first)
    later = NOW + timedelta(days=30)
    second = written(agency, "scope", now=later, excluded=[])
    submitted(agency, second, now=later)
    approved(agency, second, now=later)

    agency_id = agency.scene.agency_id
    assert dict(Statement.objects.values_list("edition", "state")) == {1: "replaced", 2: "in_force"}
    assert queries.scope_of(agency_id=agency_id).excluded == ()
    told = queries.approvals_of(agency_id=agency_id, since=NOW)
    assert [(one.title[-6:], one.approved_at) for one in told] == [
        ("lần 02", later),
        ("lần 01", NOW),
    ]
    before = queries.scope_of(agency_id=agency_id, on=NOW.date())
    assert [one.clause for one in before.excluded] == ["8.3", "7.1.5.2"]
    assert queries.scope_of(agency_id=agency_id, on=NOW.date() - timedelta(days=1)) is None
    (found,) = [one for one in queries.evidence([agency_id]) if one.kind == "scope"]
    assert (found.clause, found.newest_on) == ("4.3", later.date())
    assert [found for _, found in examine(parts=("planning",)) if found] == []


def test_who_wrote_any_of_it_does_not_approve_it(agency):
    agency.scene.person("pgd", "Mai Văn Phó", ("LD", "leader", "Phó Giám đốc"),
                        ("PKH", "unit_head", ""))  # fmt: skip
    id_ = written(agency, "context", by="pgd")
    written(agency, "context", by="thu", threats=["Mưa bão làm ngập trụ sở."])
    submitted(agency, id_)
    refused("author_is_approver", approved, agency, id_, by="pgd")
    approved(agency, id_)
    with pytest.raises(Forbidden):
        written(agency, "context", by="lan")


BAD = (
    ("context", {"strengths": [], "weaknesses": []}, "inside_missing"),
    ("context", {"opportunities": [], "threats": []}, "outside_missing"),
    ("context", {"climate": ""}, "climate_missing"),
    ("parties", {"rows": []}, "parties_missing"),
    ("parties", {"rows": [{"party": "Người dân", "need": ""}]}, "need_missing"),
    ("scope", {"services": ""}, "services_missing"),
    ("scope", {"excluded": [{"clause": "99.9", "reason": "Không có việc này."}]}, "clause_unknown"),
    ("scope", {"excluded": [{"clause": "8.3", "reason": ""}]}, "reason_missing"),
    ("policy", {"commitments": ["Phục vụ nhân dân."]}, "commitments_few"),
    ("policy", {"commitments": ["Đúng pháp luật.", "Đúng hẹn."]}, "improvement_missing"),
    ("policy", {"commitments": ["Vui vẻ.", "Cải tiến liên tục."]}, "requirements_missing"),
)


@pytest.mark.parametrize(("part", "change", "code"), BAD)
def test_what_a_clause_asks_for_must_stand_in_it(agency, part, change, code):
    id_ = written(agency, part, **change)
    refused(code, submitted, agency, id_)
    assert Statement.objects.get().state == "draft"


ACTS = {
    context.SAVE: lambda at, id_: services.statement_save(
        actor=at.actor("thu"), part="parties", now=NOW,
        version=Statement.objects.get(pk=id_).version, content=(context.Party("Dân", "Nhanh"),)),
    context.SUBMIT: lambda at, id_: submitted(at, id_),
    context.TAKE_BACK: lambda at, id_: services.statement_take_back(
        actor=at.actor("thu"), statement_id=id_, now=NOW),
    context.APPROVE: lambda at, id_: approved(at, id_),
    context.RETURN: lambda at, id_: services.statement_return(
        actor=at.actor("ha"), statement_id=id_, reason="Thiếu bên bưu chính.", now=NOW),
    context.DROP: lambda at, id_: services.statement_drop(
        actor=at.actor("thu"), statement_id=id_, now=NOW),
    context.CONFIRM: lambda at, id_: services.statement_confirm(
        actor=at.actor("thu"), statement_id=id_, note="Đối chiếu với danh mục mới.", now=NOW),
}  # fmt: skip


@pytest.mark.parametrize("state", ["draft", "submitted", "in_force", "dropped"])
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    id_ = written(agency, "parties")
    if state == "dropped":
        ACTS[context.DROP](agency, id_)
    elif state != "draft":
        submitted(agency, id_)
    if state == "in_force":
        approved(agency, id_)
    before, steps = Statement.objects.values().get(), StatementMove.objects.count()
    assert before["state"] == state
    assert set(ACTS) == set(context.MOVES) - {context.REPLACE}

    for move, act in ACTS.items():
        if (state, move) not in context.LIFE and not (
            move == context.SAVE and state in {"in_force", "dropped"}
        ):  # a saved text then begins the next edition
            with pytest.raises((Refusal, Conflict)):
                act(agency, id_)
            assert Statement.objects.values().get() == before
    assert StatementMove.objects.count() == steps


def test_an_edition_in_force_is_asked_for_again_a_year_later(agency, go):
    id_ = written(agency, "parties")
    submitted(agency, id_)
    approved(agency, id_)
    (found,) = Statement.objects.all()
    early = found.review_on - timedelta(days=20)
    near = NOW.replace(year=NOW.year + 1) - timedelta(days=10)
    open_items = WorkItem.objects.filter(source_type="statement", source_id=id_, state=0)

    assert services.statements_review_due(now=NOW.replace(year=early.year, day=early.day,
                                                          month=early.month)) == 0  # fmt: skip
    assert [services.statements_review_due(now=near) for _ in range(2)] == [1, 0]
    assert open_items.get().role == "iso_secretary"
    assert "Soát lại trước" in text(go("thu", f"/boi-canh/{id_}/"))
    refused("note_missing", services.statement_confirm, actor=agency.actor("thu"),
            statement_id=id_, note=" ", now=near)  # fmt: skip
    assert go("thu", f"/boi-canh/{id_}/soat-lai/", note="Đã đối chiếu góp ý.").status_code == 302
    assert not open_items.exists()
    assert Statement.objects.get().state == "in_force"

    later = near.replace(year=near.year + 1)
    Statement.objects.update(review_on=later.date())
    assert services.statements_review_due(now=later) == 1
    written(agency, "parties", now=later, rows=[{"party": "Bưu điện", "need": "Giao đúng giờ"}])
    assert not open_items.exists()
    assert services.statements_review_due(now=later) == 0


def test_a_policy_is_approved_once_as_a_controlled_document_and_hung_up(agency, go):
    people = {"checker_id": agency.scene.people["toan"], "approver_id": agency.scene.people["ha"]}
    id_ = written(agency, "policy", motto="Đúng hẹn")
    submitted(agency, id_, **people)
    row = Statement.objects.get()
    refused("approved_elsewhere", approved, agency, id_)
    library(agency, row.revision_id, document_return, by="toan", reason="Thêm ngày.")
    services.statement_take_back(actor=agency.actor("thu"), statement_id=id_, now=NOW)
    written(agency, "policy", motto="Đúng hẹn, đúng luật")
    submitted(agency, id_, **people)
    library(agency, row.revision_id, document_check, by="toan", seen=True)
    library(agency, row.revision_id, document_approve, by="ha", seen=True)
    drain(now=NOW + timedelta(minutes=1))

    row.refresh_from_db()
    facts = revision(revision_id=row.revision_id, agency_id=agency.scene.agency_id)
    assert (row.state, row.approver_id) == ("in_force", agency.scene.people["ha"])
    assert (facts.kind, facts.state) == ("policy", "in_force")
    assert queries.policy_of(agency_id=agency.scene.agency_id).motto == "Đúng hẹn, đúng luật"
    for size in ("a4", "a3"):
        assert go("lan", f"/boi-canh/{id_}/niem-yet-{size}.pdf").content.startswith(b"%PDF")
    assert facts.code in text(go("lan", f"/boi-canh/{id_}/"))


def test_a_policy_that_the_library_has_goes_on_with_its_numbers(agency):
    people = {"checker_id": agency.scene.people["toan"], "approver_id": agency.scene.people["ha"]}
    thu = agency.actor("thu")
    _, had = document_add(
        actor=thu, now=NOW, file=("chinh-sach.pdf", pdf("Chinh sach")),
        facts=DocumentFacts(kind="policy", title="Chính sách chất lượng"),
    )  # fmt: skip
    document_submit(actor=thu, revision_id=had, now=NOW, **people)
    library(agency, had, document_check, by="toan", seen=True)
    library(agency, had, document_approve, by="ha", seen=True)
    drain(now=NOW + timedelta(minutes=1))

    id_ = written(agency, "policy")
    submitted(agency, id_, **people)

    row = Statement.objects.get(pk=id_)
    facts = revision(revision_id=row.revision_id, agency_id=agency.scene.agency_id)
    assert (facts.issue, row.edition) == ("02", 2)


def library(at, revision_id: int, act, *, by: str, seen: bool = False, **values) -> None:
    """Do something with the policy's revision in the library."""
    if seen:
        facts = revision(revision_id=revision_id, agency_id=at.scene.agency_id)
        values["content_hash"] = facts.content_hash
    act(actor=at.actor(by), revision_id=revision_id, now=NOW, **values)


def test_pages_offer_starter_text_and_the_head_approves_what_is_shown(agency, go):
    home = text(go("thu", "/boi-canh/"))
    offered = ""
    for part in ("context", "parties", "scope"):
        place = f"/boi-canh/soan/{part}/"
        page = go("thu", place)
        offered += text(page)
        form = page.context["form"]
        said = {name: form[name].value() for name in form.fields}
        values = {name: "" if value is None else value for name, value in said.items()}
        assert go("thu", place, **values, submit="1").status_code == 302
    shown = go("ha", "/boi-canh/phe-duyet/")
    seen = [f"{one.pk}:{one.content_hash}" for one in Statement.objects.all()]
    stale = go("ha", "/boi-canh/phe-duyet/", seen=[f"{Statement.objects.first().pk}:x"])
    done = go("ha", "/boi-canh/phe-duyet/", seen=seen)

    assert "Còn thiếu: bối cảnh của cơ quan, các bên quan tâm" in home
    assert "Người dân, tổ chức, doanh nghiệp nộp hồ sơ" in offered
    assert "giữ nguyên chữ gợi ý" in text(shown)
    assert "Mưa bão" not in home
    assert stale.status_code == 422
    assert done.status_code == 302
    assert set(Statement.objects.values_list("state", flat=True)) == {"in_force"}
    threat = "Lộ dữ liệu cá nhân của người nộp hồ sơ"
    assert threat in text(go("thu", "/rui-ro/goi-y/"))
    assert Risk.objects.count() == 0


def test_a_refused_text_stays_on_its_page_and_an_edition_is_printed(agency, go):
    bad = go("thu", "/boi-canh/soan/policy/", version=0, motto="", commitments="Vui vẻ",
             submit="1", checker_id=agency.scene.people["toan"],
             approver_id=agency.scene.people["ha"])  # fmt: skip
    assert bad.status_code == 422
    assert "ít nhất hai cam kết" in text(bad)
    assert Statement.objects.count() == 0  # kept and submitted together, or not at all
    id_ = written(agency, "scope")
    word = Document(io.BytesIO(go("lan", f"/boi-canh/{id_}/ban.docx").content))
    cells = [c.text for table in word.tables for row in table.rows for c in row.cells]
    assert "8.3" in cells
    assert "(Dự thảo, chưa phê duyệt)" in [one.text for one in word.paragraphs]
    assert go("lan", f"/boi-canh/{id_}/ban.pdf").content.startswith(b"%PDF")
    assert go("thu", f"/boi-canh/{id_}/niem-yet-a4.pdf").status_code == 422


def test_an_approved_edition_is_kept_once_with_the_hash_of_its_paper(agency, go):
    id_ = written(agency, "scope")
    place = f"/boi-canh/{id_}/"
    early = go("thu", place + "luu/", now="1")
    submitted(agency, id_)
    approved(agency, id_)
    offered = text(go("thu", place))
    for _ in range(2):
        go("thu", place + "luu/", now="1")

    assert early.status_code == 422
    assert "Lưu bản đã phê duyệt" in offered
    row = Record.objects.get()
    assert (row.source_id, row.source_code) == (id_, "Điều 4.3")
    assert row.sha256[:12] in text(go("thu", place))


def test_two_writers_and_another_agency_are_told_apart(agency, other_agency):
    id_ = written(agency, "scope")
    with pytest.raises(Conflict):
        services.statement_save(
            actor=agency.actor("thu"), part="scope", content=context.Scope(), version=0, now=NOW
        )
    with pytest.raises(NotFound):
        services.statement_drop(actor=other_agency.actor("toan"), statement_id=id_, now=NOW)


def test_pages_ask_few_questions(agency, client, django_assert_max_num_queries):
    ids = [written(agency, part) for part in ("context", "parties", "scope")]
    for id_ in ids:
        submitted(agency, id_)
    for name, places in (("thu", ("/boi-canh/", "/boi-canh/soan/policy/", f"/boi-canh/{ids[0]}/")),
                         ("ha", ("/boi-canh/phe-duyet/",))):  # fmt: skip
        agency.scene.sign_in(client, name)
        for place in places:
            client.get(place)
            with django_assert_max_num_queries(15):
                assert client.get(place).status_code == 200


def test_all_missing_parts_are_written_on_one_page_all_or_none(agency, go):
    place = "/boi-canh/soan/"
    page = go("thu", place)
    fields = [one for form, _name, _clause in page.context["forms"] for one in form]
    sent = {
        one.html_name: "" if one.value() is None else one.value()
        for one in (*fields, *page.context["people"])
    }
    empty = go("thu", place, **{**sent, "context-climate": ""}, submit="1")
    none = Statement.objects.count()
    go("thu", place, **sent, submit="1")

    assert "Soạn 4 phần còn thiếu" in text(page)
    assert (empty.status_code, none) == (422, 0)
    assert list(Statement.objects.values_list("state", flat=True)) == ["submitted"] * 4
    assert go("thu", place).status_code == 302


@pytest.mark.django_db
def test_a_policy_that_was_dropped_leaves_the_way_free_for_the_next(agency):
    people = agency.scene.people
    who = {"checker_id": people["qmr"], "approver_id": people["ha"]}
    first = written(agency, "policy", motto="Đúng hẹn")
    submitted(agency, first, **who)
    services.statement_take_back(actor=agency.actor("thu"), statement_id=first, now=NOW)
    services.statement_drop(actor=agency.actor("thu"), statement_id=first, now=NOW)

    second = written(agency, "policy", motto="Đúng hẹn, đúng luật")
    submitted(agency, second, **who)

    assert Statement.objects.get(pk=second).state == "submitted"
