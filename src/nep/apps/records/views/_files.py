"""Files: the list, one file and what is done with it, records that wait to be filed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.records import queries, rules, services
from nep.apps.records.forms import (
    CloseForm,
    FileChangeForm,
    FileForm,
    HoldForm,
    MoveForm,
    ReasonForm,
    UploadForm,
)
from nep.foundation.files import queries as stored
from nep.foundation.files.services import store
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import given
from nep.foundation.web.once import once
from nep.kernel.text import whole_number

COLUMNS = (
    SheetColumn("Số, ký hiệu", width=20),
    SheetColumn("Tiêu đề", width=60),
    SheetColumn("Đơn vị", width=24),
    SheetColumn("Người lập", width=24),
    SheetColumn("Tình trạng", width=16),
    SheetColumn("Mở", "date", 12),
    SheetColumn("Kết thúc", "date", 12),
    SheetColumn("Thời hạn lưu", width=14),
    SheetColumn("Lưu đến hết", "date", 12),
    SheetColumn("Số văn bản", "number", 10),
    SheetColumn("Số tờ", "number", 10),
    SheetColumn("Nơi để", width=24),
)
MOST_EXPORTED = 20_000
STATES = {"": "Tất cả", **rules.FILE_STATES, "held": "Đang giữ lại", "due": "Hết thời hạn lưu"}
KINDS = ("pdf", "docx", "xlsx", "pptx", "odt", "png", "jpg", "csv")


def files(request: HttpRequest) -> HttpResponse:
    """Show the files that a filter finds, newest first."""
    wanted = queries.FileFilter.read(request.GET)
    offset = _offset(request)
    found = queries.files(actor=who(request), filter=wanted, today=today_of(request), offset=offset)
    values = wanted.values()
    last = offset + len(found.lines)
    kept = {name: value for name, value in values.items() if name != "tt"}
    context = {
        "page": found,
        "filter": wanted,
        "is_filtered": bool(values),
        "tabs": [
            {"name": name, "url": f"?{urlencode({**kept, 'tt': key} if key else kept)}",
             "is_here": key == wanted.state}
            for key, name in STATES.items()
        ],
        "may_keep": bool(may(who(request), "record.keep")),
        "may_manage": bool(may(who(request), "record.manage")),
        "export_query": urlencode(values),
        "paging": {
            "text": f"{offset + 1 if found.lines else 0}–{last} / {found.found}",
            "previous_url": f"?{urlencode({**values, 'tu': max(0, offset - queries.PAGE)})}"
            if offset else "",
            "next_url": f"?{urlencode({**values, 'tu': last})}" if last < found.found else "",
        },
    }  # fmt: skip
    return pages.render(request, "records/files.html", context)


def _offset(request: HttpRequest) -> int:
    asked = request.GET.get("tu", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def files_export(request: HttpRequest) -> HttpResponse:
    """Give the filtered files as an Excel file."""
    found = queries.files(
        actor=who(request), filter=queries.FileFilter.read(request.GET),
        today=today_of(request), limit=MOST_EXPORTED,
    )  # fmt: skip
    rows = [
        (
            one.code, one.title, one.unit, one.keeper, one.state_name, one.opened_on,
            one.closed_on, one.retention, one.retain_until, one.records, one.sheets, one.location,
        )
        for one in found.lines
    ]  # fmt: skip
    return given(xlsx([("Hồ sơ", COLUMNS, rows)]), name="muc-luc-ho-so", ending="xlsx")


@once
def file_new(request: HttpRequest) -> HttpResponse:
    """Open a file in a series of this year's plan."""
    choices = queries.series_choices(actor=who(request), year=today_of(request).year)
    form = FileForm(request.POST or None, series=choices)
    made: list[int] = []

    def act() -> None:
        values = dict(form.cleaned_data)
        made.append(
            services.file_open(
                actor=who(request), series_id=int(values.pop("series")), now=when(request), **values
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã mở hồ sơ."), "records:file", made[0])
    context = {"form": form, "has_series": bool(choices), "year": today_of(request).year,
               "may_manage": bool(may(who(request), "record.manage"))}  # fmt: skip
    return pages.render(request, "records/file_new.html", context, status=status_of(form))


def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """Show one file: its records, its retention, its holds."""
    return _page(request, file_id)


def _page(request: HttpRequest, file_id: int, **bound: Form) -> HttpResponse:
    offset = _offset(request)
    page = queries.file_page(actor=who(request), file_id=file_id, offset=offset)
    today = today_of(request)
    last = offset + len(page.records)
    paging = {
        "text": f"{offset + 1 if page.records else 0}–{last} / {page.line.records}",
        "previous_url": f"?tu={max(0, offset - queries.RECORDS_PAGE)}" if offset else "",
        "next_url": f"?tu={last}" if last < page.line.records else "",
    }
    forms: dict[str, Any] = {}
    if page.may_work:
        forms = {
            "change_form": FileChangeForm(
                auto_id="s_%s",
                initial={"title": page.line.title, "medium": page.medium,
                         "location": page.line.location, "version": page.version},
            ),
            "close_form": CloseForm(
                auto_id="k_%s",
                initial={"on": today, "years": page.years, "is_permanent": page.is_permanent,
                         "version": page.version},
            ),
            "reopen_form": ReasonForm(auto_id="m_%s"),
            "upload_form": UploadForm(auto_id="t_%s", initial={"made_on": today}),
        }  # fmt: skip
    if may(who(request), "record.manage"):
        forms |= {"hold_form": HoldForm(auto_id="g_%s"), "lift_form": ReasonForm(auto_id="x_%s")}
    due = page.line.retain_until is not None and page.line.retain_until < today
    context = {"page": page, "line": page.line, "paging": paging, "is_due": due and page.line.state == rules.CLOSED,
               **forms, **bound}  # fmt: skip
    return pages.render(request, "records/file.html", context, status=status_of(*bound.values()))


def _change(
    request: HttpRequest, file_id: int, name: str, form: Form, told: str, act: Callable[[], Any]
) -> HttpResponse:
    if request.method != "POST":
        return redirect("records:file", file_id)
    queries.file_page(actor=who(request), file_id=file_id)  # another agency's file is not found
    if did(form, act):
        return done(request, told, "records:file", file_id)
    return _page(request, file_id, **{name: form})


@once
def file_change(request: HttpRequest, file_id: int) -> HttpResponse:
    """Change a file's title, medium, place."""
    form = FileChangeForm(request.POST or None, auto_id="s_%s")
    return _change(
        request, file_id, "change_form", form, _("Đã lưu."),
        lambda: services.file_change(
            actor=who(request), file_id=file_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def file_close(request: HttpRequest, file_id: int) -> HttpResponse:
    """Close a file."""
    form = CloseForm(request.POST or None, auto_id="k_%s")
    return _change(
        request, file_id, "close_form", form, _("Đã kết thúc hồ sơ."),
        lambda: services.file_close(
            actor=who(request), file_id=file_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def file_reopen(request: HttpRequest, file_id: int) -> HttpResponse:
    """Open a closed file again."""
    form = ReasonForm(request.POST or None, auto_id="m_%s")
    return _change(
        request, file_id, "reopen_form", form, _("Đã mở lại hồ sơ."),
        lambda: services.file_reopen(
            actor=who(request), file_id=file_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def file_hold(request: HttpRequest, file_id: int) -> HttpResponse:
    """Hold a file back from disposal."""
    form = HoldForm(request.POST or None, auto_id="g_%s")
    return _change(
        request, file_id, "hold_form", form, _("Đã giữ lại hồ sơ này."),
        lambda: services.file_hold(
            actor=who(request), file_id=file_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def hold_lift(request: HttpRequest, file_id: int) -> HttpResponse:
    """End the holding back."""
    form = ReasonForm(request.POST or None, auto_id="x_%s")
    return _change(
        request, file_id, "lift_form", form, _("Đã thôi giữ hồ sơ này."),
        lambda: services.hold_lift(
            actor=who(request), file_id=file_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def record_add(request: HttpRequest, file_id: int) -> HttpResponse:
    """Put a record into a file by hand."""
    form = UploadForm(request.POST or None, request.FILES or None, auto_id="t_%s")

    def act() -> None:
        upload = form.cleaned_data["file"]
        kept = None
        if upload:
            kept = store(
                data=upload.read(), name=upload.name, agency_id=who(request).agency_id,
                actor_id=who(request).person_id, at=when(request), kinds=KINDS,
            ).id  # fmt: skip
        services.record_deposit(
            actor=who(request), series_id=None, title=form.cleaned_data["title"],
            source_type="upload", source_id=0, file_id=kept, record_file_id=file_id,
            made_on=form.cleaned_data["made_on"], now=when(request),
        )  # fmt: skip

    return _change(request, file_id, "upload_form", form, _("Đã thêm vào hồ sơ."), act)


def unfiled(request: HttpRequest) -> HttpResponse:
    """Show the records that wait to be filed."""
    choices = queries.open_files(actor=who(request))
    context = {
        "lines": queries.unfiled(actor=who(request)),
        "form": MoveForm(files=choices, auto_id=False),
        "has_files": bool(choices),
        "may_keep": bool(may(who(request), "record.keep")),
    }
    return pages.render(request, "records/unfiled.html", context)


@once
def record_move(request: HttpRequest, record_id: int) -> HttpResponse:
    """Put a record into a file."""
    queries.record_exists(actor=who(request), record_id=record_id)
    file_id = whole_number(request.POST.get("file", ""))
    if request.method == "POST" and file_id:
        services.record_move(
            actor=who(request), record_id=record_id, record_file_id=file_id, now=when(request)
        )
        return done(request, _("Đã xếp vào hồ sơ."), "records:unfiled")
    return redirect("records:unfiled")


def record_file(request: HttpRequest, record_id: int, edition: int = 0) -> HttpResponse:
    """Give the bytes of a record, or those it held before a further edition came."""
    facts = stored.facts(
        queries.record_download(actor=who(request), record_id=record_id, edition=edition)
    )
    answer = HttpResponse(stored.read(facts.id), content_type=facts.content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(facts.name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
