"""Who may see a document; the library, pages, files, search and exports all ask here.

Source: ISO 9001:2015 điều 7.5.3.1 b), 7.5.3.2 a) (bảo vệ, phân phối và quyền truy cập).
"""

from nep.apps.documents.rules._kinds import RESTRICTED
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

_UNSEEN = Refused("not_found", "Không tìm thấy nội dung này trong cơ quan của bạn.")


def acts_as(actor: Actor) -> frozenset[int]:
    """Return the actor with the people whose work was delegated to the actor today."""
    lent = {hat.acting_for for hat in actor.hats if hat.acting_for is not None}
    return frozenset(lent | {actor.person_id})


def may_see_document(
    actor: Actor,
    *,
    agency_id: int,
    level: str,
    owner_unit_id: int | None,
    people_ids: frozenset[int],
) -> Decision:
    """Decide whether a document is visible; callers answer a refusal with 404.

    `people_ids` are its authors, checkers, approvers, people of its route and recipients; a
    restricted document shows itself only to them, to its owner unit and to its managers. A
    deputy sees what the person stood in for sees.
    """
    if agency_id != actor.agency_id or not may(actor, "document.see"):
        return _UNSEEN
    if level != RESTRICTED or may(actor, "document.manage"):
        return ALLOWED
    if owner_unit_id is not None and owner_unit_id in actor.unit_ids:
        return ALLOWED
    return ALLOWED if acts_as(actor) & people_ids else _UNSEEN
