"""What an agency has towards its conformity, read from the parts that own it."""

from nep.apps.conformity.rules import declaration as law
from nep.apps.documents.rules import revision_text
from nep.apps.procedures import queries as procedures


def scope_lines(agency_id: int) -> tuple[law.ScopeLine, ...]:
    """Return the TTHC of the agency's scope with the procedures in force; two queries.

    Internal procedures are left out: the law asks for those of organizations and persons.
    Source: Quyết định 19/2014/QĐ-TTg Điều 3 khoản 1.
    """
    in_force: dict[int, list[str]] = {}
    for one in procedures.procedures_in_force(agency_id):
        said = f"{one.code} {revision_text(one.issue, one.amendment)}".strip()
        in_force.setdefault(one.tthc_id, []).append(said)
    return tuple(
        law.ScopeLine(
            key=one.code or f"#{one.id}", code=one.code, name=one.name, field=one.field,
            procedures=tuple(in_force.get(one.id, ())),
        )
        for one in procedures.tthc_lines(agency_id=agency_id)
        if not one.is_internal
    )  # fmt: skip
