"""The life of a declaration, one action at a time.

Source: Quyết định 19/2014/QĐ-TTg Điều 4; Thông tư 26/2014/TT-BKHCN Điều 7 khoản 2.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from nep.apps.conformity.models import Declaration, Posting
from nep.apps.conformity.rules import declaration as law
from nep.apps.conformity.services._declaration_ground import (
    annex_rows,
    item_renew,
    judged,
    locked,
    posted_of,
    seal_of,
    stepped,
)
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import Refused, require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, local

CONFIRMATIONS, DECISIONS, NOTICES = (
    "xác nhận hiệu lực HTQLCL",
    "quyết định công bố HTQLCL",
    "thông báo công bố HTQLCL",
)


@transaction.atomic
def declaration_start(
    *, actor: Actor, edition: str, reason: str, scope_text: str, lead_unit: str, now: datetime
) -> int:
    """Begin to build towards a declaration; return its id.

    `reason` is first, scope, edition, agency or other. Raises Forbidden; Refusal("declaration_open",
    "reason_unknown", "scope_missing", "edition_unknown").
    """
    rows = Declaration.objects.filter(agency_id=actor.agency_id)
    standing = rows.filter(state__in=law.STANDING_STATES).first()
    open_states = rows.filter(state__in=law.OPEN_STATES).values_list("state", flat=True)
    _allow(
        law.decide_start(
            actor, open_states=list(open_states), standing_exists=standing is not None,
            reason=reason, scope_text=scope_text,
        )
    )  # fmt: skip
    _known_edition(edition)
    year = local(now).year
    row = Declaration.objects.create(
        agency_id=actor.agency_id, year=year,
        number=take_number(agency_id=actor.agency_id, book="công bố HTQLCL", year=year),
        reason=reason, previous=standing, edition=edition, scope_text=clean(scope_text)[:2000],
        lead_unit=clean(lead_unit)[:200], started_by_id=actor.person_id, started_at=now,
        changed_at=now, version=0,
    )  # fmt: skip
    if standing is not None and standing.scope_item_id is not None:
        work.item_close(batch=None, item_id=standing.scope_item_id, at=now, by_id=actor.person_id)
        Declaration.objects.filter(pk=standing.pk).update(scope_item_id=None)
    item_renew(row, actor, now)
    stepped(actor, row, "start", law.REASON_NAMES[reason], now)
    return row.id


@transaction.atomic
def declaration_change(
    *, actor: Actor, declaration_id: int, edition: str, scope_text: str, lead_unit: str,
    now: datetime,
) -> None:  # fmt: skip
    """Change edition, scope and lead unit while it is being built. Raises Forbidden; NotFound;
    Refusal("declaration_state", "scope_missing", "edition_unknown")."""
    row = _moved(actor, declaration_id, law.CHANGE, now)
    if len(clean(scope_text)) < law.LEAST_WORDS:
        raise Refusal("scope_missing", "Hãy ghi phạm vi bằng một câu.", field="scope_text")
    _known_edition(edition)
    row.edition, row.scope_text = edition, clean(scope_text)[:2000]
    row.lead_unit = clean(lead_unit)[:200]
    stepped(actor, row, law.CHANGE, f"Bản {edition}. {row.scope_text}", now)


@transaction.atomic
def declaration_apply(*, actor: Actor, declaration_id: int, now: datetime) -> None:
    """Say that the documents are in force for the whole scope and the system is applied.

    Raises Forbidden; NotFound; Refusal("declaration_state", "gates_open").
    """
    row = _moved(actor, declaration_id, law.APPLY, now)
    row.state, row.applied_by_id, row.applied_at = law.APPLIED, actor.person_id, now
    item_renew(row, actor, now, ready=_ready(row, now))
    stepped(actor, row, law.APPLY, "Đưa hệ thống vào áp dụng.", now)


@transaction.atomic
def declaration_confirm(*, actor: Actor, declaration_id: int, text: str, now: datetime) -> None:
    """Confirm as the head that the system is effective: a record of its own, sealed.

    The annex and what was looked at are frozen with a SHA-256. Raises Forbidden; NotFound;
    Refusal("declaration_state", "author_confirms", "gates_open", "words_missing").
    Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 2.
    """
    today = local(now).date()
    row = locked(actor, declaration_id)
    facts, standing = judged(row, today)
    _allow(law.decide(actor, facts, law.CONFIRM, standing=standing, today=today, text=text))
    row.annex = annex_rows(standing)
    row.gates = [
        {"code": gate.code, "name": gate.name, "told": gate.told, "url": gate.url}
        for gate in law.gates(law.CONFIRM, facts, standing, today=today)
    ]
    row.confirm_text = clean_lines(text)
    row.seal = seal_of(annex=row.annex, gates=row.gates, text=row.confirm_text, edition=row.edition)
    row.confirm_number = _number(row, CONFIRMATIONS, "XN", today)
    row.state, row.confirmed_by_id, row.confirmed_at = law.CONFIRMED, actor.person_id, now
    row.signer_title = _title(actor)
    item_renew(row, actor, now)
    stepped(actor, row, law.CONFIRM, row.confirm_text, now)


@transaction.atomic
def declaration_return(*, actor: Actor, declaration_id: int, reason: str, now: datetime) -> None:
    """Give it back to building with a reason; what was confirmed is confirmed again later.

    Raises Forbidden; NotFound; Refusal("declaration_state", "words_missing").
    """
    row = _moved(actor, declaration_id, law.RETURN, now, text=reason)
    row.state, row.applied_at, row.applied_by_id = law.BUILDING, None, None
    row.annex, row.gates, row.seal = [], [], ""
    row.confirm_text = row.confirm_number = ""
    row.confirmed_by_id = row.confirmed_at = None
    item_renew(row, actor, now, note=f"Trả về: {clean(reason)}")
    stepped(actor, row, law.RETURN, clean_lines(reason), now)


@transaction.atomic
def declaration_declare(
    *, actor: Actor, declaration_id: int, on: date, number: str, now: datetime
) -> None:
    """Sign the decision to declare; the declaration before it is replaced in the same instant.

    `number` is the decision's in the agency's own book; empty takes the next of the product's
    book. Raises Forbidden; NotFound; Refusal("declaration_state", "gates_open", "decision_early",
    "decision_later"). Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 3.
    """
    today = local(now).date()
    row = locked(actor, declaration_id)
    facts, standing = judged(row, today)
    _allow(law.decide(actor, facts, law.DECLARE, standing=standing, today=today))
    confirmed_on = local(row.confirmed_at).date() if row.confirmed_at else today
    _allow(law.decide_decision_day(on=on, confirmed_on=confirmed_on, today=today))
    row.decision_number = clean(number)[:60] or _number(row, DECISIONS, "QĐ", on)
    row.notice_number = _number(row, NOTICES, "TB", today)
    row.decision_on, row.declared_by_id, row.declared_at = on, actor.person_id, now
    row.state, row.signer_title = law.DECLARED, _title(actor)
    _replace(actor, row, now)
    item_renew(row, actor, now)
    said = f"Quyết định số {row.decision_number} ngày {date_text(on)}."
    stepped(actor, row, law.DECLARE, said, now)


def _replace(actor: Actor, new: Declaration, now: datetime) -> None:
    """End the declaration that stood until now."""
    rows = Declaration.objects.select_for_update(of=("self",)).filter(
        agency_id=new.agency_id, state__in=law.STANDING_STATES
    )
    for old in rows.exclude(pk=new.pk):
        for item_id in filter(None, (old.item_id, old.scope_item_id)):
            work.item_withdraw(batch=None, item_id=item_id, at=now, by_id=actor.person_id)
        old.state, old.ended_at, old.item_id, old.scope_item_id = law.REPLACED, now, None, None
        old.end_note = f"Thay bằng quyết định số {new.decision_number}"
        stepped(actor, old, law.REPLACE, old.end_note, now)


@transaction.atomic
def declaration_post(
    *, actor: Actor, declaration_id: int, kind: str, place: str, url: str, on: date, now: datetime
) -> None:
    """Write down that it was sent or posted; with all three done the declaration is maintained.

    `kind` is notice, office or web. Raises Forbidden; NotFound; Refusal("declaration_state",
    "posting_unknown", "place_missing", "url_missing", "posted_later", "posted_early").
    """
    today = local(now).date()
    row = _moved(actor, declaration_id, law.POST, now)
    declared_on = row.decision_on or today
    _allow(
        law.decide_posting(
            kind=kind, place=place, url=url.strip(), on=on, declared_on=declared_on, today=today
        )
    )
    Posting.objects.create(
        declaration=row, kind=kind, place=clean(place)[:300], url=url.strip()[:400], on=on,
        by_id=actor.person_id, at=now,
    )  # fmt: skip
    said = f"{law.POSTING_NAMES[kind]}: {clean(place)}, ngày {date_text(on)}."
    stepped(actor, row, law.POST, said, now)
    facts, standing = judged(row, today)
    if row.state == law.DECLARED and law.decide(
        actor, facts, law.MAINTAIN, standing=standing, today=today
    ):
        row.state = law.MAINTAINED
        item_renew(row, actor, now)
        stepped(actor, row, law.MAINTAIN, "Đã gửi thông báo, niêm yết và đăng.", now)


@transaction.atomic
def declaration_drop(*, actor: Actor, declaration_id: int, reason: str, now: datetime) -> None:
    """Give an unfinished declaration up, with a reason.

    Raises Forbidden; NotFound; Refusal("declaration_state", "words_missing").
    """
    row = _moved(actor, declaration_id, law.DROP, now, text=reason)
    row.state, row.ended_at, row.end_note = law.DROPPED, now, clean(reason)[:1000]
    item_renew(row, actor, now)
    stepped(actor, row, law.DROP, clean_lines(reason), now)


def _moved(
    actor: Actor, declaration_id: int, move: str, now: datetime, text: str = ""
) -> Declaration:
    """Return the locked row of a declaration for which the move is allowed now."""
    today = local(now).date()
    row = locked(actor, declaration_id)
    facts, standing = judged(row, today) if move == law.APPLY else (_facts(row), law.Standing())
    _allow(law.decide(actor, facts, move, standing=standing, today=today, text=text))
    return row


def _facts(row: Declaration) -> law.Declared:
    return law.Declared(row.state, row.started_by_id, None, frozenset(), posted_of(row))


def _ready(row: Declaration, now: datetime) -> bool:
    """Say whether the head may be asked to confirm now."""
    today = local(now).date()
    facts, standing = judged(row, today)
    return all(gate.holds for gate in law.gates(law.CONFIRM, facts, standing, today=today))


def _allow(decision: Any) -> None:
    """Raise Forbidden for a missing permission, Refusal for anything else that stops it."""
    if isinstance(decision, Refused) and decision.code == "not_permitted":
        require(decision)
    require(decision, kind=Refusal)


def _known_edition(edition: str) -> None:
    if edition not in {"2008", "2015", "2026"}:
        raise Refusal("edition_unknown", "Hãy chọn bản tiêu chuẩn.", field="edition")


def _number(row: Declaration, book: str, mark: str, on: date) -> str:
    """Return the next number of the book of a paper's own year: "03/QĐ-UBND"."""
    number = take_number(agency_id=row.agency_id, book=book, year=on.year)
    return f"{number:02d}/{mark}-{organization.agency(row.agency_id).mark}"


def _title(actor: Actor) -> str:
    """Return the post under which the actor signs, with KT. or the like."""
    for hat in sorted(actor.hats, key=lambda hat: hat.acting_for is not None):
        if hat.role == "leader":
            return f"{hat.prefix} {hat.position or 'Lãnh đạo cơ quan'}".strip()[:160]
    return "Người đứng đầu"
