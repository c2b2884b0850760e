"""The rows of another system go by rule; what was told of them stays and grows no more."""

import pytest

from nep.apps.cases.models import Case, FedRow
from nep.apps.cases.services import erasure
from nep.apps.cases.tests.test_fed_import import FULL, NOW, OPEN, at, bring  # noqa: F401
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
