"""A wrong match put right by hand: the case told anew, remembered for the next files, undone."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.cases import queries, services
from nep.apps.cases.models import Case, CaseEvent, FedRow, FedWording, StepRun
from nep.apps.cases.tests.test_fed_import import FULL, NOW, bring, standing
from nep.apps.cases.tests.test_fed_import import at as at  # the office of that file
from nep.foundation.db import doctor
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

STRANGE = "Trình phòng chuyên môn"
LATER = NOW + timedelta(hours=1)


def rows(case: str = "X1") -> list[list[str]]:
    """A case whose third step is called something else over there, and one row nobody knows."""
    made = [[case, *row[1:]] for row in FULL[:4]]
    made[2][2] = STRANGE
    return made


@pytest.fixture
def case(at) -> Case:
    tally = bring(at, rows())
    assert (tally["matched"], tally["unmatched"]) == (3, 1)
    return Case.objects.get(code="X1")


def row_of(case: Case, text: str) -> int:
    found = FedRow.objects.filter(case=case)
    return next(row.pk for row in found if row.data["step"] == text)


def correct(at, case, text=STRANGE, node="b3", reason="Phòng gọi thẩm định như vậy", **more):
    return services.fed_match_correct(
        actor=at.actor(more.pop("by", "tuan")), now=LATER, case_id=case.pk,
        row_id=row_of(case, text), node=node, reason=reason, **more,
    )  # fmt: skip


def nodes(case: Case) -> list[str]:
    return list(StepRun.objects.filter(case=case).order_by("id").values_list("node", flat=True))


def broken() -> list[str]:
    return [f"{one.record}: {one.message}" for _, found in doctor.examine() for one in found]


def test_a_row_that_meant_nothing_becomes_the_step_a_person_says(at, case):
    before = list(CaseEvent.objects.order_by("id").values_list("id", "data"))

    assert correct(at, case) == 1

    assert nodes(case) == ["b1", "b2", "b3", "b4"]
    run = StepRun.objects.get(case=case, node="b3")
    assert (run.number, run.limit_minutes, run.late) == (3, 960, True)
    case.refresh_from_db()
    assert case.progress[2] == "L"
    slip = queries.control_slip(actor=at.actor("lan"), case_id=case.pk)
    assert [row.number for row in slip.rows] == [1, 2, 3, 4]
    assert list(CaseEvent.objects.order_by("id").values_list("id", "data"))[: len(before)] == before
    (entry,) = JournalEntry.objects.filter(action="case.fed_corrected")
    assert json.loads(entry.old)["node"] == ""
    assert json.loads(entry.new) == {"text": STRANGE, "node": "b3", "rows": 1}
    assert entry.reason == "Phòng gọi thẩm định như vậy"
    assert broken() == []


def test_a_step_may_become_another_step_and_none(at, case):
    correct(at, case, "Ký giấy phép", "b3", "Thật ra là thẩm định lần đầu")
    assert nodes(case) == ["b1", "b2", "b3"]
    assert broken() == []

    correct(at, case, "Ký giấy phép", "", "Không phải việc của quy trình")

    assert nodes(case) == ["b1", "b2"]
    assert broken() == []
    lines = queries.fed_matches(actor=at.actor("tuan"), case_id=case.pk).lines
    assert {line.text: line.is_matched for line in lines}["Ký giấy phép"] is False


def test_the_next_file_reads_the_same_words_so(at, case):
    correct(at, case)

    tally = bring(at, rows("X2"), now=LATER)

    assert (tally["cases"], tally["matched"], tally["unmatched"]) == (1, 4, 0)
    assert nodes(Case.objects.get(code="X2")) == ["b1", "b2", "b3", "b4"]


def test_the_same_file_again_changes_nothing_and_a_longer_one_goes_on(at, case):
    correct(at, case)
    before = standing()

    again = bring(at, rows(), now=LATER)
    assert (again["events"], again["unchanged"], again["refused"]) == (0, 4, [])
    assert standing() == before
    longer = bring(at, [*rows(), FULL[4]], now=LATER)

    assert (longer["events"], longer["refused"]) == (1, [])
    assert nodes(case) == ["b1", "b2", "b3", "b4", "b5"]
    case.refresh_from_db()
    assert case.returned_at is not None
    assert broken() == []


def test_a_case_read_before_the_words_were_explained_still_grows(at, case):
    bring(at, rows("X2"))
    correct(at, case)

    tally = bring(at, [*rows("X2"), ["X2", *FULL[4][1:]]], now=LATER)

    assert (tally["events"], tally["refused"]) == (1, [])
    assert nodes(Case.objects.get(code="X2")) == ["b1", "b2", "b4", "b5"]


def test_taking_it_back_restores_case_and_memory(at, case):
    stood = queries.control_slip(actor=at.actor("lan"), case_id=case.pk).rows
    correct(at, case)
    event = CaseEvent.objects.get(case=case, kind="fed_corrected")
    undo = {"actor": at.actor("tuan"), "now": LATER, "case_id": case.pk, "event_id": event.pk}

    services.fed_match_undo(**undo, reason="Hỏi lại thì không phải")

    assert nodes(case) == ["b1", "b2", "b4"]
    assert queries.control_slip(actor=at.actor("lan"), case_id=case.pk).rows == stood
    assert not FedWording.objects.exists()
    assert bring(at, rows("X2"), now=LATER)["unmatched"] == 1
    assert JournalEntry.objects.filter(action="case.fed_corrected").count() == 2
    assert broken() == []
    with pytest.raises(Conflict, match="đã được hoàn tác"):
        services.fed_match_undo(**undo, reason="Hoàn tác lần nữa")


def test_taking_the_second_back_gives_the_first_meaning_again(at, case):
    correct(at, case, node="b3")
    first = CaseEvent.objects.get(case=case, kind="fed_corrected")
    correct(at, case, node="b2", reason="Nhầm, là phân công")
    second = CaseEvent.objects.filter(case=case, kind="fed_corrected").order_by("-id")[0]
    act = {"actor": at.actor("tuan"), "now": LATER, "case_id": case.pk, "reason": "Bước 3 mới đúng"}

    with pytest.raises(Conflict):
        services.fed_match_undo(**act, event_id=first.pk)
    services.fed_match_undo(**act, event_id=second.pk)

    assert nodes(case) == ["b1", "b2", "b3", "b4"]
    assert FedWording.objects.get().node == "b3"


@pytest.mark.parametrize(
    ("change", "refusal", "code"),
    [
        ({"reason": "ừ"}, Refusal, "reason_missing"),
        ({"node": "b99"}, Refusal, "step_unknown"),
        ({"node": ""}, Refusal, "same_step"),
        ({"by": "lan"}, Forbidden, "not_permitted"),
        ({"expected_version": 99}, Conflict, "case_changed"),
    ],
)
def test_what_is_refused_changes_nothing(at, case, change, refusal, code):
    before = standing()

    with pytest.raises(refusal) as caught:
        correct(at, case, **change)

    assert caught.value.code == code
    assert standing() == before
    assert not FedWording.objects.exists()


def test_a_case_run_here_and_one_of_another_agency_have_no_matches(at, case, other_agency):
    own = at.accept()
    act = {"now": LATER, "row_id": row_of(case, STRANGE), "node": "b3", "reason": "Cho đúng bước"}

    with pytest.raises(Refusal) as caught:
        services.fed_match_correct(actor=at.actor("tuan"), case_id=own.pk, **act)
    assert caught.value.code == "not_fed"
    with pytest.raises(NotFound):
        services.fed_match_correct(actor=other_agency.actor("tuan"), case_id=case.pk, **act)
    with pytest.raises(NotFound):
        queries.fed_matches(actor=other_agency.actor("tuan"), case_id=case.pk)


def test_the_page_puts_a_match_right_and_takes_it_back(at, case, client, time_machine):
    time_machine.move_to(LATER, tick=False)
    at.scene.sign_in(client, "tuan")
    address = reverse("cases:fed_match", args=[case.pk])

    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert address in page
    page = client.get(address, {"dong": row_of(case, STRANGE)}).content.decode()
    assert "1 trong 4 lần xử lý chưa khớp bước nào" in page
    assert f"“{STRANGE}” là bước nào?" in page
    form = {"row": row_of(case, STRANGE), "node": "b3", "version": case.version}
    refused = client.post(address, {**form, "reason": ""})
    assert refused.status_code == 422
    assert "Chưa có lý do" in refused.content.decode()

    page = client.post(address, {**form, "reason": "Phòng gọi như vậy"}, follow=True)
    page = page.content.decode()
    assert "Đã sửa khớp 1 lần xử lý" in page
    assert "Cả 4 lần xử lý đã khớp bước" in page
    history = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert f"sửa khớp bước: “{STRANGE}” là bước 3" in history
    assert "trước đó chưa khớp bước nào" in history

    event = CaseEvent.objects.get(case=case, kind="fed_corrected")
    undo = reverse("cases:fed_match_undo", args=[case.pk, event.pk])
    page = client.post(undo, {"reason": "Hỏi lại thì không phải"}, follow=True).content.decode()
    assert "Đã hoàn tác" in page
    assert "1 trong 4 lần xử lý chưa khớp bước nào" in page
