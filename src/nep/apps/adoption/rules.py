"""What an adopter may make its own of a model, how a draft is made from one, how it stands.

An adopter's procedure is the model with its allowed changes: who does a step, tighter limits, the
forms the model leaves open, where a record is kept. Everything else is the model's. Source: Nghị định
118/2025/NĐ-CP (quy trình nội bộ do cấp có thẩm quyền công bố, cơ quan thực hiện); the product's
choice which parts stay open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from nep.apps.organization.rules import split_key
from nep.apps.procedures.rules.beside import notes_only
from nep.apps.procedures.rules.beside_changed import BESIDE
from nep.apps.procedures.rules.carried import NOTHING, Carried, FormRef
from nep.apps.procedures.rules.differences import Difference, differences
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.pairing import pair
from nep.apps.procedures.rules.paper import NO_PAPER
from nep.apps.procedures.rules.proposals import RoleChoice, propose_role
from nep.apps.procedures.rules.table import Step
from nep.apps.procedures.rules.wording import HOURS_PER_DAY, OUTSIDE
from nep.bpmn import Limit
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, fold, likeness

COMMUNES = frozenset({"xa", "phuong", "dac_khu"})
PUBLISHERS = frozenset({"so", "ubnd_tinh", "bo"})
NATIONAL = frozenset({"bo"})
AUDIENCE_NAMES: dict[str, str] = {
    "communes": "Ủy ban nhân dân cấp xã",
    "departments": "Sở, ban, ngành",
    "all": "Mọi cơ quan",
}
CURRENT, DRIFTED, DECLINED, DRAFTING = "current", "drifted", "declined", "drafting"
STATE_NAMES: dict[str, str] = {
    CURRENT: "Theo bản hiện hành",
    DRAFTING: "Đang làm bản thảo",
    DRIFTED: "Có bản mới chưa trả lời",
    DECLINED: "Giữ bản cũ, có lý do",
}
CHIPS: dict[str, str] = {CURRENT: "ok", DRAFTING: "cho", DRIFTED: "sap", DECLINED: "tam"}
FORM_TAKEN, FORM_NEWER, FORM_OWN, FORM_GONE = "taken", "newer", "own", "gone"
FORM_STATE_NAMES: dict[str, str] = {
    FORM_TAKEN: "Theo tệp của mẫu",
    FORM_NEWER: "Mẫu có tệp mới hơn",
    FORM_OWN: "Biểu mẫu riêng của cơ quan",
    FORM_GONE: "Mẫu không còn biểu mẫu này",
}
ANSWER_NAMES: dict[str, str] = {
    "adopted": "Áp dụng mẫu",
    "accepted": "Nhận bản mới",
    "declined": "Giữ bản cũ",
    "left": "Thôi theo mẫu",
}
ANSWER_DAYS = 10
ALIKE = 0.7
REASON_LENGTH = 10
OPEN_FIELDS = frozenset({"role", "carried_forms"})


@dataclass(frozen=True, slots=True)
class Openness:
    """What a model leaves to its adopters besides who does a step."""

    limits: bool = True
    local_forms: tuple[str, ...] = ()

    def is_local(self, form: str) -> bool:
        """Say whether each agency makes this form its own."""
        return fold(form) in {fold(one) for one in self.local_forms}


def form_state(*, taken: int | None, newest: int | None, is_local: bool) -> str:
    """Return how an adopter's form stands to the model's, a key of FORM_STATE_NAMES.

    `taken` is the revision it was made from, None for a form the agency had; `newest` the one in
    force at the publisher, None without one.
    """
    if taken is None or is_local:
        return FORM_OWN
    if newest is None:
        return FORM_GONE
    return FORM_TAKEN if taken == newest else FORM_NEWER


def decide_publisher(*, kind: str, is_province: bool, is_own: bool) -> Decision:
    """Decide whether an agency may hold out a procedure as a model.

    Departments, provinces and ministries publish their own; who manages the province also what an
    agency of the province has in force.
    """
    if kind not in PUBLISHERS:
        return Refused(
            "not_a_publisher",
            "Chỉ bộ, Ủy ban nhân dân tỉnh và sở công bố quy trình mẫu.",
        )
    if not is_own and not is_province:
        return Refused(
            "not_own_procedure",
            "Chỉ quản trị tỉnh lấy quy trình của cơ quan khác trong tỉnh làm mẫu.",
        )
    return ALLOWED


def decide_reason(reason: str) -> Decision:
    """Decide whether a reason says something."""
    if len(clean(reason)) < REASON_LENGTH:
        return Refused(
            "reason_missing",
            f"Hãy ghi lý do, ít nhất {REASON_LENGTH} chữ cái, để nơi công bố mẫu hiểu.",
            field="reason",
        )
    return ALLOWED


def is_for(audience: str, kind: str) -> bool:
    """Say whether a model is meant for agencies of a kind."""
    if audience == "all":
        return True
    return (audience == "communes") is (kind in COMMUNES)


def state_of(*, number: int, declined: int, newest: int, revision_state: str) -> str:
    """Return how an adoption stands to its model, a key of STATE_NAMES."""
    if revision_state == "dropped":
        return DECLINED if declined == newest else DRIFTED
    if number < newest:
        return DECLINED if declined == newest else DRIFTED
    return CURRENT if revision_state in {"in_force", "retired"} else DRAFTING


def for_adopters(model: Draft) -> Draft:
    """Return a model as others take it over.

    Controlled forms of the model's own agency stand as names among a step's forms until the adopter
    has its own (`with_forms`); where its people keep a record, what a file stated and where the diagram was dragged stay behind; of what stands
    beside the table only notes and data go along.
    """
    steps, carried = [], {}
    for step in model.table.steps:
        mine = model.carried.get(step.id, NOTHING)
        named = [form_words(form) for form in mine.forms]
        known = {fold(form) for form in step.forms}
        more = tuple(name for name in named if fold(name) not in known)
        steps.append(replace(step, forms=(*step.forms, *more), extra=()))
        kept = replace(mine.record, place="", series="") if mine.record else None
        if kept or mine.fields:
            carried[step.id] = Carried(record=kept, fields=mine.fields)
    return replace(
        model,
        table=replace(model.table, steps=tuple(steps)),
        carried=carried,
        places={},
        beside=notes_only(model.beside),
        limit_text="",
        declared_hours=None,
        declared_text="",
        declared_settled=False,
        paper=replace(model.paper, changes=(), recipients=(), signers=()),
    )


class Named(Protocol):
    """What a form is called by."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...


def form_words(form: Named) -> str:
    """Return how a controlled form is named among the forms of a step."""
    return f"{form.code} {form.title}".strip()


def named_forms(model: Draft) -> dict[int, FormRef]:
    """Return the controlled forms of a model's steps by document, in the order of the steps."""
    steps = (model.carried.get(step.id, NOTHING) for step in model.table.steps)
    return {form.document_id: form for mine in steps for form in mine.forms}


def with_forms(
    draft: Draft, model: Draft, forms: Mapping[int, FormRef], *, kept: Mapping[str, frozenset[int]]
) -> Draft:
    """Return an adopter's draft whose steps use its own forms in place of the model's.

    `forms` gives the own form by the model's; the name of one that is there goes. `kept` are forms
    of the model, by step, that the adopter has been given before: they are as it left them.
    """
    steps, carried = [], dict(draft.carried)
    for step in draft.table.steps:
        named = [
            one for one in model.carried.get(step.id, NOTHING).forms if one.document_id in forms
        ]
        words = {fold(form_words(one)) for one in named}
        steps.append(
            replace(step, forms=tuple(one for one in step.forms if fold(one) not in words))
        )
        mine = carried.get(step.id, NOTHING)
        held = {one.document_id for one in mine.forms}
        past = kept.get(step.id, frozenset())
        new = [forms[one.document_id] for one in named if one.document_id not in past]
        more = tuple(one for one in new if one.document_id not in held)
        if more:
            carried[step.id] = replace(mine, forms=(*mine.forms, *more))
    return replace(draft, table=replace(draft.table, steps=tuple(steps)), carried=carried)


def propose_roles(
    keys: Mapping[str, str], choices: tuple[RoleChoice, ...], remembered: Mapping[str, str]
) -> dict[str, str]:
    """Return which role of its own an agency likely means by each role key of a model.

    `keys` gives the words of the model's role keys, `remembered` what the agency has mapped by
    folded words. The same key, then what was remembered, then the same kind of role in a unit of
    the same name, the only one of its kind, the likeliest by words; "" where nothing is alike.
    """
    own = {choice.key: choice for choice in choices}
    found = {}
    for key, words in keys.items():
        if key.startswith(OUTSIDE) or key in own:
            found[key] = key
            continue
        kept = remembered.get(fold(words), "")
        if kept in own or kept.startswith(OUTSIDE):
            found[key] = kept
            continue
        role = split_key(key)[1]
        alike = tuple(choice for choice in choices if choice.role == role)
        unit = fold(words.partition(", ")[2] or words)
        named = [one for one in alike if unit and unit in {fold(one.unit), fold(one.also)}]
        if named or len(alike) == 1:
            found[key] = (named or alike)[0].key
            continue
        nearest = max(alike, key=lambda one: _unit_likeness(unit, one), default=None)
        if nearest is not None and _unit_likeness(unit, nearest) >= ALIKE:
            found[key] = nearest.key
            continue
        proposed = propose_role(words, alike)
        found[key] = proposed.key if proposed else ""
    return found


def _unit_likeness(unit: str, choice: RoleChoice) -> float:
    """Return how alike two names of units are; the first two words say which kind of unit it is
    ("Văn phòng Sở" is an office as "Văn phòng HĐND và UBND" is)."""
    names = [fold(name) for name in (choice.unit, choice.also) if name]
    kind = unit.split()[:2]
    return max(
        (likeness(unit, name) + 0.5 * (name.split()[:2] == kind) for name in names), default=0.0
    )


def adopted(
    model: Draft,
    *,
    roles: Mapping[str, str],
    words: Mapping[str, str],
    openness: Openness,
    kept: Draft | None = None,
    before: Draft | None = None,
) -> Draft:
    """Return the draft of an adopter: the model with its roles, and what it had of its own.

    `roles` maps the model's role keys to the adopter's, `words` says them as printed; a role that
    is not mapped is asked for like one of a Word file. `kept` is the adopter's content so far,
    `before` the edition it was made from: only where the two differ the adopter has its own. A
    step that the model gives to another role goes there, unless the adopter had chosen its own.
    """
    base = for_adopters(model)
    past = for_adopters(before).table if before else None
    pairing = pair(kept.table, base.table) if kept else None
    steps, carried = [], dict(base.carried)
    for step in base.table.steps:
        old = kept.table.step(pairing.to_old.get(step.id, "")) if kept and pairing else None
        role = old.role if old and old.role else roles.get(step.role, "")
        asked = past.step(old.id) if past and old else None
        if (
            old
            and asked
            and asked.role != step.role
            and old.role == roles.get(asked.role, old.role)
        ):
            role = roles.get(step.role) or role  # the model gives the step to somebody else
        mine = replace(step, role=role, outside=role.startswith(OUTSIDE))
        if not role and step.role:
            mine = mine.with_fact("responsible", words.get(step.role, step.role))
        if old is not None and kept is not None:
            named = model.carried.get(step.id, NOTHING)
            mine = _with_own(mine, old, past.step(old.id) if past else None, openness, named)
            carried[step.id] = _carried(base, step.id, kept.carried.get(old.id, NOTHING))
        steps.append(mine)
    draft = replace(
        base,
        table=replace(base.table, steps=tuple(steps)),
        carried={step: one for step, one in carried.items() if one},
    )
    if kept is None:
        return draft
    is_own = before is None or kept.limit != before.limit
    if openness.limits and is_own and _is_tighter(kept.limit, draft.limit):
        draft = replace(draft, limit_amount=kept.limit_amount, limit_unit=kept.limit_unit)
    return replace(draft, paper=kept.paper if kept.paper != NO_PAPER else draft.paper)


def _with_own(
    step: Step, old: Step, before: Step | None, openness: Openness, named: Carried
) -> Step:
    """Return a step of the model with the tighter limit and the own forms the adopter had."""
    has_own_limit = old.limit is not None and (before is None or old.limit != before.limit)
    if openness.limits and has_own_limit and _may_limit(step, old):
        step = replace(step, limit=old.limit, untimed=False)
    if _forms_fit(step, old, openness, named) and (before is None or old.forms != before.forms):
        step = replace(step, forms=old.forms)
    return step


def _carried(base: Draft, step: str, old: Carried) -> Carried:
    mine = base.carried.get(step, NOTHING)
    record = mine.record
    if record and old.record:
        record = replace(record, place=old.record.place, series=old.record.series)
    return Carried(forms=old.forms, record=record, fields=mine.fields)


def departures(model: Draft, draft: Draft, openness: Openness) -> tuple[Difference, ...]:
    """Return what a draft says differently from its model although the model does not leave it
    open."""
    base = for_adopters(model)
    return tuple(
        one
        for one in differences(base, draft)
        if not _is_open(one, base, draft, openness, model.carried.get(one.step, NOTHING))
    )


def decide_content(model: Draft, draft: Draft, openness: Openness, *, publisher: str) -> Decision:
    """Decide whether an adopter's draft keeps to its model."""
    found = departures(model, draft, openness)
    if not found:
        return ALLOWED
    said = "; ".join(one.words for one in found[:2])
    return Refused(
        "departs_from_model",
        f"Quy trình này theo mẫu của {publisher}, mẫu không để mở chỗ này: {said}. Được đổi: "
        f"{open_words(openness)}. Muốn làm khác hẳn thì thôi theo mẫu, có lý do.",
    )


def open_words(openness: Openness) -> str:
    """Return what a model leaves open, in words."""
    parts = ["trách nhiệm từng bước", "nơi lưu hồ sơ", "biểu mẫu kiểm soát của cơ quan"]
    if openness.limits:
        parts.append("thời hạn ngắn hơn")
    if openness.local_forms:
        parts.append("phần riêng của " + ", ".join(openness.local_forms))
    return ", ".join(parts)


def _is_open(
    one: Difference, base: Draft, draft: Draft, openness: Openness, named: Carried
) -> bool:
    if one.field == BESIDE:
        return True
    if one.kind != "changed":
        return False
    if not one.step:
        return one.field == "limit" and openness.limits and _is_tighter(draft.limit, base.limit)
    if one.field in OPEN_FIELDS:
        return True
    new, old = draft.table.step(one.step), base.table.step(one.step)
    if new is None or old is None:
        return False
    if one.field == "limit":
        return openness.limits and _may_limit(old, new)
    if one.field == "forms":
        return _forms_fit(old, new, openness, named)
    if one.field == "record":
        mine, yours = base.carried.get(old.id, NOTHING), draft.carried.get(new.id, NOTHING)
        return bool(
            mine.record
            and yours.record
            and (mine.record.name, mine.record.term) == (yours.record.name, yours.record.term)
        )
    return False


def _may_limit(old: Step, new: Step) -> bool:
    if new.untimed or new.limit is None:
        return False
    return old.untimed or _is_tighter(new.limit, old.limit)


def _forms_fit(model: Step, own: Step, openness: Openness, named: Carried) -> bool:
    """Say whether a step's forms keep what the model fixes; more only where it leaves one open.

    Controlled forms of the model (`named`) stand as names or as forms of the adopter.
    """
    free = {fold(form_words(form)) for form in named.forms}
    fixed = {fold(form) for form in model.forms if not openness.is_local(form)} - free
    has = {fold(form) for form in own.forms} - free
    is_left_open = any(openness.is_local(form) for form in model.forms)
    return fixed <= has and (is_left_open or has == fixed)


def _is_tighter(new: Limit | None, old: Limit | None) -> bool:
    """Say whether a limit is at most another one of a kind that can be compared."""
    if new is None or old is None or new.amount <= 0:
        return False
    if (new.unit == "calendar_day") is not (old.unit == "calendar_day"):
        return False
    return _hours(new) <= _hours(old)


def _hours(limit: Limit) -> Decimal:
    return limit.hours(HOURS_PER_DAY)


def role_keys(model: Draft) -> Iterator[str]:
    """Yield the role keys of a model once each, in the order of the steps."""
    yield from dict.fromkeys(step.role for step in model.table.steps if step.role)


def form_names(model: Draft) -> tuple[str, ...]:
    """Return the forms that a model's steps name, once each."""
    steps = for_adopters(model).table.steps
    return tuple(dict.fromkeys(form for step in steps for form in step.forms))
