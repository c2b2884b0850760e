"""The tree of an edition, two editions side by side, what is new; the agency's choice."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.standards import queries, rules, services
from nep.apps.standards.forms import ChoiceForm, GuidanceForm, LabelForm, choice_initial
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import did, status_of, when
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.once import once

TREE_COLUMNS = (
    SheetColumn("Điều", width=10),
    SheetColumn("Tiêu đề", width=60),
    SheetColumn("Dấu kiểm chứng", width=18),
    SheetColumn("Nguồn tiêu đề", width=52),
    SheetColumn("Tiếng Anh", width=60),
    SheetColumn("Thông tin dạng văn bản", width=20),
    SheetColumn("Phải có", width=60),
)
PAIR_COLUMNS = (
    SheetColumn("Bản cũ", width=14),
    SheetColumn("Tiêu đề bản cũ", width=52),
    SheetColumn("Bản mới", width=14),
    SheetColumn("Tiêu đề bản mới", width=52),
    SheetColumn("Thay đổi", width=16),
    SheetColumn("Ghi chú", width=70),
    SheetColumn("Dấu kiểm chứng", width=18),
)


def tree(request: HttpRequest) -> HttpResponse:
    """Show the clauses of an edition in both languages with their marks."""
    return render_tree(request)


def render_tree(
    request: HttpRequest,
    *,
    guidance: GuidanceForm | None = None,
    label: LabelForm | None = None,
    choice: ChoiceForm | None = None,
) -> HttpResponse:
    """Show the tree with whichever form was refused."""
    actor = who(request)
    chosen = queries.edition_of(actor.agency_id)
    edition = queries.edition_facts(request.GET.get("ban", "")) or queries.edition_facts(
        chosen.in_force
    )
    assert edition is not None
    asked = request.GET.get("q", "").strip()[:80]
    is_province = bool(may(actor, "province.manage"))
    may_set = bool(may(actor, "standard.set"))
    lock = queries.declaration_lock(agency_id=actor.agency_id, edition=edition.code)
    context = {
        "edition": edition,
        "chosen": chosen,
        "chosen_name": _name(chosen.in_force),
        "target_name": _name(chosen.target),
        "choices": queries.choices_of(actor.agency_id),
        "editions": [(one, one.code == edition.code) for one in queries.editions()],
        "clauses": queries.found_clauses(edition, asked),
        "asked": asked,
        "marks": rules.MARK_NAMES.items(),
        "lock": "" if lock else getattr(lock, "message", ""),
        "guidances": queries.guidances(province_id=actor.province_id),
        "is_province": is_province,
        "may_set": may_set,
        "label_for": request.GET.get("dat", ""),
        "label_form": label,
        "choice_form": choice or (ChoiceForm(initial=choice_initial(chosen)) if may_set else None),
        "guidance_form": guidance
        or (GuidanceForm(initial={"edition": edition.code}) if is_province else None),
    }
    return pages.render(request, "standards/tree.html", context,
                        status=status_of(guidance, label, choice))  # fmt: skip


def _name(code: str) -> str:
    found = queries.edition_facts(code) if code else None
    return found.name if found else ""


def compare(request: HttpRequest) -> HttpResponse:
    """Show two editions side by side by the mapping."""
    older, newer = _two(request)
    context = {
        "comparison": queries.comparison(older=older, newer=newer),
        "pairs": _pairs(older, newer),
    }
    return pages.render(request, "standards/compare.html", context)


def _two(request: HttpRequest) -> tuple[str, str]:
    """Return the editions asked for, older first; 2015 and 2026 when nothing known is asked."""
    known = [one.code for one in queries.editions()]
    asked = sorted({one for one in (request.GET.get("cu", ""), request.GET.get("moi", ""))
                    if one in known})  # fmt: skip
    return (asked[0], asked[1]) if len(asked) == 2 else (known[-2], known[-1])


def _pairs(older: str, newer: str) -> list[dict[str, Any]]:
    known = [one.code for one in queries.editions()]
    return [
        {"name": f"{a} → {b}", "url": f"?{urlencode({'cu': a, 'moi': b})}",
         "is_here": (a, b) == (older, newer)}
        for place, a in enumerate(known)
        for b in known[place + 1 :]
    ]  # fmt: skip


def gaps(request: HttpRequest) -> HttpResponse:
    """Show what the target edition asks that the one in force does not."""
    chosen = queries.edition_of(who(request).agency_id)
    known = [one.code for one in queries.editions()]
    newer = chosen.target or (known[-1] if chosen.in_force != known[-1] else "")
    found = queries.comparison(older=chosen.in_force, newer=newer) if newer else None
    parts = slots.collect("standards.gaps", request=request, comparison=found) if found else ()
    context = {"chosen": chosen, "comparison": found, "parts": parts}
    return pages.render(request, "standards/gaps.html", context)


def export(request: HttpRequest) -> HttpResponse:
    """Give an edition, or two side by side, as an Excel file."""
    if request.GET.get("cu"):
        older, newer = _two(request)
        found = queries.comparison(older=older, newer=newer)
        lines = [
            (", ".join(one.number for one in line.older),
             "; ".join(one.full_vi for one in line.older),
             ", ".join(one.number for one in line.newer),
             "; ".join(one.full_vi for one in line.newer), line.change_name, line.note,
             line.mark_name)
            for line in found.lines
        ]  # fmt: skip
        return sheet_answer(xlsx([(f"{older}-{newer}", PAIR_COLUMNS, lines)]),
                            name=f"iso-9001-{older}-{newer}")  # fmt: skip
    edition = queries.edition_facts(request.GET.get("ban", "")) or queries.editions()[1]
    rows = [
        (one.number, one.full_vi, one.mark_name, queries.source_text(one.vi_source), one.en,
         one.info_name, one.doc)
        for one in edition.clauses
    ]  # fmt: skip
    return sheet_answer(xlsx([(edition.code, TREE_COLUMNS, rows)]), name=f"iso-9001-{edition.code}")


@once
def choose(request: HttpRequest) -> HttpResponse:
    """Write by which edition the agency goes."""
    if request.method != "POST":
        return redirect("standards:tree")
    form = ChoiceForm(request.POST)
    if did(form, lambda: services.edition_choose(actor=who(request), now=when(request),
                                                 **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Đã ghi bản tiêu chuẩn của cơ quan."))
        return redirect("standards:tree")
    return render_tree(request, choice=form)
