"""People and units out of a spreadsheet: template, dry run, writing."""

import base64
import binascii

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import PeopleSheetForm
from nep.apps.organization.rules import ROLE_NAMES, people_sheet
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, status_of, today_of, when
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal

PEOPLE_COLUMNS = (
    SheetColumn("Họ và tên", width=26),
    SheetColumn("Thư điện tử", width=26),
    SheetColumn("Điện thoại", width=14),
    SheetColumn("Mã đơn vị", width=12),
    SheetColumn("Chức vụ", width=24),
    SheetColumn("Vai trò", width=22),
    SheetColumn("Từ ngày", "date", 12),
    SheetColumn("Đến ngày", "date", 12),
    SheetColumn("Số quyết định", width=20),
)
UNIT_COLUMNS = (
    SheetColumn("Mã đơn vị", width=12),
    SheetColumn("Tên đơn vị", width=44),
    SheetColumn("Bộ phận một cửa", width=16),
)
ROLE_COLUMNS = (SheetColumn("Vai trò ghi được", width=44),)
MOST_KEPT = 1_500_000  # bytes carried from the dry run to the writing


def people_template(request: HttpRequest) -> HttpResponse:
    """Give the units and people of today as the spreadsheet that the import reads."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = queries.people_sheet_rows(agency_id=actor.agency_id, today=today_of(request))
    roles = [(name,) for key, name in ROLE_NAMES.items() if key != "province_admin"]
    data = xlsx(
        [
            (people_sheet.PEOPLE, PEOPLE_COLUMNS, rows.people),
            (people_sheet.UNITS, UNIT_COLUMNS, rows.units),
            (people_sheet.ROLES, ROLE_COLUMNS, roles),
        ]
    )
    return sheet_answer(data, name="don-vi-va-nguoi")


@once
def people_import(request: HttpRequest) -> HttpResponse:
    """Read a spreadsheet: first what it would do, then doing it with the same file."""
    actor = request.actor  # type: ignore[attr-defined]
    is_post = request.method == "POST"
    form = PeopleSheetForm(request.POST if is_post else None, request.FILES or None)
    made: list[services.PeopleReport] = []
    kept: list[tuple[str, bytes]] = []

    def act() -> None:
        name, data = _file(form)
        made.append(
            services.people_import(
                actor=actor, agency_id=actor.agency_id, name=name, data=data,
                is_dry=not form.cleaned_data["write"], now=when(request),
            )
        )  # fmt: skip
        kept.append((name, data))

    if is_post:
        did(form, act)
    report = made[0] if made else None
    context = {
        "form": form,
        "report": report,
        "counts": _counts(report),
        "kept": _kept(kept) if report and report.is_dry and _changes(report) else None,
    }
    return pages.render(request, "organization/people_import.html", context, status=status_of(form))


def _file(form: PeopleSheetForm) -> tuple[str, bytes]:
    """Return the file uploaded, or the one carried over from the dry run."""
    given = form.cleaned_data["file"]
    if given is not None:
        return given.name, given.read()
    try:
        data = base64.b64decode(form.cleaned_data["kept"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("file_missing", _("Hãy chọn tệp Excel."), field="file") from error
    if not data:
        raise Refusal("file_missing", _("Hãy chọn tệp Excel."), field="file")
    return form.cleaned_data["kept_name"] or "tep.xlsx", data


def _kept(files: list[tuple[str, bytes]]) -> tuple[str, str] | None:
    name, data = files[0]
    return (name, base64.b64encode(data).decode()) if len(data) <= MOST_KEPT else None


def _changes(report: services.PeopleReport) -> bool:
    return bool(report.count("created") or report.count("changed"))


def _counts(report: services.PeopleReport | None) -> list[tuple[str, int]]:
    names = (
        ("created", _("thêm mới")),
        ("changed", _("đổi")),
        ("unchanged", _("không đổi")),
        ("refused", _("không nhận")),
    )
    return [(name, report.count(key)) for key, name in names] if report else []
