"""Signatures on the frozen PDF: the page with its three ways, the room for those from outside."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import KeyFileForm, OutsideForm, ReturnedForm, TokenForm
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.foundation.files import queries as files
from nep.foundation.signing.signers import KeyFile, Token
from nep.foundation.web import pages
from nep.foundation.web.acting import done, status_of, when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import NotFound, Refusal

PLACE = "documents:signing"


def _card(request: HttpRequest, page: queries.DocumentPage) -> str:
    """Say beside the document whether it is signed or confirmed on the system."""
    approved = page.open if page.open and page.open.state == rules.APPROVED else None
    shown = page.current or approved
    card = queries.signing_card(actor=who(request), facts=shown) if shown else None
    if card is None:
        return ""
    return render_to_string("documents/signing_card.html", {"card": card}, request)


def signing(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the signatures of a revision and the ways to add one."""
    return _page(request, queries.signing_page(actor=who(request), revision_id=revision_id))


@require_POST
@sensitive_post_parameters("password")
def sign_by_file(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Sign with a key file that is forgotten at once."""
    page = queries.signing_page(actor=who(request), revision_id=revision_id)
    form = KeyFileForm(request.POST, request.FILES)

    def key() -> KeyFile:
        given = form.cleaned_data
        return KeyFile(given["key_file"].read(), given["password"])

    return _sign(request, page, form, key)


@require_POST
@sensitive_post_parameters("pin_password")
def sign_by_token(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Sign with the server's token."""
    page = queries.signing_page(actor=who(request), revision_id=revision_id)
    if not page.has_token:
        raise NotFound()
    form = TokenForm(request.POST)

    def key() -> Token:
        given, known = form.cleaned_data, settings.NEP
        return Token(
            known.sign_module, known.sign_slot, given["label"] or known.sign_label,
            given["pin_password"],
        )  # fmt: skip

    return _sign(request, page, form, key)


def _sign(
    request: HttpRequest,
    page: queries.SigningPage,
    form: KeyFileForm | TokenForm,
    key: Callable[[], KeyFile | Token],
) -> HttpResponse:
    made: list[services.Made] = []

    def make() -> None:
        made.append(
            services.signature_make(
                actor=who(request),
                revision_id=page.revision.id,
                key=key(),
                now=when(request),
                seen_hash=form.cleaned_data["seen_hash"],
                is_seen=form.cleaned_data["is_seen"],
            )
        )

    if not _did(form, make):
        return _page(request, page, form)
    return _keep(request, page.revision.id, made=made[0])


@once
def _keep(request: HttpRequest, revision_id: int, *, made: services.Made) -> HttpResponse:
    services.signature_keep(actor=who(request), made=made, now=when(request))
    said = _("Đã ký số.")
    if made.without_stamp:
        said = _("Đã ký số, chưa có dấu thời gian. %(why)s") % {"why": made.without_stamp}
    return done(request, said, PLACE, revision_id)


@require_POST
def sign_outside(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Keep room for a signature from outside and lead to its page."""
    page = queries.signing_page(actor=who(request), revision_id=revision_id)
    form = OutsideForm(request.POST, is_personal=page.is_personal)
    keys: list[str] = []

    def begin() -> None:
        given = form.cleaned_data
        keys.append(
            services.signing_begin(
                actor=who(request),
                revision_id=revision_id,
                seen_hash=given["seen_hash"],
                is_seen=given["is_seen"],
                is_agency=given["whose"] == "agency",
                now=when(request),
            )
        )

    if not _did(form, begin):
        return _page(request, page, form)
    return redirect("documents:signing_room", keys[0])


@never_cache
def signing_room(request: HttpRequest, room_key: str) -> HttpResponse:
    """Show what is to be signed outside, and take back what was signed."""
    room = queries.signing_room(actor=who(request), key=room_key, now=when(request))
    page = queries.signing_page(actor=who(request), revision_id=room.revision_id)
    form = ReturnedForm(request.POST or None, request.FILES or None)
    made: list[services.Made] = []

    def receive() -> None:
        data = form.cleaned_data["file"].read()
        made.append(
            services.signature_receive(
                actor=who(request), key=room_key, data=data, now=when(request)
            )
        )

    if request.method == "POST" and _did(form, receive):
        return _keep(request, room.revision_id, made=made[0])
    context = {
        "page": page,
        "room": room,
        "room_key": room_key,
        "form": form,
        "digest64": base64.b64encode(bytes.fromhex(room.digest)).decode(),
    }
    return pages.render(request, "documents/signing_room.html", context, status=status_of(form))


@never_cache
def signing_room_file(request: HttpRequest, room_key: str, part: str) -> HttpResponse:
    """Give the published PDF to be signed by a programme, or the bare content to be signed."""
    room = queries.signing_room(actor=who(request), key=room_key, now=when(request))
    page = queries.signing_page(actor=who(request), revision_id=room.revision_id)
    if part == "noi-dung.bin":
        data = files.read(room.prepared_id)
        return _handed(data[: room.start] + data[room.end :], part, "application/octet-stream")
    if part != "ban-cong-bo.pdf" or page.file_id is None:
        raise NotFound()
    return _handed(files.read(page.file_id), page.file_name, "application/pdf")


def signed_file(request: HttpRequest, revision_id: int, number: int) -> HttpResponse:
    """Give the PDF as a signature left it, byte for byte; 0 is the one nobody had signed."""
    found = queries.signed_copy(actor=who(request), revision_id=revision_id, number=number)
    services.access_note(
        actor=who(request), revision_id=revision_id, what=rules.DOWNLOADED, now=when(request)
    )
    return _handed(found.data, found.name, found.content_type)


def _did(form: Form, act: Callable[[], Any]) -> bool:
    """Do the action of a valid form; a refusal of its content goes into the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        form_refused(form, refusal)
        return False
    return True


def _page(
    request: HttpRequest, page: queries.SigningPage, form: Form | None = None
) -> HttpResponse:
    upon = {"seen_hash": page.hash, "is_seen": True}
    forms = {
        KeyFileForm: KeyFileForm(initial=upon, auto_id="tk_%s"),
        TokenForm: TokenForm(initial={**upon, "label": settings.NEP.sign_label}, auto_id="tb_%s"),
        OutsideForm: OutsideForm(initial=upon, is_personal=page.is_personal, auto_id="ng_%s"),
    }
    if form is not None:
        forms[type(form)] = form  # type: ignore[index,assignment]
    context = {
        "page": page,
        "file_form": forms[KeyFileForm],
        "token_form": forms[TokenForm],
        "outside_form": forms[OutsideForm],
    }
    status = status_of(form) if form else 200
    return pages.render(request, "documents/signing.html", context, status=status)


def _handed(data: bytes, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


add_panel("signing", _card, place="side", order=15)
