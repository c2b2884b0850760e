"""Joint work of a period: what this agency did for others, what others did for it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.cases.queries import joint_figures as joint
from nep.apps.organization import queries as organization
from nep.apps.oversight import rules
from nep.apps.oversight.rules.periods import Period, period_of_months, sees_person, sees_province
from nep.apps.oversight.views import _table as t
from nep.foundation.web import pages
from nep.kernel.errors import NotFound
from nep.kernel.text import sort_key, whole_number
from nep.kernel.vietnamese import local

KINDS = ("late", "in_time")


def joints(request: HttpRequest) -> HttpResponse:
    """Show the joint answers of a period, each counted for the agency that gave it."""
    actor = request.actor
    period, years = t.period_of(request, [actor.agency_id])
    months, own = period.months, actor.agency_id
    given = joint.joint_figures(wanted=joint.JointFilter(months, did=own), by="home")
    got = joint.joint_figures(wanted=joint.JointFilter(months, home=own), by="agency")
    tables = [
        _table(_("Cơ quan bạn làm cho cơ quan khác"), given, lambda key: {"cho": key}, period),
        _table(
            _("Cơ quan khác làm cho cơ quan bạn"), got,
            lambda key: {"lam": key, "cho": own}, period,
        ),
    ]  # fmt: skip
    when = rules.period_text(period.value)
    title = _("Việc liên thông, %(when)s") % {"when": when.lower()}
    answer = t.as_files(request, tables, title=title, name=f"lien-thong-{period.value}")
    if answer is not None:
        return answer
    done, late = sum(r.answered for r in given.values()), sum(r.late for r in given.values())
    asked = sum(row.answered for row in got.values())
    context = {
        "heading": _heading(when, done, late, asked), "title": title, "tables": tables,
        "period": period, "years": years, "query": request.GET.urlencode(), "now": request.now,
    }  # fmt: skip
    return pages.render(request, "oversight/joint.html", context)


def _table(
    name: str, rows: Mapping[int, joint.JointCounts], values: Callable[[int], dict[str, Any]],
    period: Period,
) -> t.Table:  # fmt: skip
    made = [
        t.Row(organization.agency(key).name, _cells(row, period, values(key)))
        for key, row in rows.items()
    ]
    whole = joint.JointCounts(
        sum(row.answered for row in rows.values()), sum(row.late for row in rows.values()),
        sum(row.minutes for row in rows.values()),
    )  # fmt: skip
    every = {key: value for key, value in values(0).items() if value}
    total = t.Row(_("Cộng"), _cells(whole, period, every))
    heads = (
        t.Head(_("Đã trả lời")), t.Head(_("Kịp hạn")), t.Head(_("Quá hạn")),
        t.Head(_("Tỷ lệ kịp hạn"), "percent"), t.Head(_("Giờ làm việc")),
    )  # fmt: skip
    notes = (
        _(
            "Mỗi câu trả lời đếm một lần, cho cơ quan đã làm, theo tháng trả lời và lịch của nơi làm."
        ),
        _("Trong bảng bước của thủ tục, bước này không tính cho người theo dõi ở cơ quan giao."),
    )
    return t.Table(name, name, heads, tuple(sorted(made, key=_named)), total, notes)


def _named(row: t.Row) -> str:
    return sort_key(row.title)


def _cells(
    row: joint.JointCounts, period: Period, values: Mapping[str, Any]
) -> tuple[t.Number, ...]:
    months = period.months
    return (
        t.count(row.answered, t.joint_url(months, **values)),
        t.count(row.in_time, t.joint_url(months, loai="in_time", **values)),
        t.count(row.late, t.joint_url(months, loai="late", **values)),
        t.share(row.in_time, row.answered),
        t.minutes(row.minutes),
    )


def _heading(when: str, done: int, late: int, asked: int) -> str:
    if not done and not asked:
        return _("%(when)s chưa có việc liên thông nào được trả lời") % {"when": when}
    tail = _("%(n)s việc quá hạn") % {"n": late} if late else _("không việc nào quá hạn")
    return _("%(when)s cơ quan bạn trả lời %(done)s việc liên thông, %(tail)s; nhận %(asked)s") % {
        "when": when, "done": done, "tail": tail, "asked": asked,
    }  # fmt: skip


def joint_rows(request: HttpRequest) -> HttpResponse:
    """Show the joint answers that one figure counts: of one person whom the actor may see, or of
    the agency for who sees its figures, or of the province's agencies for the province."""
    actor = request.actor
    wanted = _filter(request.GET, actor.agency_id)
    _require(request, wanted)
    lines, after = joint.joint_answers(
        wanted=wanted, after=whole_number(request.GET.get("sau", ""))
    )
    values = request.GET.copy()
    values["sau"] = str(after)
    period = period_of_months(wanted.months)
    context = {
        "total": joint.joint_count(wanted=wanted), "lines": lines,
        "when": rules.period_text(period.value).lower() if period else "",
        "next_url": f"?{values.urlencode()}" if after else "",
        "may_open": wanted.did == actor.agency_id or wanted.home == actor.agency_id,
        "sees_figures": "figures.see" in actor.permissions,
    }  # fmt: skip
    return pages.render(request, "oversight/joint_rows.html", context)


def _filter(values: Mapping[str, str], own: int) -> joint.JointFilter:
    """Return the filter of a query string: tu, den, lam, cho, nguoi, loai. Without `lam` it is the
    own agency that answered, unless answers for the own agency are asked for."""
    home = whole_number(values.get("cho", ""))
    did = whole_number(values.get("lam", ""))
    person = values.get("nguoi", "")
    kind = values.get("loai", "")
    months = (_month(values.get("tu", ""), 200001), _month(values.get("den", ""), 299912))
    return joint.JointFilter(
        months, did=did or (0 if home == own else own), home=home,
        person_id=whole_number(person) if person else None, kind=kind if kind in KINDS else "",
    )  # fmt: skip


def _require(request: HttpRequest, wanted: joint.JointFilter) -> None:
    actor = request.actor
    if actor.agency_id not in (wanted.did, wanted.home):
        own = organization.agency(actor.agency_id)
        asked = [key for key in (wanted.did, wanted.home) if key]
        inside = all(organization.agency(key).province_id == own.province_id for key in asked)
        if not (sees_province(actor, kind=own.kind) and asked and inside):
            raise NotFound()
    if wanted.person_id is None:
        if "figures.see" not in actor.permissions:
            raise NotFound()
        return
    today = local(request.now).date()
    known = organization.members(agency_id=actor.agency_id, today=today)
    units = next((one.unit_ids for one in known if one.id == wanted.person_id), frozenset())
    is_seen = sees_person(actor, person_id=wanted.person_id, units=units)
    if not is_seen or wanted.did != actor.agency_id:
        raise NotFound()


def _month(text: str, otherwise: int) -> int:
    found = whole_number(text)
    return found if 190001 <= found <= 299912 and 1 <= found % 100 <= 12 else otherwise
