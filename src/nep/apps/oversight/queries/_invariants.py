"""What must hold of officers' sheets and entered figures at any moment; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import Count, Max

from nep.apps.oversight.models import FormulaEdition, InputEdition, OfficerSheet, SheetEntry
from nep.foundation.db.doctor import Finding, invariant


@invariant("officer_sheets", "Phiếu đánh giá nói đúng dòng ghi mới nhất của nó")
def sheets() -> Iterator[Finding]:
    """Find sheets whose state, points, band or version is not what their entries say."""
    told: dict[int, list[SheetEntry]] = {}
    for entry in SheetEntry.objects.order_by("sheet_id", "id").iterator():
        told.setdefault(entry.sheet_id, []).append(entry)
    for sheet in OfficerSheet.objects.order_by("id").iterator():
        entries = told.get(sheet.pk, [])
        decided = [entry for entry in entries if entry.band]
        points, band = (decided[-1].total, decided[-1].band) if decided else (None, "")
        wrong = []
        if sheet.version != len(entries):
            wrong.append("số lần ghi")
        if sheet.state != (entries[-1].act if entries else "moi"):
            wrong.append("trạng thái")
        if (sheet.points, sheet.band) != (points, band):
            wrong.append("điểm hoặc xếp loại")
        if any(one.points and sum(one.points.values()) != one.total for one in entries):
            wrong.append("tổng điểm của một lần ghi")
        if wrong:
            yield Finding(
                "officer_sheets", f"phiếu {sheet.pk}", f"khác các dòng ghi: {', '.join(wrong)}"
            )


@invariant("figure_editions", "Các lần ghi số liệu và công thức liền số")
def editions() -> Iterator[Finding]:
    """Find figures and formulas whose editions do not go from one on without a gap."""
    inputs = InputEdition.objects.values("agency_id", "period", "name").order_by()
    for row in inputs.annotate(count=Count("id"), last=Max("edition")):
        if row["count"] != row["last"]:
            yield Finding(
                "figure_editions", f"số liệu {row['name']} kỳ {row['period']}", "thiếu lần ghi"
            )
    formulas = FormulaEdition.objects.values("province_id").order_by()
    for told in formulas.annotate(count=Count("id"), last=Max("edition")):
        if told["count"] != told["last"]:
            yield Finding(
                "figure_editions", f"công thức của tỉnh {told['province_id']}", "thiếu lần ban hành"
            )
