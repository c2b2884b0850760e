"""A finished case leaves a record, once, where the agency has set a series."""

from nep.apps.cases import services
from nep.apps.cases.tests.scene import office
from nep.apps.organization.tests.scene import NOW
from nep.apps.records import services as records
from nep.apps.records.models import Record
from nep.foundation.outbox.worker import drain


def test_a_finished_case_is_deposited_once(db):
    place = office()
    place.scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    secretary = place.actor("thu")
    plan = records.plan_open(actor=secretary, year=2026, now=NOW)
    records.series_keep(
        actor=secretary, plan_id=plan, code="TTHC.01", title="Hồ sơ giải quyết thủ tục",
        unit_id=None, keeper_id=None, years=5, is_permanent=False, basis="", mark="?", now=NOW,
    )  # fmt: skip
    records.deposit_rule_set(actor=secretary, source_type="case", series_code="TTHC.01", now=NOW)
    case = place.accept()
    services.case_withdraw(
        actor=place.actor("tuan"), now=NOW, case_id=case.pk, reason="Người nộp xin rút hồ sơ"
    )
    drain(now=NOW)
    again = services.case_deposit(case_id=case.pk, now=NOW)
    row = Record.objects.get()

    assert again == row.id
    assert (row.source_code, row.file.code, row.link) == (
        case.code, "TTHC.01-01/2026", f"/ho-so/{case.pk}/",
    )  # fmt: skip
    assert "Nguyễn Văn An" not in row.title
