"""Hand-overs of the ISO secretary."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.conformity import queries, services
from nep.apps.conformity.forms import HandoverForm
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import Actor, may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


@once
def handovers(request: HttpRequest) -> HttpResponse:
    """List the hand-overs, show what would be handed over now, and make one."""
    actor, today = who(request), today_of(request)
    members = organization.members(agency_id=actor.agency_id, today=today)
    receivers = [(one.id, one.name) for one in members if "iso_secretary" in one.roles]
    held = organization.ever_held(agency_id=actor.agency_id, role="iso_secretary")
    givers = [(one.id, one.name) for one in members if one.id in held]
    others = [pair for pair in receivers if pair[0] != actor.person_id]
    form = HandoverForm(
        request.POST or None, givers=givers, receivers=receivers,
        initial={"giver": _giver(actor, members), "receiver": next((id_ for id_, _name in others or receivers), None)},
    )  # fmt: skip
    made: list[int] = []

    def act() -> None:
        kept = form.cleaned_data
        made.append(
            services.handover_make(
                actor=actor, giver_id=kept["giver"], receiver_id=kept["receiver"],
                remark=kept["remark"], now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lập biên bản bàn giao."), "conformity:handover", made[0])
    context = {
        "lines": queries.handovers(actor=actor), "form": form, "has_receiver": bool(receivers),
        "has_other": len(receivers) > 1,
        "may_manage": bool(may(actor, "year.manage")),
        "content": queries.handover_content(actor=actor, giver_id=actor.person_id, today=today),
    }  # fmt: skip
    return pages.render(request, "conformity/handovers.html", context, status=status_of(form))


def _giver(actor: Actor, members: tuple[organization.Member, ...]) -> int:
    """Return who most likely hands over: the ISO secretary, be it the reader or another."""
    if "iso_secretary" in actor.roles:
        return actor.person_id
    return next((one.id for one in members if "iso_secretary" in one.roles), actor.person_id)


def handover(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Show one hand-over as it was frozen."""
    page = queries.handover_page(actor=who(request), handover_id=handover_id)
    context = {
        "page": page, "content": page.content,
        "may_receive": page.line.receiver_id == who(request).person_id
        and page.line.received_at is None,
    }  # fmt: skip
    return pages.render(request, "conformity/handover.html", context)


@once
def handover_receive(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Say that the work was received."""
    queries.handover_page(actor=who(request), handover_id=handover_id)
    if request.method == "POST":
        services.handover_receive(actor=who(request), handover_id=handover_id, now=when(request))
        return done(request, _("Đã xác nhận nhận bàn giao."), "conformity:handover", handover_id)
    return redirect("conformity:handover", handover_id)


def handover_paper(request: HttpRequest, handover_id: int, ending: str) -> HttpResponse:
    """Give the minutes as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Biên bản chỉ có dạng PDF và Word.")
    data = services.handover_paper(
        actor=who(request), handover_id=handover_id, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name=f"ban-giao-{handover_id}", ending=ending)
