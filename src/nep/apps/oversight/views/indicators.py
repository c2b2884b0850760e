"""Indicators of QĐ 766 by month, computed from the counts kept, with what each is made of."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases.queries import finished
from nep.apps.cases.queries.finished import Ended
from nep.apps.organization import queries as organization
from nep.apps.oversight import queries, rules
from nep.apps.oversight.queries import InputLine, InputPage
from nep.apps.oversight.rules import indicators as formulas
from nep.apps.oversight.rules.inputs import COUNTED
from nep.apps.oversight.views import _table as t
from nep.foundation.web import pages
from nep.kernel.vietnamese import datetime_text, local, number_text

# The rows of each input that the figures count; the others are entered by hand.
_ROWS: dict[str, dict[str, str]] = {
    "resolved": {"loai": "xong"},
    "late_by_indicator": {"dau": "tre-766"},
    "ended": {},
    "online": {"kenh": "online"},
    "supplemented": {"dau": "bo-sung"},
}


def indicators(request: HttpRequest) -> HttpResponse:
    """Show the indicators of a period, their formulas, inputs and marks, and each month beside."""
    agencies = [request.actor.agency_id]
    period, years = t.period_of(request, agencies)
    own = organization.agency(request.actor.agency_id)
    labels, known, edition = queries.formulas_for(province_id=own.province_id, period=period)
    months = finished.ended_figures(agency_ids=agencies, months=period.months, by="month")
    online = finished.ended_figures(agency_ids=agencies, months=period.months, by="channel")
    entered = queries.input_page(actor=request.actor, period=period, now=request.now)
    inputs = _inputs(finished.sum_of(months.values()), online.get(("online",)))
    inputs |= {line.name: line.value for line in entered.lines if line.value is not None}
    scores = [formulas.score(one, inputs) for one in known]
    table = _table(scores, labels, edition)
    when = rules.period_text(period.value)
    title = _("Chỉ số phục vụ người dân, doanh nghiệp (QĐ 766), %(when)s") % {"when": when.lower()}
    tables = [table, _input_table(labels, inputs, entered)]
    answer = t.as_files(request, tables, title=title, name=f"chi-so-766-{period.value}")
    if answer is not None:
        return answer
    context = {
        "heading": _heading(scores, when), "title": title, "table": table, "period": period,
        "years": years, "query": request.GET.urlencode(), "now": request.now,
        "inputs": _input_rows(labels, inputs, entered),
        "may_enter": entered.may_enter,
        "inputs_url": f"{reverse('oversight:inputs')}?{t.asked_of(period)}",
        "may_set": "province.manage" in request.actor.permissions,
        "is_counting": finished.counting_left(),
    }  # fmt: skip
    return pages.render(request, "oversight/indicators.html", context)


def _inputs(whole: Ended, online: Ended | None) -> dict[str, int]:
    return {
        "resolved": whole.resolved,
        "late_by_indicator": whole["late_by_indicator"],
        "ended": whole["ended"],
        "online": online["ended"] if online else 0,
        "supplemented": whole["supplemented"],
    }


def _table(
    scores: list[formulas.Score], labels: Mapping[str, str], edition: int
) -> t.Table:  # fmt: skip
    rows = []
    for one in scores:
        made = one.indicator
        missing = ", ".join(labels[name].lower() for name in one.missing)
        detail = _("chưa có số liệu: %(what)s") % {"what": missing} if missing else made.group
        cells = (
            _decimal(one.percent, "%"),
            _decimal(one.points),
            t.Number(f"{made.most:g}", made.most),
            _words(_formula(made, labels)),
            _words(_marked(made.verified)),
            _words(_marked(made.points_verified)),
        )
        rows.append(t.Row(f"{made.code}. {made.label}", cells, detail))
    heads = (
        t.Head(_("Giá trị"), "text"), t.Head(_("Điểm"), "text"), t.Head(_("Điểm tối đa"), "text"),
        t.Head(_("Cách tính"), "words"), t.Head(_("Nguồn công thức"), "words"),
        t.Head(_("Nguồn điểm"), "words"),
    )  # fmt: skip
    notes = (
        _("Điểm chỉ cộng những chỉ số đã có dữ liệu; chỉ số thiếu dữ liệu không bị coi là 0."),
        _("Công thức của tỉnh, lần ban hành %(n)s.") % {"n": edition}
        if edition
        else _("Công thức như khi cài đặt; quản trị cấp tỉnh có thể ban hành công thức khác."),
    )
    return t.Table(_("Chỉ số 766"), _("Chỉ số"), heads, tuple(rows), None, notes)


def _decimal(value: float | None, unit: str = "") -> t.Number:
    if value is None:
        return t.Number("–")
    text = number_text(int(value * 10 + 1e-6) / 10, places=1).removesuffix(",0") + unit
    return t.Number(text, text)


def _words(text: str) -> t.Number:
    return t.Number(text, text, is_words=True)


def _formula(made: formulas.Indicator, labels: Mapping[str, str]) -> str:
    """Return a formula in the words of its inputs; what a label adds in brackets stays there."""

    def side(terms: tuple[tuple[int, str], ...]) -> str:
        named = [(sign, labels[name].partition(" (")[0].lower()) for sign, name in terms]
        text = " ".join(f"{'−' if sign < 0 else '+'} {label}" for sign, label in named)
        text = text.removeprefix("+ ")
        return f"({text})" if len(terms) > 1 else text

    share = f"{side(made.part)} ÷ {side(made.whole)}"
    return f"100% − {share}" if made.is_reverse else share


def _marked(mark: str) -> str:
    return {"S": _("đã đọc đặc tả"), "K": _("biết qua tài liệu khác")}.get(mark, mark)


def _input_rows(
    labels: Mapping[str, str], inputs: Mapping[str, int], entered: InputPage
) -> list[dict[str, Any]]:
    rows = []
    lines = {line.name: line for line in entered.lines}
    for name, label in labels.items():
        is_entered = name not in COUNTED
        url = "" if is_entered else t.ended_url(entered.period.months, **_ROWS[name])
        if name in inputs:
            cell = t.count(inputs[name], url)
        else:
            cell = t.Number(_("chưa có số liệu"))
        rows.append(
            {
                "name": name, "label": label, "cell": cell, "is_entered": is_entered,
                "proposal": proposed(lines.get(name)),
            }
        )  # fmt: skip
    return rows


def proposed(line: InputLine | None) -> dict[str, Any] | None:
    """Return what is measured of a figure: the count that opens its rows, and where it is from;
    `is_used` says that the figure in use is the same."""
    if line is None or line.proposal is None:
        return None
    one = line.proposal
    url = f"{reverse('cases:ratings')}?{urlencode(one.rows)}"
    return {"cell": t.count(one.value, url), "source": one.source, "url": url,
            "is_used": line.value == one.value}  # fmt: skip


def _input_table(
    labels: Mapping[str, str], inputs: Mapping[str, int], entered: InputPage
) -> t.Table:
    """Return the inputs with where each is from and what is measured beside, for a file."""
    lines = {line.name: line for line in entered.lines}
    rows = []
    for name, label in labels.items():
        value, line = inputs.get(name), lines.get(name)
        proposal = line.proposal if line else None
        cells = (
            t.count(value) if value is not None else t.Number(_("chưa có số liệu")),
            _words(_source(line)),
            t.count(proposal.value) if proposal else t.Number(""),
            _words(proposal.source if proposal else ""),
        )
        rows.append(t.Row(label, cells, name))
    heads = (
        t.Head(_("Đang dùng")), t.Head(_("Nguồn của số liệu"), "words"),
        t.Head(_("Nếp đo được")), t.Head(_("Nguồn của số đo"), "words"),
    )  # fmt: skip
    notes = (_("Số Nếp đo được chỉ để đề xuất: số đang dùng là số có người nhập."),)
    return t.Table(_("Số liệu đầu vào"), _("Số liệu"), heads, tuple(rows), None, notes)


def _source(line: InputLine | None) -> str:
    if line is None:
        return _("đếm từ từng hồ sơ")
    if line.value is None:
        return ""
    if line.is_summed:
        return _("cộng từ các kỳ nhỏ hơn")
    newest = line.changes[0]
    return f"{newest.source}; {newest.by}, {datetime_text(local(newest.at))}"


def _heading(scores: list[formulas.Score], when: str) -> str:
    points, most = formulas.known_points(scores)
    if not most:
        return _("%(when)s chưa đủ dữ liệu để tính chỉ số") % {"when": when}
    return _("%(when)s đạt %(points)s trên %(most)s điểm của các chỉ số đã có dữ liệu") % {
        "when": when, "points": _decimal(points).text, "most": f"{most:g}",
    }  # fmt: skip
