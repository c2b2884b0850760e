"""Sources, words without a step, deviations and the register, on their pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.cases.models import (
    Case,
    CaseEvent,
    FedDeviation,
    FedRow,
    FedSource,
    FedWording,
    StepRun,
)
from nep.apps.cases.queries import unmatched as queries
from nep.apps.cases.queries.register import register
from nep.apps.cases.queries.sources import source_page
from nep.apps.cases.rules.fed_columns import propose_columns, read_rows
from nep.apps.cases.services._fed_writing import Importer
from nep.apps.cases.services.meanings import meanings_assign
from nep.apps.cases.services.sources import key_opens, source_close, source_create
from nep.apps.cases.tests.test_fed_import import CODE, FULL, HEADS, NOW, OPEN, bring
from nep.apps.cases.tests.test_fed_import import at as at  # the office of that file
from nep.foundation.db import doctor
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Forbidden, NotFound, Refusal

STRANGE = "Trình phòng chuyên môn"


def strange(case: str) -> list[list[str]]:
    rows = [[case, *row[1:]] for row in FULL[:4]]
    rows[2][2] = STRANGE
    return rows


@pytest.fixture
def now_is(time_machine):
    time_machine.move_to(NOW, tick=False)


def nodes(code: str) -> list[str]:
    runs = StepRun.objects.filter(case__code=code).order_by("opened_at")
    return list(runs.values_list("node", flat=True))


def test_words_of_many_cases_are_given_their_step_at_once(at, client, now_is):
    bring(at, [*strange("X1"), *strange("X2"), *[["X3", *row[1:]] for row in FULL]])
    at.scene.sign_in(client, "tuan")
    address = reverse("cases:unmatched")

    page = client.get(address).content.decode()
    assert "2 lần xử lý chưa khớp bước nào" in page
    assert STRANGE in page
    folded = FedRow.objects.exclude(unmatched="").first().unmatched
    form = {"words": [folded], "node": "b3", "source": "", "reason": "Phòng gọi như vậy"}
    assert client.post(address, {**form, "reason": ""}).status_code == 422
    page = client.post(address, form, follow=True).content.decode()
    assert "Đang khớp lại 2 lần xử lý" in page
    drain(now=NOW)

    assert nodes("X1") == nodes("X2") == ["b1", "b2", "b3", "b4"]
    assert FedRow.objects.exclude(unmatched="").count() == 0
    assert CaseEvent.objects.filter(kind="fed_corrected").count() == 2
    assert bring(at, strange("X4"))["unmatched"] == 0
    assert [one for _, one in doctor.examine() if one] == []
    assert "Mọi lần xử lý đã khớp bước" in client.get(address).content.decode()


def test_words_that_mean_no_step_are_settled_too(at):
    bring(at, strange("X1"))
    folded = FedRow.objects.exclude(unmatched="").get().unmatched

    meanings_assign(
        actor=at.actor("tuan"), now=NOW, tthc_id=at.tthc_id, words=[folded], node="",
        reason="Chỉ là ghi chú nội bộ",
    )  # fmt: skip
    drain(now=NOW)

    assert queries.unmatched(actor=at.actor("tuan")).total == 0
    assert nodes("X1") == ["b1", "b2", "b4"]


def test_a_source_has_its_own_words(at):
    one = source_create(actor=at.actor("admin"), now=NOW, name="Một cửa tỉnh", way="file")
    bring(at, strange("X1"))
    folded = FedRow.objects.exclude(unmatched="").get().unmatched
    give = {"now": NOW, "tthc_id": at.tthc_id, "words": [folded], "node": "b3",
            "reason": "Tỉnh gọi như vậy", "source_id": one.source_id}  # fmt: skip

    meanings_assign(actor=at.actor("tuan"), **give)
    drain(now=NOW)

    assert nodes("X1") == ["b1", "b2", "b3", "b4"]
    assert FedWording.objects.get().source_id == one.source_id
    assert bring(at, strange("X2"))["unmatched"] == 1  # a file of no source
    page = source_page(actor=at.actor("admin"), source_id=one.source_id)
    assert [line.text for line in page.wordings] == [STRANGE]


def test_a_rule_of_a_source_reads_states_and_positions(at, client, now_is):
    made = source_create(actor=at.actor("admin"), now=NOW, name="Một cửa tỉnh", way="file")
    at.scene.sign_in(client, "admin")
    address = reverse("cases:source", args=[made.source_id])
    rule = {"by": "role", "text": "Phòng chuyên môn", "tthc": at.tthc_id, "step": "3",
            "reason": "Phòng này thẩm định"}  # fmt: skip
    refused = client.post(address, {**rule, "step": "Bước 99"})
    assert refused.status_code == 422
    assert "không có bước" in refused.content.decode()

    page = client.post(address, rule, follow=True).content.decode()
    assert "Đã lưu luật khớp" in page
    row = [*FULL[2][:2], "Việc lạ", *FULL[2][3:], "Phòng chuyên môn"]
    importer = Importer(
        agency_id=at.scene.agency_id, actor_id=None, now=NOW, source_id=made.source_id
    )
    heads = [*HEADS, "Chức danh"]
    rows, _ = read_rows([heads, row], columns=propose_columns(heads), header=0, now=NOW)
    importer.take([("X1", rows)])

    assert nodes("X1") == ["b3"]


@pytest.mark.parametrize(
    ("change", "refusal", "code"),
    [
        ({"reason": "ừ"}, Refusal, "reason_missing"),
        ({"node": "b99"}, Refusal, "step_unknown"),
        ({"words": ["gi do"]}, Refusal, "words_missing"),
        ({"source_id": 77}, NotFound, "not_found"),
        ({"tthc_id": 77}, NotFound, "not_found"),
        ({"by": "lan"}, Forbidden, "not_permitted"),
    ],
)
def test_what_is_refused_teaches_nothing(at, change, refusal, code):
    bring(at, strange("X1"))
    folded = FedRow.objects.exclude(unmatched="").get().unmatched
    give = {"tthc_id": at.tthc_id, "words": [folded], "node": "b3", "reason": "Phòng gọi vậy"}
    by = change.pop("by", "tuan")

    with pytest.raises(refusal) as caught:
        meanings_assign(actor=at.actor(by), now=NOW, **{**give, **change})

    assert caught.value.code == code
    assert not FedWording.objects.exists()


LEAVING = [
    ["D1", CODE, "Tiếp nhận hồ sơ", "Hoàng Minh Tuấn", "01/12/2026 08:00", "01/12/2026 09:00", ""],
    ["D1", CODE, "Thẩm định hồ sơ", "Hoàng Minh Tuấn", "01/12/2026 10:00", "02/12/2026 10:00", ""],
    ["D1", CODE, "Tiếp nhận hồ sơ", "Hoàng Minh Tuấn", "02/12/2026 10:30", "02/12/2026 11:00", ""],
    ["D1", CODE, "Tiếp nhận hồ sơ", "Hoàng Minh Tuấn", "02/12/2026 13:30", "02/12/2026 14:00", ""],
    ["D1", CODE, "Trả kết quả", "Hoàng Minh Tuấn", "04/12/2026 08:00", "04/12/2026 08:10", ""],
]  # fmt: skip


def test_steps_left_out_repeated_and_done_by_others_are_shown_with_their_case(at, client, now_is):
    bring(at, [*LEAVING, *FULL])
    at.scene.sign_in(client, "lan")
    case = Case.objects.get(code="D1")

    lines = queries.case_deviations(actor=at.actor("lan"), case_id=case.pk)
    assert [(line.kind, line.text.split("“")[-1].split("”")[0]) for line in lines][:3] == [
        ("skipped", "Phân công thụ lý"), ("role", "Thẩm định hồ sơ"), ("repeated", "Tiếp nhận hồ sơ"),
    ]  # fmt: skip
    assert queries.case_deviations(
        actor=at.actor("lan"), case_id=Case.objects.get(code="X1").pk
    ) == ()  # fmt: skip
    page = client.get(reverse("cases:deviations")).content.decode()
    assert "1 hồ sơ lệch trình tự đã ban hành" in page
    only = client.get(reverse("cases:deviations"), {"loai": "repeated"}).content.decode()
    assert "làm lại bước 1" in only
    assert "do người không giữ vai trò" not in only
    beside = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "Lệch quy trình" in beside


def test_what_was_told_differently_is_shown_on_the_case(at, client, now_is):
    bring(at, FULL)
    bring(at, [[*FULL[2][:3], "Người khác", FULL[2][4], "05/12/2026 10:00", ""]])
    at.scene.sign_in(client, "lan")

    page = client.get(reverse("cases:case", args=[Case.objects.get().pk])).content.decode()

    assert "Nguồn gửi khác nhau" in page
    assert "Người khác / Người ngoài" in page
    assert "đến muộn hoặc khác lần gửi trước" in page


def test_a_key_is_shown_once_and_only_its_hash_is_kept(at, client, now_is):
    at.scene.sign_in(client, "admin")
    address = reverse("cases:sources")
    assert "Chưa có nguồn nào" in client.get(address).content.decode()

    made = client.post(address, {"name": "Một cửa tỉnh", "way": "api", "tthc": ""})
    page, row = made.content.decode(), FedSource.objects.get()
    secret = page.split('id="khoa">')[1].split("<")[0]
    assert key_opens(row, secret)
    assert made["Cache-Control"] == "no-store"
    shown = client.get(reverse("cases:source", args=[row.pk])).content.decode()
    assert secret not in shown + str([*FedSource.objects.values(), *JournalEntry.objects.values()])

    renewed = client.post(reverse("cases:source_key", args=[row.pk])).content.decode()
    row.refresh_from_db()
    assert not key_opens(row, secret)
    assert key_opens(row, renewed.split('id="khoa">')[1].split("<")[0])
    again = client.post(address, {"name": "Một cửa tỉnh", "way": "file", "tthc": ""})
    assert again.status_code == 422
    assert "đã có nguồn tên" in again.content.decode()
    client.post(reverse("cases:source_close", args=[row.pk]))
    assert "đã tắt" in client.get(address).content.decode()


def test_only_secretary_and_admin_set_sources_up_and_only_their_own(at, other_agency, client):
    made = source_create(actor=at.actor("admin"), now=NOW, name="Một cửa", way="folder")
    with pytest.raises(Forbidden):
        source_create(actor=at.actor("tuan"), now=NOW, name="Khác", way="api")
    with pytest.raises(NotFound):
        source_close(actor=other_agency.actor("admin"), now=NOW, source_id=made.source_id)
    at.scene.sign_in(client, "tuan")
    assert client.get(reverse("cases:sources")).status_code == 403


def test_the_register_counts_every_case_in_the_order_it_came(at, client, now_is):
    bring(at, [*FULL, *OPEN])
    at.accept(now=NOW)
    at.scene.sign_in(client, "lan")

    found = register(actor=at.actor("lan"), month=2026)
    assert [(line.number, line.code) for line in found.lines][:2] == [(1, "X1"), (2, "X2")]
    assert (found.total, found.lines[0].on_time) == (3, "Trước hạn")
    first = register(actor=at.actor("lan"), month=202612, limit=2)
    rest = register(actor=at.actor("lan"), month=202612, limit=2, after=first.after)
    assert [line.number for line in rest.lines] == [3]
    assert register(actor=at.actor("lan"), month=2026, origin="fed").total == 2
    assert register(actor=at.actor("lan"), month=202611).total == 0

    page = client.get(reverse("cases:register"), {"thang": "2026"}).content.decode()
    assert "Sổ theo dõi năm 2026: 3 hồ sơ" in page
    assert "Nguyễn Văn An" not in page
    sheet = client.get(reverse("cases:register_xlsx"), {"thang": "202612"})
    assert sheet.content[:2] == b"PK"
    paper = client.get(reverse("cases:register_pdf"), {"thang": "202612"})
    assert paper.content[:5] == b"%PDF-"


def test_a_source_that_stopped_is_not_told_from_one_that_never_was(at):
    made = source_create(actor=at.actor("admin"), now=NOW, name="Một cửa", way="api")
    source_close(actor=at.actor("admin"), now=NOW + timedelta(days=1), source_id=made.source_id)
    source_close(actor=at.actor("admin"), now=NOW + timedelta(days=2), source_id=made.source_id)

    assert FedSource.objects.get().closed_at == NOW + timedelta(days=1)
    assert JournalEntry.objects.filter(action="fed_source.closed").count() == 1


def test_an_unknown_step_that_only_says_going_on_is_asked_and_skips_nothing(at, now_is):
    rows = [["X9", *row[1:]] for row in FULL]
    rows[2][2], rows[2][6] = STRANGE, "Đang xử lý"

    tally = bring(at, rows)

    assert (tally["unmatched"], tally["matched"]) == (1, len(rows) - 1)
    assert queries.unmatched(actor=at.actor("tuan")).words[0].text == STRANGE
    assert not FedDeviation.objects.filter(case__code="X9", kind="skipped").exists()
