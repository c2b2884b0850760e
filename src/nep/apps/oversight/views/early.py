"""What is likely to be late tomorrow and this week, told today, by case and by holder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases import queries as cases
from nep.apps.cases.queries import CaseFilter
from nep.apps.cases.rules.likelihood import words_of
from nep.apps.work import queries as work
from nep.apps.work.queries import ChanceLine
from nep.foundation.web import pages, slots
from nep.kernel.text import sort_key, whole_number
from nep.kernel.vietnamese import local

LEAST = 10
SPANS = {"mai": 1, "tuan": 7, "thang": 30}
SHOWN = 100


@dataclass(frozen=True, slots=True)
class LikelyRow:
    """One case that is likely to be late, with the sentence why."""

    line: cases.CaseLine
    chance: ChanceLine
    words: str


@dataclass(frozen=True, slots=True)
class HolderRow:
    """What one person holds of them; `expected` is the sum of the chances."""

    name: str
    count: int
    expected: str
    url: str


def early(request: HttpRequest) -> HttpResponse:
    """Show the cases due soon that are likely to be late, and who holds them."""
    actor, now = request.actor, request.now
    span = request.GET.get("ky", "tuan")
    span = span if span in SPANS else "tuan"
    person_id = whole_number(request.GET.get("nguoi", ""))
    until = _until(now, SPANS[span])
    every = work.likely_late(agency_id=actor.agency_id, now=now, until=until)
    likely = [line for line in every if (line.percent or 0) >= LEAST]
    shown = [one for one in likely if not person_id or one.person_id == person_id][:SHOWN]
    rows = _rows(actor, shown, now)
    names = work.holders_of(likely)
    expected = sum(line.percent or 0 for line in every) / 100
    context = {
        "heading": _heading(expected, len(likely), span),
        "rows": rows,
        "holders": _holders(likely, names, span),
        "holder": names.get(person_id, "") if person_id else "",
        "spans": [
            {"name": name, "url": f"?ky={key}", "is_here": key == span}
            for key, name in (
                ("mai", _("Đến hết ngày mai")), ("tuan", _("7 ngày tới")),
                ("thang", _("30 ngày tới")),
            )
        ],
        "forecast": work.forecast_of(agency_id=actor.agency_id, source_type="case"),
        "unknown": work.unknown_count(agency_id=actor.agency_id, now=now, until=until),
        "overdue": cases.cases_count(actor=actor, filter=CaseFilter(group="qua"), now=now),
        "overdue_url": f"{reverse('cases:list')}?nhom=qua",
        "now": now,
    }  # fmt: skip
    return pages.render(request, "oversight/early.html", context)


def _until(now: datetime, days: int) -> datetime:
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days + 1)


def _heading(expected: float, count: int, span: str) -> str:
    when = {"mai": _("đến hết ngày mai"), "tuan": _("7 ngày tới"), "thang": _("30 ngày tới")}[span]
    if not count:
        return _("Không thấy hồ sơ nào dễ trễ %(when)s") % {"when": when}
    return _("Khoảng %(n)s hồ sơ có thể trễ %(when)s") % {
        "n": max(1, round(expected)), "when": when,
    }  # fmt: skip


def _rows(actor: Any, lines: Sequence[ChanceLine], now: datetime) -> list[LikelyRow]:
    known = cases.case_lines(actor=actor, case_ids=[line.source_id for line in lines], now=now)
    return [
        LikelyRow(known[line.source_id], line, words_of(line.percent or 0))
        for line in lines
        if line.source_id in known
    ]


def _holders(lines: Sequence[ChanceLine], names: dict[int, str], span: str) -> list[HolderRow]:
    """Return who holds them, by name: the list is for help, never for ranking."""
    found: dict[int, list[ChanceLine]] = {}
    for line in lines:
        found.setdefault(line.person_id or 0, []).append(line)
    rows = [
        HolderRow(
            names.get(person_id, _("Chưa ai nhận")), len(own),
            f"{sum(line.percent or 0 for line in own) / 100:.1f}".replace(".", ","),
            f"?{urlencode({'ky': span, 'nguoi': person_id})}" if person_id else "",
        )
        for person_id, own in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: sort_key(row.name))


def chance_card(*, request: HttpRequest, case: Any) -> str:
    """Tell on the page of a running case how likely it is to be late, and why."""
    found = work.chances_of(
        agency_id=request.actor.agency_id, source_type="case", source_ids=[case.id]
    ).get(case.id)
    if found is None or case.is_finished or found.due_at < request.now:
        return ""
    words = words_of(found.percent) if found.percent is not None else ""
    context = {
        "chance": found,
        "words": words,
        "may_see_all": "figures.see" in request.actor.permissions,
    }
    return render_to_string("oversight/_chance.html", context, request=request)


slots.register("case.side", chance_card, order=20)
