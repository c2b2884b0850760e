"""Feedback: its limits, its life, its sender."""

import html
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from nep.apps.improvement import queries, services
from nep.apps.improvement.models import Feedback, FeedbackMove, Nonconformity
from nep.apps.improvement.rules import feedback as rules
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import ports
from nep.apps.work.models import WorkItem
from nep.foundation.db.doctor import examine
from nep.foundation.journal.models import JournalEntry
from nep.kernel.decisions import Refused
from nep.kernel.errors import Forbidden, NotFound, Refusal
from tests.soon import LATER

SENDER, CONTACT = "Bùi Thị Người Gửi", "0900 123 987"
THURSDAY = date(2026, 12, 10)


@given(st.sampled_from(sorted(rules.STATE_NAMES)), st.sampled_from(rules.MOVES), st.booleans())
def test_a_move_leads_where_the_table_says(state, move, strict):
    found = rules.next_state(rules.Facts(state, None, strict), move)

    skips = strict and (state, move) == (rules.RECEIVED, rules.ANSWER)
    if (state, move) in rules.LIFE and not skips:
        assert found == rules.LIFE[state, move]
    else:
        assert isinstance(found, Refused)


def add(at, *, by: str = "tuan", **change) -> int:
    values = {"kind": "petition", "channel": "letter", "received_on": THURSDAY,
              "title": "Phải đi lại ba lần mới đủ giấy", "text": "Thiếu hướng dẫn ở quầy.",
              "sender": SENDER, "contact": CONTACT}  # fmt: skip
    return services.feedback_add(
        actor=at.actor(by), values=services.FeedbackValues(**{**values, **change}), now=NOW
    )


def act(at, feedback_id: int, move: str, *, by: str = "tuan") -> None:
    own = {"actor": at.actor(by), "feedback_id": feedback_id, "now": NOW}
    said = {"reason": "Người gửi đã được giải thích."}
    {
        rules.ASSIGN: lambda: services.feedback_assign(owner_id=at.scene.people["toan"], **own),
        rules.ACCEPT: lambda: services.feedback_accept(**own),
        rules.ANSWER: lambda: services.feedback_answer(
            answer="Đã niêm yết lại thành phần hồ sơ.", number="12/STTTT-VP", founded="co", **own),
        rules.REFUSE: lambda: services.feedback_end(move=rules.REFUSE, **said, **own),
        rules.WITHDRAW: lambda: services.feedback_end(move=rules.WITHDRAW, **said, **own),
        rules.CLOSE: lambda: services.feedback_end(move=rules.CLOSE, reason="", **own),
        rules.ERASE: lambda: services.feedback_sender_erase(**said, **own),
    }[move]()  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "accept", "answer"),
    [
        ("petition", date(2026, 12, 14), date(2026, 12, 31)),  # working days over two week-ends
        ("complaint", date(2026, 12, 21), date(2027, 1, 19)),  # every day; a Sunday passes it on
        ("opinion", None, date(2026, 12, 31)),
    ],
)
def test_limits_run_from_the_day_it_came_and_stay_with_it(agency, kind, accept, answer):
    row = Feedback.objects.get(pk=add(agency, kind=kind))

    assert (row.accept_due_on, row.answer_due_on) == (accept, answer)
    assert row.limit_words.endswith(f"trả lời trong {queries.limits()[kind].answer} "
                                    + ("ngày" if kind == "complaint" else "ngày làm việc"))  # fmt: skip
    assert row.limit_mark == ("S" if kind == "petition" else "chưa xác minh")


@pytest.mark.django_db
def test_each_step_puts_it_before_its_person(agency):
    feedback_id = add(agency)

    def item() -> tuple:
        found = WorkItem.objects.filter(source_type="feedback", source_id=feedback_id, state=0)
        return found.values_list("step_label", "role", "person_id").first() or ()

    assert item() == ("Thụ lý", "reception", None)
    title = WorkItem.objects.get(source_type="feedback").title
    assert "ba lần" not in title  # a title may leave in a letter
    assert ports.subjects("feedback", [feedback_id]) == {feedback_id: "Phản ánh, kiến nghị"}
    act(agency, feedback_id, rules.ASSIGN)
    act(agency, feedback_id, rules.ACCEPT)
    assert item() == ("Trả lời", "", agency.scene.people["toan"])
    act(agency, feedback_id, rules.ANSWER, by="toan")
    act(agency, feedback_id, rules.CLOSE, by="toan")
    assert item() == ()
    assert Feedback.objects.get().state == "closed"


ROADS = {
    "received": (), "accepted": ("accept",), "answered": ("accept", "answer"),
    "closed": ("accept", "answer", "close"), "refused": ("refuse",), "withdrawn": ("withdraw",),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(rules.STATE_NAMES))
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    feedback_id = add(agency, kind="complaint")
    for move in ROADS[state]:
        act(agency, feedback_id, move)
    before = Feedback.objects.values().get()
    assert before["state"] == state

    for move in rules.MOVES:
        if (state, move) in rules.LIFE and (state, move) != ("received", "answer"):
            continue
        with pytest.raises(Refusal):
            act(agency, feedback_id, move)
        assert Feedback.objects.values().get() == before
    assert FeedbackMove.objects.count() == 1 + len(ROADS[state])
    assert [found for _, found in examine(parts=("improvement",)) if found] == []


@pytest.mark.django_db
def test_the_sender_stands_in_one_place_and_can_be_erased(agency, client):
    feedback_id = add(agency)
    agency.scene.sign_in(client, "lan")
    stranger = html.unescape(client.get(f"/phan-hoi/{feedback_id}/").content.decode())
    agency.scene.sign_in(client, "tuan")
    handler = html.unescape(client.get(f"/phan-hoi/{feedback_id}/").content.decode())
    sheet = client.get("/phan-hoi/so-theo-doi.xlsx").content
    told = "".join(f"{one.old}{one.new}{one.reason}" for one in JournalEntry.objects.all())
    told += "".join(f"{one.title}{one.detail}{one.note}" for one in WorkItem.objects.all())
    told += "".join(FeedbackMove.objects.values_list("text", flat=True))
    told += str(load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python())
    for move in ("accept", "answer", "close", "erase"):
        act(agency, feedback_id, move)

    assert SENDER in handler
    assert CONTACT in handler
    for words in (SENDER, CONTACT):
        assert words not in stranger + told
    row = Feedback.objects.get()
    assert (row.sender, row.contact, row.text) == ("", "", "Thiếu hướng dẫn ở quầy.")


@pytest.mark.django_db
def test_who_writes_into_the_register_and_whose_it_is(agency, other_agency):
    with pytest.raises(Forbidden):
        add(agency, by="lan")
    feedback_id = add(agency)
    with pytest.raises(NotFound):
        services.feedback_accept(actor=other_agency.actor("tuan"), feedback_id=feedback_id, now=NOW)
    with pytest.raises(Refusal) as refused:
        act(agency, feedback_id, rules.ACCEPT, by="lan")
    assert refused.value.code == "not_the_handler"
    with pytest.raises(Refusal) as later:
        add(agency, received_on=THURSDAY + timedelta(days=1))
    assert later.value.code == "received_later"


@pytest.mark.django_db
def test_feedback_goes_over_the_pages_to_a_nonconformity(agency, client):
    case = agency.accept()
    agency.scene.sign_in(client, "tuan")
    empty = html.unescape(client.get("/phan-hoi/").content.decode())
    values = {"kind": "opinion", "channel": "counter", "received_on": "01/12/2025",
              "title": "Chờ lâu ở quầy", "case_code": "KHÔNG-CÓ"}  # fmt: skip
    bad = client.post("/phan-hoi/moi/", values)
    place = client.post("/phan-hoi/moi/", {**values, "case_code": case.code})["Location"]
    late = html.unescape(client.get("/phan-hoi/", {"loc": "qua-han"}).content.decode())
    client.post(place + "tra-loi/", {"founded": "co", "answer": "Đã thêm một quầy."})
    feedback_id = Feedback.objects.get().pk
    opened = client.post(f"/khong-phu-hop/moi/?phan-hoi={feedback_id}",
                         {"title": "Quầy thiếu người", "found_on": "01/12/2025",
                          "due_on": LATER})  # fmt: skip
    shown = html.unescape(client.get(place).content.decode())

    assert "Không phản hồi nào" in empty
    assert "chưa có đánh giá nào" in empty
    assert bad.status_code == 422
    assert "1 đã quá hạn" in late
    assert opened.status_code == 302
    row = Nonconformity.objects.get()
    assert (row.origin_kind, row.origin_id) == ("feedback", feedback_id)
    assert "Quầy thiếu người" in shown
    assert case.code in shown
    client.post(place + "ket-thuc/")
    tally = queries.feedback_tally(
        agency_id=agency.scene.agency_id, starts_on=date(2025, 12, 1), ends_on=date(2025, 12, 31),
        today=THURSDAY,
    )  # fmt: skip
    assert (tally.received, tally.answered, tally.in_time, tally.founded) == (1, 1, 0, 1)


@pytest.mark.django_db
def test_the_register_asks_the_same_few_questions(agency, client, django_assert_max_num_queries):
    made = [add(agency, title=f"Phản ánh số {number} về giờ làm") for number in range(6)]
    agency.scene.sign_in(client, "tuan")
    for place in ("/phan-hoi/", f"/phan-hoi/{made[0]}/"):
        client.get(place)
        with django_assert_max_num_queries(15):
            client.get(place)


def test_an_agency_sets_its_own_limit_on_a_ground(agency, client):
    def post(**change):
        values = {"kind": "petition", "accept": "2", "answer": "7", "unit": "working",
                  "source": "Quy chế tiếp nhận phản ánh số 12/QĐ-STP"} | change  # fmt: skip
        agency.scene.sign_in(client, "thu")
        return client.post("/phan-hoi/thoi-han/dat/", values)

    before = queries.limits_of(agency.scene.agency_id)["petition"]
    for change, said in (
        ({"source": ""}, "Hãy điền ô này."), ({"accept": "0"}, "từ 1 ngày"),
        ({"answer": "400"}, "đến 365"), ({"unit": "x"}, "Hãy chọn trong danh sách."),
    ):  # fmt: skip
        answer = post(**change)
        assert answer.status_code == 422
        assert said in html.unescape(answer.content.decode())
    assert queries.limits_of(agency.scene.agency_id)["petition"] == before
    assert post().status_code == 302

    now = queries.limits_of(agency.scene.agency_id)["petition"]
    row = Feedback.objects.get(pk=add(agency))
    assert (now.words, row.limit_source) == (row.limit_words, now.source)
    assert (now.answer, now.verified, now.source[:8]) == (7, "cơ quan đặt", "Quy chế ")
    agency.scene.sign_in(client, "lan")
    assert client.post("/phan-hoi/thoi-han/dat/", {"kind": "petition"}).status_code == 403
