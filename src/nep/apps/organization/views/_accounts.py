"""Opening the log-ins of many people at once."""

from django.http import HttpRequest, HttpResponse

from nep.apps.organization import queries, services
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of, when
from nep.kernel.errors import Refusal
from nep.kernel.text import clean


def accounts_open(request: HttpRequest) -> HttpResponse:
    """List who cannot log in yet, with a name proposed for each; open what is chosen.

    The one-time passwords stand in the answer alone: neither browser nor server keeps it, and a
    repeated post opens nothing again.
    """
    actor = request.actor  # type: ignore[attr-defined]
    lines = queries.people_without_account(agency_id=actor.agency_id, today=today_of(request))
    typed = {one.id: one.proposed for one in lines}
    chosen, refused, told = set(list(typed)[: services.MOST_ACCOUNTS]), "", {}
    opened: tuple[services.OpenedAccount, ...] = ()
    if request.method == "POST":
        typed |= {id_: clean(request.POST.get(f"ten{id_}", ""))[:64] for id_ in typed}
        chosen = {id_ for id_ in typed if str(id_) in request.POST.getlist("chon")}
        try:
            opened = services.people_accounts_open(
                actor=actor, now=when(request), agency_id=actor.agency_id,
                usernames={id_: typed[id_] for id_ in typed if id_ in chosen},
            )  # fmt: skip
        except Refusal as refusal:
            refused = refusal.message
        told = {one.person_id: one.refusal for one in opened}
    made = {one.person_id: one.account for one in opened if one.account}
    context = {
        "opened": [(line, made[line.id]) for line in lines if line.id in made],
        "rows": [
            (line, typed[line.id], line.id in chosen, told.get(line.id, ""))
            for line in lines
            if line.id not in made
        ],
        "refused": refused,
        "most": services.MOST_ACCOUNTS,
        "agency": queries.agency(actor.agency_id),
    }
    status = 422 if refused or (opened and not made) else 200
    response = pages.render(request, "organization/accounts.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
