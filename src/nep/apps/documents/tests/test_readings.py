"""Who is asked to read, how reading is proven, and how people are reminded."""

from datetime import date, timedelta

import pytest

from nep.apps.documents import queries, rules, services
from nep.apps.documents.events import RevisionInForce
from nep.apps.documents.models import Access, Reading
from nep.apps.documents.subscribers import ask_to_read
from nep.apps.documents.tests import make
from nep.apps.organization import services as organization
from nep.apps.organization.rules import setup_actor
from nep.apps.organization.tests.scene import NOW
from nep.apps.records import services as records
from nep.apps.work.models import Notice, WorkItem
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal


@pytest.fixture
def iso(agency):
    make.secretary(agency)
    return agency


def listed(agency, document_id, target="everyone", *, must_read=True, now=NOW):
    return services.recipient_add(
        actor=agency.actor("thuky"), document_id=document_id, target=target, must_read=must_read,
        now=now,
    )  # fmt: skip


def read(agency, key, revision_id, *, answers=None, now=NOW):
    return services.reading_acknowledge(
        actor=agency.actor(key), revision_id=revision_id, answers=answers or {}, now=now
    )


def open_items(agency, key):
    return WorkItem.objects.filter(
        person_id=agency.people[key], kind="reading", state=WorkItem.OPEN
    )


def asked(revision_id):
    return set(
        Reading.objects.filter(revision_id=revision_id, ended_at=None).values_list(
            "person_id", flat=True
        )
    )


# Who is asked


def test_everyone_on_the_list_is_asked_except_who_made_it(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id)

    made = {iso.people[key] for key in (make.AUTHOR, make.CHECKER, make.APPROVER)}
    everybody = {iso.people[key] for key in ("lan", "toan", "ha", "huy", "tuan", "thuky", "admin")}
    assert asked(revision_id) == everybody - made
    row = Reading.objects.get(revision_id=revision_id, person_id=iso.people["huy"])
    assert (row.unit_id, row.due_on) == (iso.units["PKH"], date(2026, 12, 17))
    item = open_items(iso, "huy").get()
    assert (item.link, item.source_code) == (f"/tai-lieu/{document_id}/", "QT-05")


def test_the_list_is_kept_by_the_next_version_and_the_old_readings_are_withdrawn(iso):
    document_id, first = make.in_force(iso)
    listed(iso, document_id, f"unit:{iso.units['PKH']}")
    later = NOW + timedelta(days=1)

    second = make.next_version(iso, document_id, now=later)

    old = Reading.objects.get(revision_id=first)
    assert (old.ended_at, old.end_reason) == (later, rules.READ_REPLACED)
    assert asked(second) == {iso.people["huy"]}
    assert open_items(iso, "huy").count() == 1


def test_the_event_heard_twice_asks_nobody_twice(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id)
    event = RevisionInForce(
        agency_id=iso.agency_id, document_id=document_id, revision_id=revision_id,
        kind="system_procedure", content_hash="x", effective_from="2026-12-10", replaced_id=None,
    )  # fmt: skip

    before = (Reading.objects.count(), WorkItem.objects.count())
    ask_to_read(event, NOW)
    ask_to_read(event, NOW + timedelta(hours=1))

    assert (Reading.objects.count(), WorkItem.objects.count()) == before


def test_who_comes_to_a_unit_later_is_asked_and_who_leaves_is_asked_no_more(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id, f"unit:{iso.units['PKH']}")
    iso.person("moi", "Lý Thị Mới", ("PKH", "specialist", "Chuyên viên"))
    later = NOW + timedelta(days=2)

    services.readings_sync(now=later)
    assert asked(revision_id) == {iso.people["huy"], iso.people["moi"]}

    organization.appointment_end(
        actor=setup_actor(), agency_id=iso.agency_id, appointment_id=iso.hat("huy"), now=later,
        ends_on=later.date(), reason="Chuyển công tác",
    )  # fmt: skip
    services.readings_sync(now=later + timedelta(days=1))
    gone = Reading.objects.get(revision_id=revision_id, person_id=iso.people["huy"])
    assert gone.end_reason == rules.READ_LEFT
    assert not open_items(iso, "huy").exists()


def test_units_below_a_unit_and_posts_are_reached(iso):
    seats = queries.seats_of(agency_id=iso.agency_id, today=NOW.date())
    below = rules.units_below(1, [(1, None), (2, 1), (3, 2), (4, None)])
    post = rules.people_reached([rules.Target("position", position="Trưởng phòng")], seats)

    assert below == {1, 2, 3}
    assert set(post) == {iso.people["toan"]}


def test_a_line_taken_off_ends_the_readings_it_made(iso):
    document_id, revision_id = make.in_force(iso)
    line = listed(iso, document_id, f"person:{iso.people['tuan']}")

    services.recipient_remove(actor=iso.actor("thuky"), recipient_id=line, now=NOW)

    assert Reading.objects.get(revision_id=revision_id).end_reason == rules.READ_NOT_REACHED
    again = listed(iso, document_id, f"person:{iso.people['tuan']}")
    assert again != line
    assert asked(revision_id) == {iso.people["tuan"]}
    assert open_items(iso, "tuan").count() == 1


@pytest.mark.parametrize(
    ("target", "code"),
    [("unit:1", "target_missing"), ("moon:1", "target_unknown"), ("everyone", "target_known")],
)
def test_a_list_takes_only_known_targets_once(iso, target, code):
    document_id, _revision = make.in_force(iso)
    listed(iso, document_id)

    with pytest.raises(Refusal) as refused:
        listed(iso, document_id, target)
    assert refused.value.code == code


def test_a_leavers_readings_end_with_the_hand_over_and_are_not_asked_again(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id)
    records.leaver_hand_over(
        actor=iso.actor("thuky"), person_id=iso.people["huy"], receivers={},
        reason="Nghỉ hưu theo QĐ 12/QĐ", now=NOW,
    )  # fmt: skip
    services.readings_sync(now=NOW + timedelta(hours=1))
    row = Reading.objects.get(revision_id=revision_id, person_id=iso.people["huy"])

    assert row.end_reason == f"{rules.READ_HANDED_BACK}: Nghỉ hưu theo QĐ 12/QĐ"
    assert not open_items(iso, "huy").exists()
    assert JournalEntry.objects.filter(action="reading.handed_back").count() == 1


def test_the_agency_sets_how_long_its_people_have_to_read(iso, other_agency):
    def term(by, days, version):
        services.reading_term_set(actor=iso.actor(by), days=days, version=version, now=NOW)

    first = make.in_force(iso)
    listed(iso, first[0])
    term("thuky", 10, 0)
    second = make.in_force(iso, code="QT-06", title="Đánh giá nội bộ")
    listed(iso, second[0])
    due = dict(
        Reading.objects.filter(person_id=iso.people["huy"]).values_list("document_id", "due_on")
    )

    assert due == {first[0]: date(2026, 12, 17), second[0]: date(2026, 12, 24)}
    assert queries.reading_term(other_agency.agency_id).days == rules.READING_DAYS
    with pytest.raises(Conflict):
        term("thuky", 7, 0)
    with pytest.raises(Refusal, match="từ 1 đến 60"):
        term("thuky", 0, 1)
    with pytest.raises(Forbidden):
        term("huy", 7, 1)


def test_a_list_belongs_to_who_manages_documents_of_the_agency(iso, other_agency):
    document_id, _revision = make.in_force(iso)
    make.secretary(other_agency, "thuky2")

    with pytest.raises(Forbidden):
        services.recipient_add(
            actor=iso.actor("lan"), document_id=document_id, target="everyone", must_read=True,
            now=NOW,
        )  # fmt: skip
    with pytest.raises(NotFound):
        services.recipient_add(
            actor=other_agency.actor("thuky2"), document_id=document_id, target="everyone",
            must_read=True, now=NOW,
        )  # fmt: skip


# Proof of reading


def test_reading_is_stated_once_for_ever(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id)

    assert read(iso, "huy", revision_id) == frozenset()

    mine = queries.my_reading(
        revision_id=revision_id, person_id=iso.people["huy"], today=NOW.date()
    )
    assert mine.acknowledged_at == NOW
    assert not open_items(iso, "huy").exists()
    assert JournalEntry.objects.filter(action="reading.acknowledged").count() == 1
    with pytest.raises(Conflict, match="rồi"):
        read(iso, "huy", revision_id)
    with pytest.raises(NotFound):
        read(iso, "lan", revision_id)


def test_a_withdrawn_reading_cannot_be_stated_any_more(iso):
    document_id, first = make.in_force(iso)
    listed(iso, document_id)
    make.next_version(iso, document_id, now=NOW + timedelta(days=1))

    with pytest.raises(Conflict) as refused:
        read(iso, "huy", first, now=NOW + timedelta(days=2))
    assert refused.value.code == "reading_ended"


def test_wrong_answers_are_counted_and_tried_again(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id)
    question = services.question_save(
        actor=iso.actor("thuky"), revision_id=revision_id, question_id=None,
        text="Khắc phục trong mấy ngày?", options=("10 ngày", "05 ngày"), right=1, now=NOW,
    )  # fmt: skip

    assert read(iso, "huy", revision_id, answers={question: 0}) == {question}
    assert read(iso, "huy", revision_id) == {question}
    row = Reading.objects.get(revision_id=revision_id, person_id=iso.people["huy"])
    assert (row.wrong_answers, row.acknowledged_at) == (2, None)
    assert read(iso, "huy", revision_id, answers={question: 1}) == frozenset()


def test_a_revision_has_at_most_three_questions(iso):
    _document, revision_id = make.in_force(iso)

    def ask(text, options=("Đúng", "Sai"), right=0, question_id=None):
        return services.question_save(
            actor=iso.actor("thuky"), revision_id=revision_id, question_id=question_id, text=text,
            options=options, right=right, now=NOW,
        )  # fmt: skip

    ids = [ask(f"Câu hỏi thứ {n} là gì?") for n in range(3)]
    with pytest.raises(Refusal, match="3 câu"):
        ask("Câu hỏi thứ tư là gì?")
    ask("Câu hỏi thứ nhất đã sửa?", question_id=ids[0])
    services.question_remove(actor=iso.actor("thuky"), question_id=ids[1], now=NOW)
    ask("Câu hỏi thay câu thứ hai?")
    shown = [one.text for one in queries.questions_of(revision_id)]
    assert shown == [
        "Câu hỏi thứ nhất đã sửa?", "Câu hỏi thay câu thứ hai?", "Câu hỏi thứ 2 là gì?",
    ]  # fmt: skip
    for wrong in ({"options": ("Một",)}, {"right": 2}, {"options": ("Như", "Như")}):
        with pytest.raises(Refusal):
            ask("Một câu hỏi nào đó?", question_id=ids[0], **wrong)


def test_opening_and_downloading_are_noted_for_the_log_and_the_reading(iso, other_agency):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id)
    for minutes, what in ((0, "seen"), (5, "seen"), (6, "downloaded"), (30, "seen")):
        services.access_note(
            actor=iso.actor("huy"), revision_id=revision_id, what=what,
            now=NOW + timedelta(minutes=minutes),
        )  # fmt: skip

    lines = queries.access_lines(document_id=document_id, agency_id=iso.agency_id)
    assert [one.what for one in lines] == ["seen", "downloaded", "seen"]
    row = Reading.objects.get(revision_id=revision_id, person_id=iso.people["huy"])
    assert (row.first_seen_at, row.downloaded_at) == (NOW, NOW + timedelta(minutes=6))
    with pytest.raises(NotFound):
        services.access_note(
            actor=other_agency.actor("lan"), revision_id=revision_id, what="seen", now=NOW
        )
    assert Access.objects.count() == 3


# Progress and reminders


def test_progress_is_told_by_unit_with_who_is_missing(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id)
    read(iso, "huy", revision_id)

    told = queries.reading_progress(
        revision_id=revision_id, agency_id=iso.agency_id, today=NOW.date() + timedelta(days=30)
    )

    assert (told.done, told.total, told.late) == (1, 4, 3)
    assert {one.unit: (one.done, one.total) for one in told.units} == {
        "Phòng Kế hoạch": (1, 1), "Bộ phận Một cửa": (0, 1),
        "Lãnh đạo và người không thuộc phòng nào": (0, 2),
    }  # fmt: skip
    assert {one.name for one in told.missing} == {
        "Hoàng Minh Tuấn", "Bùi Thị Ngọc Ánh", "Lê Văn Quản",
    }  # fmt: skip


def test_one_line_a_person_and_day_however_many_documents(iso):
    for number in range(1, 5):
        document_id, _revision = make.in_force(iso, code=f"QT-{number:02}", title=f"Việc {number}")
        listed(iso, document_id)
    near = NOW + timedelta(days=6)

    services.readings_remind(now=NOW)
    assert not Notice.objects.exists()
    services.readings_remind(now=near)
    services.readings_remind(now=near + timedelta(hours=3))
    services.readings_nudge(actor=iso.actor("thuky"), document_id=document_id, now=near)

    mine = Notice.objects.filter(person_id=iso.people["huy"])
    assert [one.text for one in mine] == ["Bạn còn 4 tài liệu cần đọc và xác nhận"]
    late = NOW + timedelta(days=11)
    services.readings_remind(now=late)
    assert mine.latest("at").text.endswith("4 tài liệu đã quá hạn")
    assert mine.all().count() == 2


def test_nobody_is_reminded_on_a_day_off(iso):
    document_id, _revision = make.in_force(iso)
    listed(iso, document_id)

    assert services.readings_remind(now=NOW + timedelta(days=10)) == 0


def test_the_missing_are_reminded_by_hand_once_a_day(iso):
    document_id, revision_id = make.in_force(iso)
    listed(iso, document_id, f"person:{iso.people['huy']}")
    nudge = {"actor": iso.actor("thuky"), "document_id": document_id}

    assert services.readings_nudge(**nudge, now=NOW) == 1
    with pytest.raises(Refusal, match="Hôm nay đã nhắc"):
        services.readings_nudge(**nudge, now=NOW + timedelta(hours=2))
    assert services.readings_nudge(**nudge, now=NOW + timedelta(days=1)) == 1
    read(iso, "huy", revision_id)
    with pytest.raises(Refusal, match="không còn ai"):
        services.readings_nudge(**nudge, now=NOW + timedelta(days=2))


def test_readings_keep_nobody_from_leaving(iso):
    document_id, _revision = make.in_force(iso)
    listed(iso, document_id)

    organization.appointment_end(
        actor=setup_actor(), agency_id=iso.agency_id, appointment_id=iso.hat("huy"), now=NOW,
        ends_on=NOW.date(), reason="Nghỉ hưu",
    )  # fmt: skip
    assert open_items(iso, "huy").exists()
