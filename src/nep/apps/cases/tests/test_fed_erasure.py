"""The rows of another system go by rule; what was told of them stays and grows no more."""

import pytest

from nep.apps.cases.models import Case, CaseEvent, FedRow
from nep.apps.cases.services import blackening, erasure
from nep.apps.cases.tests.test_fed_import import CODE, FULL, HEADS, NOW, OPEN, at, bring  # noqa: F401
from nep.foundation.db.doctor import examine

pytestmark = pytest.mark.django_db


def test_raw_rows_go_and_a_file_sent_again_is_refused_for_them(at):  # noqa: F811
    bring(at, [*FULL, *OPEN])
    later = NOW.replace(year=2030)
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=later, rule="fed", months=24,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu",
    )  # fmt: skip
    erasure.erasure_decide(actor=at.actor("ha"), now=later, run_id=run_id, approves=True)
    assert erasure.erasure_run(run_id=run_id, now=later) == 1

    assert set(FedRow.objects.values_list("case__code", flat=True)) == {"X2"}
    case = Case.objects.get(code="X1")
    assert case.runs.count() == 5
    again = bring(at, [*FULL, *OPEN], now=later)
    assert again["unchanged"] == 2
    assert {one["reason"] for one in again["refused"]} == {
        "Dòng gốc của hồ sơ này đã xóa theo quy tắc nên không nhập thêm."
    }
    assert case.runs.count() == 5
    assert not [one for _, found in examine() for one in found if one.code.startswith("case")]


def test_a_name_that_was_erased_does_not_come_back_with_the_next_row(at):  # noqa: F811
    heads = [*HEADS, "Ghi chú"]
    rows = [[*row, ""] for row in FULL]
    rows[2][-1] = "Bà Nguyễn Thị Hoa nộp thiếu"
    bring(at, rows, heads=heads)
    later, case = NOW.replace(year=2033), Case.objects.get(code="X1")
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=later, rule="result", months=60,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu",
    )  # fmt: skip
    blackening.words_mark(
        actor=at.actor("admin"), now=later, run_id=run_id, case_id=case.pk, piece="Nguyễn Thị Hoa"
    )
    erasure.erasure_decide(actor=at.actor("ha"), now=later, run_id=run_id, approves=True)
    erasure.erasure_run(run_id=run_id, now=later)

    def held() -> str:
        kept = [*CaseEvent.objects.filter(case=case).values_list("data", flat=True)]
        return str([*kept, *FedRow.objects.filter(case=case).values_list("data", flat=True)])

    assert "Hoa" not in held()
    assert bring(at, rows, heads=heads, now=later)["unchanged"] == len(rows)
    late = ["X1", CODE, "Phát hành văn bản đi", "Ai đó", "05/12/2026 08:00", "05/12/2026 09:00"]
    more = [*late, "", "Gửi bà Nguyễn Thị Hoa"]
    assert not bring(at, [*rows, more], heads=heads, now=later)["refused"]
    assert FedRow.objects.filter(case=case).count() == len(rows) + 1
    assert "Hoa" not in held()
    assert not [one for _, found in examine() for one in found if one.code.startswith("case")]
