"""In whose name a command writes: the agency's ISO secretary, or the person named."""

from datetime import datetime

from nep.apps.organization.queries import actor_for, agency_by_code, people_for, person_user
from nep.apps.organization.rules import Actor
from nep.foundation.accounts.queries import account_id
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local


def actor_in(*, agency_code: str, login: str, role: str, now: datetime) -> Actor:
    """Return the named person, or the first with the role and an account, as actor of the agency.

    Raises NotFound for an unknown agency; Refusal("nobody_acts") when there is nobody.
    """
    agency_id = agency_by_code(agency_code).id
    today = local(now).date()
    if login:
        users = [account_id(login)]
    else:
        rows = people_for(agency_id=agency_id, role=role, today=today)
        users = [person_user(agency_id=agency_id, person_id=row.id) for row in rows]
    for user_id in users:
        actor = actor_for(user_id=user_id, agency_id=agency_id, today=today) if user_id else None
        if actor is not None and actor.agency_id == agency_id:
            return actor
    raise Refusal(
        "nobody_acts",
        f"Không có ai ở {agency_code} để ghi thay. Hãy nêu tài khoản bằng --as, hoặc bổ nhiệm "
        "thư ký ISO trước.",
    )
