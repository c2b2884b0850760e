"""The security values an installation sets for itself."""

from datetime import datetime

from django.db import transaction

from nep.foundation.accounts.models import Setting, User
from nep.foundation.accounts.queries import forget_policy, security_lines
from nep.foundation.accounts.rules import decide_setting
from nep.foundation.journal.services import ACCOUNT, record
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, NotFound, Refusal


@transaction.atomic
def setting_change(*, user_id: int, key: str, value: int, now: datetime) -> bool:
    """Set one security value; return False when it already holds.

    Raises Forbidden for anyone but a system administrator, NotFound for an unknown key, Refusal
    for a value outside the bounds of its source.
    """
    if not User.objects.filter(pk=user_id, is_system_admin=True, is_active=True).exists():
        raise Forbidden(
            "not_system_admin", "Chỉ người quản trị hệ thống thay đổi được thiết lập bảo mật."
        )
    line = next((one for one in security_lines() if one.key == key), None)
    if line is None:
        raise NotFound("setting_unknown", "Không có thiết lập này.")
    require(decide_setting(line, value), kind=Refusal)
    if line.value == value:
        return False
    Setting.objects.update_or_create(
        key=key, defaults={"value": value, "changed_at": now, "changed_by": user_id}
    )
    transaction.on_commit(forget_policy)
    record(
        actor_id=user_id,
        actor_kind=ACCOUNT,
        agency_id=None,
        action="account.setting_changed",
        object_type="setting",
        object_id=key,
        at=now,
        old=line.value,
        new=value,
    )
    return True
