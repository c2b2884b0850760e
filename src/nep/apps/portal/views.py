"""The public pages: a look-up, procedures in force, public documents."""

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nep.apps.cases import queries as cases
from nep.apps.cases.queries import citizens as voices
from nep.apps.cases.rules.citizens import CHANGE_DAYS
from nep.apps.cases.services import citizens
from nep.apps.conformity import queries as conformity
from nep.apps.documents import queries as documents_
from nep.apps.documents.rules import OTHER_COPY, compare_copy
from nep.apps.organization import queries as organization
from nep.apps.portal import rules, services
from nep.apps.portal.forms import BroughtCopyForm, RatingForm, ReportForm
from nep.apps.procedures import queries as procedures_
from nep.foundation.accounts.addresses import client_address, counting_key
from nep.foundation.files import queries as files
from nep.foundation.signing.verifying import Verification, verify
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal, TooMany
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


def look_up(request: HttpRequest) -> HttpResponse:
    """Show the state of a typed code, and nothing else of the case."""
    code = clean(request.GET.get("ma", ""))[:60]
    state = None
    if code:
        _count(request)
        state = cases.public_state(code=code)
    context = {
        "code": code,
        "state": state,
        "todo": rules.TODO[state.stage] if state else "",
        "stages": rules.STAGES,
        "place": rules.stage_place(state.stage) if state else None,
        "agencies": _agencies(request),
    }
    status = 404 if code and not state else 200
    return pages.render(request, "portal/look_up.html", context, status=status)


@never_cache
def by_key(request: HttpRequest, lookup_key: str) -> HttpResponse:
    """Show state, promised and likely date to the holder of the receipt, and what they have said."""
    _count(request)
    return _case_page(request, lookup_key)


@never_cache
@once
def rate(request: HttpRequest, lookup_key: str) -> HttpResponse:
    """Keep how content the holder of a receipt is."""
    _case(request, lookup_key)
    if request.method != "POST":
        return redirect("portal:by_key", lookup_key)
    _count(request, writes=True)
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            citizens.case_rate(
                lookup_key=lookup_key,
                now=request.now,  # type: ignore[attr-defined]
                **form.cleaned_data,
            )
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("Cảm ơn Ông/Bà đã đánh giá."))
            return redirect("portal:by_key", lookup_key)
    return _case_page(request, lookup_key, form=form)


@never_cache
@once
def report(request: HttpRequest, lookup_key: str) -> HttpResponse:
    """Take a reported deviation of the holder of a receipt."""
    _count(request, writes=request.method == "POST")
    case = _case(request, lookup_key)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            citizens.case_report(
                lookup_key=lookup_key,
                now=request.now,  # type: ignore[attr-defined]
                **form.cleaned_data,
            )
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("Đã gửi. Câu trả lời sẽ hiện ở trang này."))
            return redirect("portal:by_key", lookup_key)
    context = {"case": case, "state": case.state, "form": form, "key": lookup_key}
    status = 422 if form.is_bound and form.errors else 200
    return pages.render(request, "portal/report.html", context, status=status)


def _refused(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal at its field in the language of the page."""
    if refusal.status != Refusal.status:
        raise refusal
    name = refusal.field if refusal.field in form.fields else None
    form.add_error(name, _(refusal.message))


def _case(request: HttpRequest, lookup_key: str) -> cases.PublicCase:
    case = cases.public_case(lookup_key=lookup_key, now=request.now)  # type: ignore[attr-defined]
    if case is None:
        raise NotFound(
            "case_unknown",
            _("Không thấy hồ sơ của mã này. Xin kiểm tra lại giấy hẹn hoặc gọi nơi tiếp nhận."),
        )
    return case


def _case_page(
    request: HttpRequest, lookup_key: str, *, form: RatingForm | None = None
) -> HttpResponse:
    case, now = _case(request, lookup_key), request.now  # type: ignore[attr-defined]
    voice = voices.voice_of(lookup_key=lookup_key, now=now)
    start = {"degree": voice.degree or None, "remark": voice.remark} if voice else {}
    context = {
        "case": case,
        "state": case.state,
        "todo": rules.TODO[case.state.stage],
        "stages": rules.STAGES,
        "place": rules.stage_place(case.state.stage),
        "voice": voice,
        "key": lookup_key,
        "form": form or RatingForm(initial=start),
        "change_days": CHANGE_DAYS,
    }
    status = 422 if form is not None else 200
    return pages.render(request, "portal/case.html", context, status=status)


def agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies whose procedures are public."""
    return pages.render(request, "portal/agencies.html", {"agencies": _agencies(request)})


def procedures(request: HttpRequest, agency_code: str) -> HttpResponse:
    """List an agency's procedures in force, found with or without marks."""
    agency = _agency(agency_code)
    query = clean(request.GET.get("q", ""))[:100]
    lines = procedures_.procedures_public(agency.id, query=query)
    context = {"agency": agency, "query": query, "lines": lines}
    return pages.render(request, "portal/procedures.html", context)


def procedure(
    request: HttpRequest, agency_code: str, procedure_id: int, tthc_id: int | None = None
) -> HttpResponse:
    """Show a procedure in force, as its own TTHC's or as that of one that shares it: papers, steps,
    time."""
    agency = _agency(agency_code)
    page = procedures_.procedure_public(
        agency_id=agency.id, procedure_id=procedure_id, tthc_id=tthc_id
    )
    if page is None:
        raise NotFound("procedure_unknown", _("Không thấy thủ tục này đang có hiệu lực."))
    return pages.render(request, "portal/procedure.html", {"agency": agency, "page": page})


def _agency(code: str) -> organization.AgencyFacts:
    try:
        return organization.agency_by_code(code)
    except NotFound as unknown:
        message = _("Không có cơ quan nào mang mã này.")
        raise NotFound("agency_unknown", message) from unknown


def documents(request: HttpRequest) -> HttpResponse:
    """List the documents that agencies have made public, found with or without marks."""
    query = clean(request.GET.get("q", ""))[:100]
    lines = documents_.public_documents(query=query)
    return pages.render(request, "portal/documents.html", {"query": query, "lines": lines})


def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Show a public document in force."""
    return pages.render(request, "portal/document.html", {"page": _public(document_id)})


def document_file(request: HttpRequest, document_id: int) -> HttpResponse:
    """Give the frozen PDF of a public document in force."""
    page = _public(document_id)
    if page.file_id is None:
        raise _unknown()
    answer = HttpResponse(files.read(page.file_id), content_type="application/pdf")
    name = quote(f"{page.code}.pdf".replace("/", "-"))
    answer["Content-Disposition"] = f"inline; filename=\"tai-lieu.pdf\"; filename*=UTF-8''{name}"
    return answer


def declarations(request: HttpRequest) -> HttpResponse:
    """List the agencies that declare their system to conform, found with or without marks."""
    query = clean(request.GET.get("q", ""))[:100]
    lines = conformity.public_declarations(query=query)
    return pages.render(request, "portal/declarations.html", {"query": query, "lines": lines})


def declaration(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Show a declaration in force: its decision, its scope, its list of procedures."""
    page = conformity.public_declaration(declaration_id)
    if page is None:
        raise NotFound("declaration_unknown", _("Không thấy công bố này đang có hiệu lực."))
    return pages.render(request, "portal/declaration.html", {"page": page, "line": page.line})


@never_cache
def version(request: HttpRequest, key: str) -> HttpResponse:
    """Tell who scanned a QR code the state of that version; compare a copy that they bring."""
    _count(request)
    found = documents_.public_version(key)
    if found is None:
        raise NotFound(
            "version_unknown",
            _("Không thấy bản tài liệu nào mang mã này. Xin kiểm tra lại mã QR."),
        )
    form = BroughtCopyForm(request.POST or None, request.FILES or None)
    checked = None
    if request.method == "POST" and form.is_valid():
        checked = _checked(request, form, found)
    context = {"version": found, "form": form, "checked": checked}
    status = 422 if form.is_bound and form.errors else 200
    return pages.render(request, "portal/version.html", context, status=status)


@dataclass(frozen=True, slots=True)
class CheckedCopy:
    """What a brought copy is: its hash, how like the issued one, what its signatures are worth."""

    sha256: str
    likeness: str
    found: Verification | None


def _checked(
    request: HttpRequest, form: BroughtCopyForm, issued: documents_.PublicVersion
) -> CheckedCopy | None:
    data = form.cleaned_data["file"].read()
    digest = hashlib.sha256(data).hexdigest()
    likeness = compare_copy(digest, issued=issued.hash, earlier=issued.earlier)
    try:
        told = verify(data, roots=settings.NEP.sign_roots, at=request.now)  # type: ignore[attr-defined]
    except TooMany:
        form.add_error(None, _("Máy đang kiểm tra nhiều tệp khác. Xin thử lại sau ít phút."))
        return None
    except Refusal:
        if likeness == OTHER_COPY:
            form.add_error("file", _("Không đọc được tệp này. Tệp hỏng hoặc không phải PDF thật."))
            return None
        told = None
    return CheckedCopy(digest, likeness, told if told and told.signatures else None)


def _public(document_id: int) -> documents_.PublicDocument:
    page = documents_.public_document(document_id)
    if page is None:
        raise _unknown()
    return page


def _unknown() -> NotFound:
    return NotFound("document_unknown", _("Không thấy tài liệu công khai này đang có hiệu lực."))


def _agencies(request: HttpRequest) -> list[organization.AgencyLine]:
    today = local(request.now).date()  # type: ignore[attr-defined]
    lines = organization.agency_lines()
    return [
        line
        for line in lines
        if line.valid_from <= today and (line.valid_to is None or line.valid_to >= today)
    ]


def _count(request: HttpRequest, *, writes: bool = False) -> None:
    """Count a look-up of the caller's address, or what it sends, which is counted apart."""
    address = counting_key(client_address(request.META, proxies=settings.NEP.trusted_proxies))
    counted = f"viet {address}" if writes else address
    services.lookup_count(
        key=rules.address_key(counted, secret=settings.SECRET_KEY),
        now=request.now,  # type: ignore[attr-defined]
        limit=rules.WRITES if writes else settings.NEP.portal_lookups,
    )
