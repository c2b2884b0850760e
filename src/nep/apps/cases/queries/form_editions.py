"""Editions of the forms of the law as an agency may use and see them: frozen values."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from nep.apps.cases.models import Case, FormEdition, GivenPaper
from nep.apps.cases.rules.form_editions import (
    AGENCY,
    DRAFT,
    PROVINCE,
    PUBLISHED,
    SCOPE_NAMES,
    SHIPPED,
    WITHDRAWN,
    edition_on,
)
from nep.apps.cases.rules.form_fields import FORM_NAMES
from nep.apps.cases.rules.form_layout import UNSEEN, Layout, faults, read_layout
from nep.apps.legal import queries as legal
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in a list; `state` is a chip with its words in `state_name`."""

    id: int
    form: str
    form_name: str
    title: str
    name: str
    legal_number: str
    external_id: int | None
    scope: int
    scope_name: str
    since: date
    until: date | None
    mark: str
    state: str
    chip: str
    state_name: str
    unseen: int
    given: int
    version: int


@dataclass(frozen=True, slots=True)
class FormGroup:
    """One form and its editions, the one that holds today first named."""

    form: str
    name: str
    holding: EditionLine | None
    lines: tuple[EditionLine, ...]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """Everything the page of an edition shows."""

    line: EditionLine
    layout: Layout
    faults: tuple[str, ...]
    made_at: datetime
    made_by: str
    published_at: datetime | None
    published_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdraw_reason: str
    others: tuple[EditionLine, ...]
    may_change: bool
    may_withdraw: bool


def usable(*, agency_id: int, province_id: int | None) -> Q:
    """Return the condition of editions that reach an agency: its own, its province's, shipped."""
    reach = Q(agency_id=agency_id) | Q(agency=None, province_id=None)
    return reach | Q(agency=None, province_id=province_id) if province_id else reach


def edition_for(*, form: str, agency_id: int, on: date) -> FormEdition | None:
    """Return the edition an agency prints a form by on a day, or None. One query."""
    agency = organization.agency(agency_id)
    rows = FormEdition.objects.filter(
        usable(agency_id=agency_id, province_id=agency.province_id), form=form, state=PUBLISHED,
        since__lte=on,
    ).order_by("published_at", "id")  # fmt: skip
    return edition_on([(scope_of(row), row) for row in rows], on=on)


def scope_of(row: FormEdition) -> int:
    """Return how near an edition is: shipped, the province's, the agency's own."""
    return AGENCY if row.agency_id else PROVINCE if row.province_id else SHIPPED


def layout_of(row: FormEdition) -> Layout:
    """Return an edition's layout."""
    return _layout(row.layout)


@lru_cache(maxsize=64)
def _layout(text: str) -> Layout:
    return read_layout(json.loads(text))


def form_groups(*, actor: Actor, today: date) -> tuple[FormGroup, ...]:
    """Return the seven forms with the editions the actor may see, newest first."""
    rows = list(_seen(actor).order_by("form", "-since", "-id"))
    given = _given(actor)
    bound = legal.by_symbol(actor=actor, numbers={row.legal_number for row in rows})
    groups = []
    for form, name in FORM_NAMES.items():
        of_form = [row for row in rows if row.form == form]
        live = sorted(
            (row for row in of_form if row.state == PUBLISHED),
            key=lambda row: (row.published_at, row.pk),
        )
        held = edition_on([(scope_of(row), row) for row in live], on=today)
        lines = tuple(_line(row, held, today, bound, given) for row in of_form)
        holding = next((one for one in lines if held and one.id == held.pk), None)
        groups.append(FormGroup(form, name, holding, lines))
    return tuple(groups)


def edition_page(*, actor: Actor, edition_id: int, today: date) -> EditionPage:
    """Return one edition the actor may see. Raises NotFound."""
    row = edition_row(actor=actor, edition_id=edition_id)
    group = next(one for one in form_groups(actor=actor, today=today) if one.form == row.form)
    line = next(one for one in group.lines if one.id == row.pk)
    names = organization.person_names([row.made_by_id, row.published_by_id, row.withdrawn_by_id])
    layout = layout_of(row)
    manages = may_manage(actor, row)
    return EditionPage(
        line=line, layout=layout,
        faults=tuple(
            f"Phần {one.block}: {one.message}" if one.block else one.message
            for one in faults(row.form, layout)
        ),
        made_at=row.made_at, made_by=names.get(row.made_by_id or 0, ""),
        published_at=row.published_at, published_by=names.get(row.published_by_id or 0, ""),
        withdrawn_at=row.withdrawn_at, withdrawn_by=names.get(row.withdrawn_by_id or 0, ""),
        withdraw_reason=row.withdraw_reason,
        others=tuple(one for one in group.lines if one.id != row.pk),
        may_change=manages and row.state == DRAFT,
        may_withdraw=manages and row.state == PUBLISHED,
    )  # fmt: skip


def edition_row(*, actor: Actor, edition_id: int) -> FormEdition:
    """Return the row of an edition the actor may see. Raises NotFound."""
    row = _seen(actor).filter(pk=edition_id).first()
    if row is None:
        raise NotFound("not_found", "Không tìm thấy mẫu này trong cơ quan của bạn.")
    return row


def may_manage(actor: Actor, row: FormEdition) -> bool:
    """Say whether the actor may change or withdraw an edition: own ones, the province's by it."""
    if not may(actor, "form.manage"):
        return False
    if row.agency_id:
        return row.agency_id == actor.agency_id
    return bool(
        row.province_id and row.province_id == actor.province_id and may(actor, "province.manage")
    )


def case_id_of(*, actor: Actor, code: str) -> int | None:
    """Return the case of the actor's agency with a code, for a preview; None where none is seen."""
    if not may(actor, "case.see"):
        return None
    rows = Case.objects.filter(agency_id=actor.agency_id, code__in={code, code.upper()})
    return rows.values_list("pk", flat=True).first()


def sample_values() -> dict[str, Any]:
    """Return the made-up case of the shipped file, for previews."""
    return {**settings.LEGAL_FORMS["sample"]}


def _seen(actor: Actor) -> QuerySet[FormEdition]:
    return FormEdition.objects.filter(
        usable(agency_id=actor.agency_id, province_id=actor.province_id)
    )


def _given(actor: Actor) -> dict[int, int]:
    """Return how many papers of the actor's agency each edition was used for."""
    rows = GivenPaper.objects.filter(agency_id=actor.agency_id).values_list("edition_id")
    return dict(rows.annotate(times=Count("id")))


def _line(
    row: FormEdition, held: FormEdition | None, today: date, bound: dict[str, int],
    given: dict[int, int],
) -> EditionLine:  # fmt: skip
    chip, words = _state(row, held, today)
    layout = layout_of(row)
    return EditionLine(
        id=row.pk, form=row.form, form_name=FORM_NAMES[row.form], title=layout.title,
        name=row.name, legal_number=row.legal_number,
        external_id=bound.get(row.legal_key),
        scope=scope_of(row), scope_name=SCOPE_NAMES[scope_of(row)], since=row.since,
        until=row.until, mark=row.mark, state=row.state, chip=chip, state_name=words,
        unseen=sum(UNSEEN in block.mark for block in layout.blocks),
        given=given.get(row.pk, 0),
        version=row.version,
    )  # fmt: skip


def _state(row: FormEdition, held: FormEdition | None, today: date) -> tuple[str, str]:
    if row.state == DRAFT:
        return "cho", "Đang soạn"
    if row.state == WITHDRAWN:
        return "tam", "Đã rút"
    if held is not None and held.pk == row.pk:
        return "ok", "Đang áp dụng"
    if row.since > today:
        return "sap", "Chưa đến ngày"
    return "trong", "Thôi áp dụng"
