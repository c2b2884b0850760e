"""The rules beyond the proof: what each says, and how the agency has set it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_POST

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.forms import LinterRuleForm
from nep.apps.procedures.rules.lint import SEVERITY_NAMES
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once

CHIPS = {"blocks": "qua", "warns": "sap", "hints": "cho", "off": "tam"}
GROUPS = {
    "blocks": _later("Luật chặn ban hành"),
    "warns": _later("Luật cảnh báo"),
    "hints": _later("Luật gợi ý"),
    "off": _later("Luật đang tắt"),
}


def linter(request: HttpRequest) -> HttpResponse:
    """Show every rule with its severity, why it is asked, how to mend, and its figures."""
    return _page(request)


@require_POST
@once
def linter_set(request: HttpRequest) -> HttpResponse:
    """Set a rule for the agency, or let it be as shipped."""
    actor, now, code = who(request), when(request), request.POST.get("code", "")
    if "reset" in request.POST:
        services.linter_rule_reset(actor=actor, code=code, now=now)
        return done(request, _("Đã trở về mức ban đầu."), "procedures:linter", at=code)
    rule = next((one for one in queries.linter_rules(agency_id=actor.agency_id)
                 if one.code == code), None)  # fmt: skip
    form = LinterRuleForm(request.POST, rule=rule, auto_id=f"{code}_%s") if rule else None
    if form is None:
        services.linter_rule_reset(actor=actor, code=code, now=now)  # tells that there is none
        return _page(request)
    if did(form, lambda: services.linter_rule_set(
        actor=actor, code=code, now=now, severity=form.cleaned_data["severity"],
        figures=form.figures(), words=form.words(),
    )):  # fmt: skip
        return done(request, _("Đã đặt luật soát."), "procedures:linter", at=code)
    return _page(request, code=code, bound=form)


def _page(
    request: HttpRequest, *, code: str = "", bound: LinterRuleForm | None = None
) -> HttpResponse:
    actor = who(request)
    may_set = bool(may(actor, "procedure.rules"))
    rows: dict[str, list] = {severity: [] for severity in GROUPS}
    for rule in queries.linter_rules(agency_id=actor.agency_id):
        form = None
        if may_set:
            form = bound if bound is not None and rule.code == code else LinterRuleForm(
                rule=rule, auto_id=f"{rule.code}_%s"
            )  # fmt: skip
        rows[rule.severity].append((rule, SEVERITY_NAMES[rule.severity], form))
    groups = [(GROUPS[one], CHIPS[one], found) for one, found in rows.items() if found]
    context = {
        "groups": groups,
        "blocking": len(rows["blocks"]),
        "proof": queries.proof_reasons(),
    }
    return pages.render(request, "procedures/linter.html", context, status=status_of(bound))
