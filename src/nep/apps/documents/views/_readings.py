"""Reading: the card of who has not, the proof in one tap, the progress, the reminder, the list."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import AnswersForm, QuestionForm
from nep.apps.documents.ports import readers_of
from nep.apps.documents.queries import DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound

COLUMNS = (
    SheetColumn(_("Họ và tên"), width=28),
    SheetColumn(_("Đơn vị"), width=30),
    SheetColumn(_("Giao đọc"), "datetime"),
    SheetColumn(_("Hạn đọc"), "date", 12),
    SheetColumn(_("Mở xem lần đầu"), "datetime"),
    SheetColumn(_("Tải xuống"), "datetime"),
    SheetColumn(_("Xác nhận đã đọc và hiểu"), "datetime", 24),
    SheetColumn(_("Số lần trả lời sai"), "number", 12),
    SheetColumn(_("Ghi chú"), width=34),
)


def to_read(request: HttpRequest) -> HttpResponse:
    """List what the person still has to read."""
    actor = who(request)
    today = today_of(request)
    lines = queries.to_read(person_id=actor.person_id, agency_id=actor.agency_id, today=today)
    context = {"lines": lines, "late": sum(1 for one in lines if one.is_late)}
    return pages.render(request, "documents/reading_list.html", context)


def _my_card(request: HttpRequest, page: DocumentPage) -> str:
    actor = who(request)
    today = today_of(request)
    if page.current is None:
        return ""
    mine = queries.my_reading(revision_id=page.current.id, person_id=actor.person_id, today=today)
    if mine is None or mine.ended:
        return ""
    notes = readers_of(page.kind, page.current.id, actor.agency_id, today)
    context = {"page": page, "mine": mine, "changed": notes.get(actor.person_id)}
    return render_to_string("documents/reading_card.html", context, request)


def _progress_card(request: HttpRequest, page: DocumentPage) -> str:
    if page.current is None:
        return ""
    actor = who(request)
    today = today_of(request)
    progress = queries.reading_progress(
        revision_id=page.current.id, agency_id=page.agency_id, today=today
    )
    may_manage = bool(may(actor, "document.manage"))
    if not progress.total and not may_manage:
        return ""
    context = {
        "page": page,
        "progress": progress,
        "may_follow": bool(rules.may_follow_readers(actor, owner_unit_id=page.owner_unit_id)),
        "may_manage": may_manage,
        "was_nudged": may_manage and queries.nudged_on(document_id=page.id) == today,
        "questions": len(queries.questions_of(page.current.id)) if may_manage else 0,
    }
    return render_to_string("documents/reading_progress.html", context, request)


@once
def acknowledge(request: HttpRequest, document_id: int) -> HttpResponse:
    """State to have read and understood; with questions, show and judge them first."""
    actor, now = who(request), when(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    current = page.current
    mine = None
    if current is not None:
        mine = queries.my_reading(
            revision_id=current.id, person_id=actor.person_id, today=today_of(request)
        )
    if current is None or mine is None:
        raise NotFound("reading_unknown", _("Bạn không được giao đọc tài liệu này."))
    given = request.POST if request.method == "POST" else None
    form = AnswersForm(given, questions=mine.questions)
    if given is not None:
        wanted = given.get("revision", "")
        revision_id = int(wanted) if wanted.isdecimal() and len(wanted) < 20 else current.id
        if form.is_valid():
            wrong = services.reading_acknowledge(
                actor=actor, revision_id=revision_id, answers=form.answers(), now=now
            )
            if not wrong:
                said = _("Đã ghi nhận bạn đọc và hiểu %(code)s %(number)s.")
                words = said % {"code": page.code, "number": current.number}
                return done(request, words, "documents:page", page.id)
            form.mark_wrong(wrong)
    context = {"page": page, "mine": mine, "form": form}
    return pages.render(request, "documents/reading_check.html", context, status=status_of(form))


@require_POST
@once
def nudge(request: HttpRequest, document_id: int) -> HttpResponse:
    """Remind who has not read."""
    actor, now = who(request), when(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    count = services.readings_nudge(actor=actor, document_id=page.id, now=now)
    return done(
        request,
        _("Đã nhắc %(count)s người chưa đọc.") % {"count": count},
        "documents:page",
        page.id,
    )


def readers(request: HttpRequest, document_id: int) -> HttpResponse:
    """Show by name who has read the revision in force and who has not."""
    page, progress = _followed(request, document_id)
    context = {"page": page, "progress": progress}
    return pages.render(request, "documents/reading_people.html", context)


def readers_sheet(request: HttpRequest, document_id: int) -> HttpResponse:
    """Give the list of readers as Excel."""
    page, progress = _followed(request, document_id)
    rows = [
        (
            one.name, one.unit, one.asked_at, one.due_on, one.first_seen_at, one.downloaded_at,
            one.acknowledged_at, one.wrong_answers, one.ended,
        )
        for one in progress.readers
    ]  # fmt: skip
    answer = HttpResponse(
        xlsx([(_("Danh sách đọc"), COLUMNS, rows)]), content_type=CONTENT_TYPES["xlsx"]
    )
    name = quote(f"danh-sach-doc-{page.code}.xlsx".replace("/", "-"))
    answer["Content-Disposition"] = (
        f"attachment; filename=\"danh-sach-doc.xlsx\"; filename*=UTF-8''{name}"
    )
    return answer


def _followed(
    request: HttpRequest, document_id: int
) -> tuple[DocumentPage, queries.ReadingProgress]:
    actor = who(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    require(rules.may_follow_readers(actor, owner_unit_id=page.owner_unit_id))
    if page.current is None:
        raise NotFound("no_version", _("Tài liệu chưa có bản nào đang hiệu lực."))
    progress = queries.reading_progress(
        revision_id=page.current.id,
        agency_id=page.agency_id,
        today=today_of(request),
    )
    return page, progress


@once
def questions(request: HttpRequest, document_id: int) -> HttpResponse:
    """Write the questions of the revision on its way, else of the one in force."""
    actor, now = who(request), when(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    shown = page.open or page.current
    if shown is None:
        raise NotFound("no_version", _("Tài liệu chưa có bản nào để đặt câu hỏi."))
    known = queries.questions_of(shown.id)
    wanted = request.POST.get("question") or request.GET.get("cau", "")
    chosen = next((one for one in known if str(one.id) == wanted), None)
    form = QuestionForm(request.POST or None, initial=_initial(chosen))
    if request.method == "POST" and did(
        form,
        lambda: services.question_save(
            actor=actor, revision_id=shown.id, question_id=chosen.id if chosen else None,
            text=form.cleaned_data["text"], options=form.lines(),
            right=form.cleaned_data["right"] - 1, now=now,
        ),
    ):  # fmt: skip
        return done(request, _("Đã lưu câu hỏi."), "documents:questions", page.id)
    context = {
        "page": page, "shown": shown, "known": known, "chosen": chosen, "form": form,
        "is_full": len(known) >= rules.QUESTIONS and chosen is None,
    }  # fmt: skip
    status = status_of(form)
    return pages.render(request, "documents/reading_questions.html", context, status=status)


def _initial(one: queries.QuestionFacts | None) -> dict[str, Any]:
    if one is None:
        return {}
    lines = "\n".join(text for _number, text in one.options)
    return {"text": one.text, "options": lines, "right": one.right + 1}


@require_POST
@once
def question_remove(request: HttpRequest, document_id: int, question_id: int) -> HttpResponse:
    """Take a question away."""
    actor, now = who(request), when(request)
    queries.document_page(actor=actor, document_id=document_id)
    services.question_remove(actor=actor, question_id=question_id, now=now)
    return done(request, _("Đã bỏ câu hỏi."), "documents:questions", document_id)


add_panel("reading", _my_card, place="side", order=10)
add_panel("readers", _progress_card, place="side", order=20)
