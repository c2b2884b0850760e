"""What is done about waits, errors, sub-procedures and opinions of a case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.cases import queries, services
from nep.apps.cases.forms import CallEndForm, ErrorForm, WaitEndForm, WithdrawForm
from nep.apps.cases.views._acted import Told, acted
from nep.apps.cases.views._case import as_file
from nep.apps.organization.queries import who
from nep.foundation.web.acting import when
from nep.foundation.web.once import once


def _doer(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "actor": who(request), "now": when(request), "expected_version": values["version"],
    }  # fmt: skip


@once
def wait_end(request: HttpRequest, case_id: int, wait_id: int) -> HttpResponse:
    """Let the case go on without what it waits for."""
    name = queries.wait_known(actor=who(request), case_id=case_id, wait_id=wait_id)

    def act(values: dict[str, Any]) -> str:
        services.wait_end(
            **_doer(request, values), case_id=case_id, wait_id=wait_id, reason=values["reason"]
        )
        return _("Đã thôi chờ, hồ sơ đi tiếp.")

    title = _("Thôi chờ “%(name)s”") % {"name": name}
    return acted(request, case_id, WaitEndForm(request.POST or None), act, Told(title))


@once
def step_error(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Report an error that the procedure draws at this step."""
    errors = queries.step_errors(actor=who(request), case_id=case_id, run_id=run_id)

    def act(values: dict[str, Any]) -> str:
        services.step_complete(
            **_doer(request, values), run_id=run_id, error=form.code(), note=values["note"]
        )
        return _("Đã báo, hồ sơ đi theo hướng xử lý của quy trình.")

    form = ErrorForm(request.POST or None, errors=errors)
    return acted(request, case_id, form, act, Told(_("Báo không làm được như thường")))


@once
def call_end(request: HttpRequest, case_id: int, call_id: int) -> HttpResponse:
    """Stop waiting for a sub-procedure."""
    choice = queries.call_choice(actor=who(request), case_id=case_id, call_id=call_id)
    form = CallEndForm(request.POST or None, errors=choice.errors)

    def act(values: dict[str, Any]) -> str:
        services.call_end(
            **_doer(request, values), case_id=case_id, call_id=call_id, reason=values["reason"],
            error=form.error(),
        )  # fmt: skip
        return _("Đã thôi chờ thủ tục con, hồ sơ đi tiếp.")

    title = _("Thôi chờ thủ tục con “%(name)s”") % {"name": choice.title}
    return acted(request, case_id, form, act, Told(title))


@once
def opinion_withdraw(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Ask one of those asked no longer."""
    name = queries.opinion_known(actor=who(request), case_id=case_id, run_id=run_id)

    def act(values: dict[str, Any]) -> str:
        services.opinion_withdraw(
            **_doer(request, values), case_id=case_id, run_id=run_id, reason=values["reason"]
        )
        return _("Đã thôi hỏi nơi này.")

    title = _("Thôi hỏi: %(name)s") % {"name": name}
    return acted(request, case_id, WithdrawForm(request.POST or None), act, Told(title))


def opinion_file(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Give the file of an opinion."""
    return as_file(queries.opinion_file(actor=who(request), case_id=case_id, run_id=run_id))
