"""Officers' sheets: the list of a period, one sheet with its evidence, closing, the criteria."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nep.apps.cases.queries import finished
from nep.apps.oversight import queries, services
from nep.apps.oversight.forms import ClosingForm, SheetForm, TermsForm
from nep.apps.oversight.rules import period_text
from nep.apps.oversight.rules import sheets as rules
from nep.apps.oversight.rules.periods import Period, read_period
from nep.apps.oversight.views import _table as t
from nep.apps.oversight.views._sheet_paper import sheet_file
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local, number_text

ACT_TITLES: dict[str, Any] = {
    rules.SELF: gettext_lazy("Tự chấm"),
    rules.PROPOSED: gettext_lazy("Đề xuất của trưởng đơn vị"),
    rules.DECIDED: gettext_lazy("Quyết định của người đứng đầu"),
    rules.CONTESTED: gettext_lazy("Kiến nghị"),
    rules.ANSWERED: gettext_lazy("Trả lời kiến nghị"),
}
_KINDS = {"steps": "", "in_time": "in_time", "late": "late", "untimed": "untimed",
          "returns": "returns", "reworks": "reworks"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion with everybody's points and what the steps suggest."""

    criterion: rules.Criterion
    most: str
    own: str
    proposed: str
    decided: str
    suggested: str
    evidence: t.Number
    evidence_name: str


def sheets(request: HttpRequest) -> HttpResponse:
    """Show the sheets of a period that the actor may see, by name, and how the best stand."""
    return _list(request, ClosingForm())


def _list(request: HttpRequest, form: ClosingForm, *, status: int = 200) -> HttpResponse:
    actor = request.actor
    period, years = _period(request)
    found = queries.sheet_list(actor=actor, period=period, now=request.now)
    table = _table(found)
    when = period_text(period.value)
    title = _("Phiếu đánh giá, %(when)s") % {"when": when.lower()}
    answer = t.as_file(request, table, title=title, name=f"phieu-danh-gia-{period.value}")
    if answer is not None and request.method == "GET":
        return answer
    context = {
        "heading": _list_heading(found, when, actor.person_id), "title": title, "table": table,
        "found": found, "period": period, "years": years, "query": request.GET.urlencode(),
        "form": form if found.is_head and found.closed_at is None else None,
        "close_url": f"{reverse('oversight:sheets_close')}?{t.asked_of(period)}",
        "quota": found.terms.quota, "now": request.now,
        "terms_url": reverse("oversight:terms"),
    }  # fmt: skip
    return pages.render(request, "oversight/sheets.html", context, status=status)


def _period(request: HttpRequest) -> tuple[Period, tuple[int, ...]]:
    period, years = t.period_of(request, [request.actor.agency_id])
    this = local(request.now).year
    return period, tuple(sorted({*years, this, period.year}, reverse=True))


def _table(found: queries.SheetList) -> t.Table:
    months = found.period.months

    def steps(line: queries.SheetLine, name: str) -> t.Number:
        if not line.counts:
            return t.Number("–")
        url = t.done_url(months, loai=_KINDS[name], nguoi=line.person_id)
        return t.count(line.counts[name], url)

    rows = tuple(
        t.Row(
            line.person,
            (
                steps(line, "steps"), steps(line, "in_time"), steps(line, "late"),
                _words(rules.STATE_NAMES[line.state]), _points(line.own), _points(line.proposed),
                _points(line.decided), _words(line.band or "–"),
            ),
            ", ".join(line.units),
            _sheet_url(line.person_id, found.period),
        )
        for line in found.lines
    )  # fmt: skip
    heads = (
        t.Head(_("Lượt bước")), t.Head(_("Kịp hạn")), t.Head(_("Quá hạn")),
        t.Head(_("Phiếu"), "words"), t.Head(_("Tự chấm"), "text"), t.Head(_("Đề xuất"), "text"),
        t.Head(_("Quyết định"), "text"), t.Head(_("Xếp loại"), "words"),
    )  # fmt: skip
    notes = (
        _(
            "Xếp theo tên, không xếp theo điểm. Xếp loại do người đứng đầu cơ quan quyết định; của "
            "người đứng đầu thì do cấp trên trực tiếp."
        ),
        _("Lượt bước tính theo tháng hồ sơ kết thúc."),
    )
    return t.Table(_("Phiếu đánh giá"), _("Người được đánh giá"), heads, rows, None, notes)


def _words(text: str) -> t.Number:
    return t.Number(text, text, is_words=True)


def _points(tenths: int | None) -> t.Number:
    if tenths is None:
        return t.Number("–")
    return t.Number(rules.points_text(tenths), tenths / 10)


def _sheet_url(person_id: int, period: Period) -> str:
    return reverse("oversight:sheet", args=[person_id, period.value])


def _list_heading(found: queries.SheetList, when: str, own: int) -> str:
    if {line.person_id for line in found.lines} <= {own}:
        state = found.lines[0].state if found.lines else rules.NEW
        return _("%(when)s, phiếu của bạn: %(state)s") % {
            "when": when, "state": rules.STATE_NAMES[state].lower(),
        }  # fmt: skip
    decided = sum(line.state in rules.STANDS for line in found.lines)
    asked = sum(line.state == rules.CONTESTED for line in found.lines)
    text = _("%(when)s đã quyết định %(n)s/%(whole)s phiếu") % {
        "when": when, "n": decided, "whole": len(found.lines),
    }  # fmt: skip
    return f"{text}, {asked} {_('kiến nghị chờ trả lời')}" if asked else text


@once
def sheets_close(request: HttpRequest) -> HttpResponse:
    """Close a period's judging."""
    period, _years = _period(request)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.sheet_period_close(
                actor=request.actor, now=request.now, period=period, **form.cleaned_data
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã chốt kỳ đánh giá."))
            return redirect(f"{reverse('oversight:sheets')}?{t.asked_of(period)}")
    return _list(request, form, status=422 if form.errors else 200)


def sheet(request: HttpRequest, person_id: int, period: int) -> HttpResponse:
    """Show a person's sheet, its evidence and everything written on it."""
    page = _page(request, person_id, period)
    answer = sheet_file(request, page, _criteria(page))
    return answer if answer is not None else _shown(request, page, None)


def _page(request: HttpRequest, person_id: int, period: int) -> queries.SheetPage:
    found = read_period(str(period))
    if found is None:
        raise NotFound()
    return queries.sheet_page(
        actor=request.actor, person_id=person_id, period=found, now=request.now
    )


@once
def sheet_act(request: HttpRequest, person_id: int, period: int, entry: str) -> HttpResponse:
    """Write one entry on a person's sheet."""
    page = _page(request, person_id, period)
    if entry not in ACT_TITLES:
        raise NotFound()
    form = _form(page, entry, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return redirect(_sheet_url(person_id, page.period))
    status = 422
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.sheet_write(
                actor=request.actor, now=request.now, person_id=person_id, period=page.period,
                act=entry, points=form.tenths(), band=values.get("band", ""), text=values["text"],
                is_without_self=bool(values.get("without_self")),
                expected_version=values["version"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            status = refusal.status
            form_refused(form, refusal)
        else:
            messages.success(request, _DONE[entry])
            return redirect(_sheet_url(person_id, page.period))
    return _shown(request, page, form, status=status)


_DONE: dict[str, Any] = {
    rules.SELF: gettext_lazy("Đã ghi điểm tự chấm."),
    rules.PROPOSED: gettext_lazy("Đã ghi đề xuất."),
    rules.DECIDED: gettext_lazy("Đã ghi quyết định."),
    rules.CONTESTED: gettext_lazy("Đã gửi kiến nghị."),
    rules.ANSWERED: gettext_lazy("Đã trả lời kiến nghị."),
}


def _form(page: queries.SheetPage, act: str, data: Any) -> SheetForm:
    """Return the form of an act, filled with the newest points before it: one's own, else those
    of the one before; never with what the steps suggest."""
    order = [act, rules.PROPOSED, rules.SELF] if act == rules.DECIDED else [act, rules.SELF]
    held = next((entry.points for one in order if (entry := page.newest(one))), {})
    return SheetForm(
        data, act=act, terms=page.terms, points=held,
        has_self=page.newest(rules.SELF) is not None or not page.terms.self_first,
        is_recorded=rules.RECORDER in page.roles,
        initial={"version": page.version},
    )  # fmt: skip


def _shown(
    request: HttpRequest, page: queries.SheetPage, form: SheetForm | None, *, status: int = 200
) -> HttpResponse:
    acts = [
        act
        for act in ACT_TITLES
        if rules.decide_act(act, state=page.state, roles=page.roles)
        and not (page.closed_at and act in (rules.SELF, rules.PROPOSED, rules.DECIDED))
    ]
    forms = [form if form and form.act == act else _form(page, act, None) for act in acts]
    if form is not None and form.act not in acts:
        forms.insert(0, form)
    context = {
        "page": page, "rows": _criteria(page), "groups": rules.GROUPS,
        "heading": _heading(page), "title": _("Phiếu đánh giá"),
        "forms": [(one, _act_title(page, one.act), _button(one.act), _act_url(page, one.act))
                  for one in forms],
        "entries": [(e, _act_title(page, e.act), _told(e)) for e in page.entries],
        "evidence": _evidence(page), "when": period_text(page.period.value),
        "list_url": f"{reverse('oversight:sheets')}?{t.asked_of(page.period)}",
        "own_total": _total(page, rules.SELF), "proposed_total": _total(page, rules.PROPOSED),
        "decided_total": rules.points_text(page.points) if page.points is not None else "–",
        "whole": rules.points_text(page.terms.whole), "marks": _marks(page.terms),
        "unproven": _unproven(page),
    }  # fmt: skip
    return pages.render(request, "oversight/sheet.html", context, status=status)


def _act_url(page: queries.SheetPage, act: str) -> str:
    return reverse("oversight:sheet_act", args=[page.person_id, page.period.value, act])


def _act_title(page: queries.SheetPage, act: str) -> str:
    if page.is_top and act == rules.DECIDED:
        return _("Quyết định của cấp trên trực tiếp")
    return str(ACT_TITLES[act])


def _button(act: str) -> str:
    return {
        rules.SELF: _("Ghi điểm tự chấm"),
        rules.PROPOSED: _("Gửi đề xuất"),
        rules.DECIDED: _("Ghi quyết định"),
        rules.CONTESTED: _("Gửi kiến nghị"),
        rules.ANSWERED: _("Trả lời kiến nghị"),
    }[act]


def _heading(page: queries.SheetPage) -> str:
    when = period_text(page.period.value).lower()
    if page.points is None:
        return _("%(person)s, %(when)s: %(state)s") % {
            "person": page.person, "when": when, "state": rules.STATE_NAMES[page.state].lower(),
        }  # fmt: skip
    return _("%(person)s, %(when)s: %(points)s điểm, %(band)s") % {
        "person": page.person, "when": when, "points": rules.points_text(page.points),
        "band": page.band.lower(),
    }  # fmt: skip


def _total(page: queries.SheetPage, act: str) -> str:
    entry = page.newest(act)
    return rules.points_text(entry.total) if entry and entry.total is not None else "–"


def _criteria(page: queries.SheetPage) -> list[CriterionRow]:
    own, proposed = page.newest(rules.SELF), page.newest(rules.PROPOSED)
    decided = page.newest(rules.DECIDED, rules.ANSWERED)

    def given(entry: queries.EntryLine | None, code: str) -> str:
        return rules.points_text(entry.points[code]) if entry and code in entry.points else "–"

    rows = []
    for one in page.terms.criteria:
        points = rules.suggested(one, page.counts)
        rows.append(
            CriterionRow(
                one, rules.points_text(one.most), given(own, one.code),
                given(proposed, one.code), given(decided, one.code),
                rules.points_text(points) if points is not None else "",
                _count(page, one.opens) if one.opens else t.Number(""),
                rules.COUNTS.get(one.opens, "").lower(),
            )
        )  # fmt: skip
    return rows


def _count(page: queries.SheetPage, name: str) -> t.Number:
    months, number = page.period.months, page.counts.get(name, 0)
    if page.is_below or rules.RECORDER in page.roles:  # these readers do not open those steps
        return t.Number(str(number), number)
    if name.startswith("joint"):
        kind = "late" if name == "joint_late" else ""
        return t.count(number, t.joint_url(months, nguoi=page.person_id, loai=kind))
    return t.count(number, t.done_url(months, loai=_KINDS[name], nguoi=page.person_id))


def _evidence(page: queries.SheetPage) -> list[tuple[str, t.Number, str]]:
    """Return what the steps say: name, figure that opens its steps, and what a decision saw."""
    held = next(
        (e.evidence for e in reversed(page.entries) if e.act in (rules.DECIDED, rules.ANSWERED)), {}
    )
    rows = []
    for name, label in rules.COUNTS.items():
        saw = held.get(name)
        is_other = saw is not None and saw != page.counts.get(name, 0)
        note = _("lúc quyết định: %(n)s") % {"n": saw} if is_other else ""
        rows.append((label, _count(page, name), note))
    return rows


def _told(entry: queries.EntryLine) -> str:
    parts = []
    if entry.total is not None:
        parts.append(_("%(n)s điểm") % {"n": rules.points_text(entry.total)})
    if entry.band:
        parts.append(entry.band)
    return ", ".join(parts)


def _marks(terms: rules.SheetTerms) -> list[str]:
    """Return in words what of the terms is verified and what is not."""
    words = {"S": _("thấy trong nguồn công khai"), "K": _("biết qua tài liệu khác")}
    quota = terms.quota
    bands = ", ".join(
        f"{number_text(band.least / 10, places=0)} {band.label.lower()}" for band in terms.bands
    )
    return [
        _("Cơ cấu %(common)s + %(task)s và các mức %(bands)s: %(source)s (%(mark)s).") % {
            "common": rules.points_text(terms.common), "task": rules.points_text(terms.task),
            "bands": bands, "source": terms.source,
            "mark": words.get(terms.verified, terms.verified),
        },
        _("Tự chấm trước rồi mới đề xuất, quyết định: %(mark)s.") % {
            "mark": words.get(terms.self_first_verified, terms.self_first_verified),
        },
        _("Tỷ lệ xuất sắc %(percent)s%%, đặc biệt %(more)s%%: %(mark)s; tính trên ai: %(whole)s.")
        % {
            "percent": quota.percent, "more": quota.exception,
            "mark": words.get(quota.verified, quota.verified),
            "whole": words.get(quota.whole_verified, quota.whole_verified),
        },
    ]  # fmt: skip


def _unproven(page: queries.SheetPage) -> bool:
    return finished.counting_left() or not page.is_period_over


@once
def terms(request: HttpRequest) -> HttpResponse:
    """Show the criteria of the sheet with source and mark; who may changes them."""
    page = queries.terms_page(actor=request.actor, now=request.now)
    is_allowed = bool(rules.may_set_terms(request.actor))
    form = None
    if is_allowed:
        quota = page.content["quota"]
        form = TermsForm(
            request.POST or None, rows=page.content["criterion"],
            initial={"percent": quota["percent"], "exception": quota["exception"]},
        )  # fmt: skip
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            services.terms_set(
                actor=request.actor, now=request.now, content=form.content(page.content),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã đổi. Phiếu mở từ nay theo tiêu chí mới."))
            return redirect("oversight:terms")
    context = {
        "page": page, "form": form, "marks": _marks(page.terms), "groups": _grouped(page.terms),
        "names": rules.COUNTS,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return pages.render(request, "oversight/terms.html", context, status=status)


def _grouped(terms: rules.SheetTerms) -> list[tuple[str, str, list[dict[str, str]]]]:
    found = []
    for group, name in rules.GROUPS.items():
        rows = [
            {
                "label": one.label, "most": rules.points_text(one.most), "source": one.source,
                "mark": one.verified, "formula": _formula(one),
            }
            for one in terms.criteria
            if one.group == group
        ]  # fmt: skip
        whole = terms.common if group == "chung" else terms.task
        found.append((name, rules.points_text(whole), rows))
    return found


def _formula(one: rules.Criterion) -> str:
    if not one.whole:
        return _("không gợi ý từ số liệu")

    def side(parts: Any) -> str:
        text = " ".join(
            f"{'−' if sign < 0 else '+'} {rules.COUNTS[name].lower()}" for sign, name in parts
        ).removeprefix("+ ")
        return f"({text})" if len(parts) > 1 else text

    return f"{side(one.part)} ÷ {side(one.whole)}"
