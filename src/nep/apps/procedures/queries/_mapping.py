"""What "responsible" texts mean in an agency: remembered mappings and the choices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import PERMISSIONS, ROLE_NAMES
from nep.apps.procedures.models import RoleMapping
from nep.apps.procedures.rules.proposals import RoleChoice, propose_role
from nep.apps.procedures.rules.wording import OUTSIDE, role_words
from nep.kernel.text import fold


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One text, the role it has or would have, and how sure that is.

    `source` is "remembered", "proposed" or "" when nothing is alike.
    """

    text: str
    folded: str
    role: str
    role_text: str
    source: str


def mappings_of(agency_id: int) -> dict[str, str]:
    """Return the role key by folded text of everything the agency has mapped."""
    rows = RoleMapping.objects.filter(agency_id=agency_id)
    return dict(rows.values_list("folded", "role"))


def role_options(*, agency_id: int, today: date) -> tuple[RoleChoice, ...]:
    """Return every role of every unit that somebody holds today, and the agency's leaders."""
    directory = organization.directory(agency_id=agency_id, today=today)
    facts = organization.agency(agency_id)
    units = {unit.code: unit for unit in directory.units.values()}
    choices = []
    for (code, role), people in directory.holders.items():
        key = f"{code}/{role}" if code else role
        unit = units.get(code)
        if not people or (code and unit is None) or role not in _STEP_ROLES:
            continue
        reception = facts.reception_name if unit is not None and unit.is_reception else ""
        choices.append(
            RoleChoice(
                key=key,
                unit=unit.name if unit else facts.name,
                role=role,
                words=role_words(key, {code: unit.name} if unit else {}),
                positions=tuple(dict.fromkeys(p.position for p in people if p.position)),
                also=reception,
                people=len(people),
            )
        )
    order = {code: place for place, code in enumerate(directory.units)}
    ranks = {role: place for place, role in enumerate(_STEP_ROLES)}
    return tuple(
        sorted(
            choices,
            key=lambda one: (order.get(one.key.rpartition("/")[0], -1), ranks[one.role]),
        )
    )


_STEP_ROLES = ("leader", "reception", "unit_head", "specialist", "iso_secretary", "qmr")


def role_texts(*, agency_id: int, keys: Iterable[str]) -> dict[str, str]:
    """Return the words of role keys; keys of unknown units or roles are left out."""
    units = {unit.code: unit.name for unit in organization.units_of(agency_id)}
    found = {}
    for key in set(keys):
        if not key:
            continue
        code, slash, role = key.rpartition("/")
        if key.startswith(OUTSIDE) or (role in _STEP_ROLES and (not slash or code in units)):
            found[key] = role_words(key, units)
    return found


def mapping_lines(*, agency_id: int, texts: Iterable[str], today: date) -> tuple[MappingLine, ...]:
    """Return each distinct text with the remembered or the likeliest role, in first order."""
    known = mappings_of(agency_id)
    options = role_options(agency_id=agency_id, today=today)
    lines: dict[str, MappingLine] = {}
    for text in texts:
        key = fold(text)
        if not key or key in lines:
            continue
        role, source = known.get(key, ""), "remembered"
        if not role:
            proposed = propose_role(text, options)
            role, source = (proposed.key, "proposed") if proposed else ("", "")
        words = role_texts(agency_id=agency_id, keys=[role]).get(role, "")
        if role and not words:
            role, source = "", ""
        lines[key] = MappingLine(text, key, role, words, source)
    return tuple(lines.values())


def people_who_may(
    *, agency_id: int, permission: str, today: date, without: Iterable[int] = ()
) -> tuple[tuple[int, str], ...]:
    """Return (id, "name, position") of who may check or approve today, some people left out."""
    skipped, found = set(without), {}
    for role in sorted(PERMISSIONS.get(permission, ())):
        for person in organization.people_for(agency_id=agency_id, today=today, role=role):
            if person.id not in skipped and person.id not in found:
                post = person.position or ROLE_NAMES.get(role, role)
                found[person.id] = f"{person.name}, {post}"
    return tuple(found.items())
