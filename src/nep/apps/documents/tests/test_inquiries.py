"""A reader asks the author of a version back; the answer comes to the reader and stays."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.documents import queries, services
from nep.apps.documents.models import Document, Inquiry
from nep.apps.documents.tests.make import in_force, secretary
from nep.apps.organization import queries as organization
from nep.apps.organization.models import Appointment
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import Notice, WorkItem
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def version(agency) -> tuple[int, int]:
    secretary(agency)
    return in_force(agency)


def ask(agency, revision_id: int, *, who: str = "huy", text: str = "Bước 3 ai ký?") -> int:
    return services.inquiry_ask(
        actor=agency.actor(who), revision_id=revision_id, text=text, now=NOW
    )


def answer(agency, inquiry_id: int, *, who: str = "lan", text: str = "Trưởng phòng ký.") -> None:
    services.inquiry_answer(actor=agency.actor(who), inquiry_id=inquiry_id, answer=text, now=LATER)


def test_the_author_gets_one_item_and_the_reader_the_answer(agency, version):
    inquiry_id = ask(agency, version[1])
    item = WorkItem.objects.get(source_type="document_inquiry")
    assert (item.person_id, item.state) == (agency.people["lan"], 0)
    assert "Bước 3 ai ký?" in item.note

    answer(agency, inquiry_id)

    row = Inquiry.objects.get()
    assert (row.answer, row.answered_by_id) == ("Trưởng phòng ký.", agency.people["lan"])
    assert WorkItem.objects.get(pk=item.pk).state != 0
    told = Notice.objects.get(person_id=agency.people["huy"])
    assert told.detail == "Trưởng phòng ký." and told.link == f"/tai-lieu/{version[0]}/#hoi-dap"
    acts = JournalEntry.objects.filter(action__startswith="inquiry.").order_by("pk")
    assert [one.action for one in acts] == ["inquiry.asked", "inquiry.answered"]
    with pytest.raises(Conflict):
        answer(agency, inquiry_id, text="Phó trưởng phòng.")


def test_who_has_no_part_in_it_neither_answers_nor_sees_the_question(agency, other_agency, version):
    document_id, revision_id = version
    inquiry_id = ask(agency, revision_id)
    with pytest.raises(Forbidden):
        answer(agency, inquiry_id, who="huy")
    with pytest.raises(NotFound):
        answer(other_agency, inquiry_id)

    def seen(who: str) -> int:
        facts = queries.revision(revision_id=revision_id, agency_id=agency.agency_id)
        return len(
            queries.inquiries_of(
                actor=agency.actor(who), document_id=document_id, author_ids=facts.author_ids
            )
        )

    assert {who: seen(who) for who in ("huy", "lan", "thuky", "tuan")} == {
        "huy": 1, "lan": 1, "thuky": 1, "tuan": 0,
    }  # fmt: skip
    Document.objects.filter(pk=document_id).update(level="restricted")
    with pytest.raises(NotFound):
        ask(agency, revision_id, who="tuan")


def test_the_author_does_not_ask_nor_does_anybody_flood(agency, version):
    with pytest.raises(Refusal, match="người soạn bản này"):
        ask(agency, version[1], who="lan")
    with pytest.raises(Refusal, match="ghi điều"):
        ask(agency, version[1], text="  ")
    for number in range(3):
        ask(agency, version[1], text=f"Câu {number}?")
    with pytest.raises(Refusal, match="3 câu hỏi chưa được trả lời"):
        ask(agency, version[1])
    assert Inquiry.objects.count() == 3


def test_a_question_about_a_version_whose_author_left_goes_to_who_keeps_documents(agency, version):
    Appointment.objects.filter(person_id=agency.people["lan"]).update(
        ends_on=NOW.date() - timedelta(days=1)
    )
    organization.forget()
    ask(agency, version[1])

    assert Inquiry.objects.get().asked_of_id == agency.people["thuky"]


def test_question_and_answer_through_the_pages(agency, version, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    document_id, _ = version
    place = reverse("documents:page", args=[document_id])
    agency.sign_in(client, "huy")
    assert "Hỏi lại người soạn" in client.get(place).content.decode()
    empty = client.post(reverse("documents:inquiry_ask", args=[document_id]), {"text": ""})
    assert empty.status_code == 422 and "Câu hỏi chưa gửi được" in empty.content.decode()
    client.post(reverse("documents:inquiry_ask", args=[document_id]), {"text": "Nộp bản nào <b>?"})
    asked = client.get(place).content.decode()
    assert "Nộp bản nào &lt;b&gt;?" in asked and "trả lời</p>" in asked

    agency.sign_in(client, "lan")
    assert "1 câu hỏi chờ trả lời" in client.get(place).content.decode()
    row = Inquiry.objects.get()
    where = reverse("documents:inquiry_answer", args=[row.pk])
    assert client.post(where, {"answer": ""}).status_code == 422
    assert client.post(where, {"answer": "Bản hiệu lực."}).status_code == 302

    agency.sign_in(client, "huy")
    assert "Bản hiệu lực." in client.get(place).content.decode()
