"""Log-ins of people, opened and stopped by the administrator of the agency that keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from nep.apps.organization.models import Appointment, Person
from nep.apps.organization.rules import ADMIN_ROLES, Actor, is_setup
from nep.apps.organization.services._ground import note_change, require_manager
from nep.apps.organization.services._people import person_row
from nep.foundation.accounts import services as accounts
from nep.foundation.accounts.services import NewAccount
from nep.kernel.errors import Forbidden, Refusal
from nep.kernel.vietnamese import local

MOST_ACCOUNTS = 40


@transaction.atomic
def person_account_open(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    person_id: int,
    username: str,
    password: str = "",
    is_system_admin: bool = False,
) -> NewAccount:
    """Open a log-in for a person; the one-time password of the answer is shown once.

    With `password` (installation and demonstration only) the person keeps it.
    Raises NotFound; Forbidden; Refusal("account_known", "username_taken", "username_invalid",
    "password_weak").
    """
    require_manager(actor, agency_id=agency_id, permission="account.manage")
    person = person_row(agency_id=agency_id, person_id=person_id)
    if (password or is_system_admin) and not is_setup(actor):
        raise Forbidden("setup_only", "Mật khẩu ban đầu do hệ thống đặt và chỉ hiện một lần.")
    if person.user_id is not None:
        raise Refusal("account_known", f"{person.name} đã có tài khoản.", field="username")
    account = accounts.account_create(
        username=username,
        actor=actor,
        now=now,
        password=password,
        must_change=not password,
        needs_totp=_is_admin(person.id, now),
        is_system_admin=is_system_admin,
        is_demonstration=person.agency.is_demonstration,
    )
    Person.objects.filter(pk=person.id).update(user_id=account.user_id, version=person.version + 1)
    note_change(
        actor, now=now, agency_id=agency_id, action="person.account_opened",
        object_type="person", object_id=person_id, new={"username": account.username},
    )  # fmt: skip
    return account


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """What became of one person's log-in: the account, or why it was not opened."""

    person_id: int
    username: str
    account: NewAccount | None
    refusal: str = ""


def people_accounts_open(
    *, actor: Actor, now: datetime, agency_id: int, usernames: Mapping[int, str]
) -> tuple[OpenedAccount, ...]:
    """Open log-ins for people by the names given, each by itself; what is refused is told.

    At most `MOST_ACCOUNTS`, since each password is hashed while the person waits. Raises NotFound;
    Forbidden; Refusal("nobody_chosen", "too_many").
    """
    require_manager(actor, agency_id=agency_id, permission="account.manage")
    if not usernames:
        raise Refusal("nobody_chosen", "Hãy chọn ít nhất một người.")
    if len(usernames) > MOST_ACCOUNTS:
        raise Refusal(
            "too_many", f"Mỗi lần mở nhiều nhất {MOST_ACCOUNTS} tài khoản. Hãy bỏ bớt dấu chọn."
        )
    opened = []
    for person_id, username in usernames.items():
        try:
            made = person_account_open(
                actor=actor, now=now, agency_id=agency_id, person_id=person_id, username=username
            )
        except Refusal as refusal:
            opened.append(OpenedAccount(person_id, username, None, refusal.message))
        else:
            opened.append(OpenedAccount(person_id, made.username, made))
    return tuple(opened)


def _is_admin(person_id: int, now: datetime) -> bool:
    """Say whether a person holds, or will hold, an administrator's role."""
    today = local(now).date()
    held = Appointment.objects.filter(person_id=person_id, role__in=ADMIN_ROLES)
    return held.filter(Q(ends_on=None) | Q(ends_on__gte=today)).exists()


@transaction.atomic
def person_account_reset(
    *, actor: Actor, now: datetime, agency_id: int, person_id: int, reason: str
) -> NewAccount:
    """Give a person a new one-time password, shown once; their sessions end.

    Raises NotFound; Forbidden; Refusal("account_missing", "reason_missing", "own_account").
    """
    user_id = _managed_user(actor, agency_id, person_id)
    if user_id == actor.user_id:
        raise Refusal(
            "own_account", "Hãy đổi mật khẩu của mình ở trang Tài khoản, không cấp lại ở đây."
        )
    account = accounts.account_reset(user_id=user_id, actor=actor, now=now, reason=reason)
    _note(actor, now, agency_id, person_id, "person.account_reset", reason)
    return account


@transaction.atomic
def person_account_disable(
    *, actor: Actor, now: datetime, agency_id: int, person_id: int, reason: str
) -> None:
    """Stop a person's log-in; their sessions end at once.

    Raises NotFound; Forbidden; Refusal("account_missing", "reason_missing", "own_account").
    """
    user_id = _managed_user(actor, agency_id, person_id)
    accounts.account_disable(user_id=user_id, actor=actor, now=now, reason=reason)
    _note(actor, now, agency_id, person_id, "person.account_disabled", reason)


@transaction.atomic
def person_account_enable(
    *, actor: Actor, now: datetime, agency_id: int, person_id: int, reason: str
) -> None:
    """Let a person's stopped or locked log-in work again.

    Raises NotFound; Forbidden; Refusal("account_missing", "reason_missing").
    """
    user_id = _managed_user(actor, agency_id, person_id)
    accounts.account_enable(user_id=user_id, actor=actor, now=now, reason=reason)
    _note(actor, now, agency_id, person_id, "person.account_enabled", reason)


@transaction.atomic
def person_second_factor_remove(
    *, actor: Actor, now: datetime, agency_id: int, person_id: int, reason: str
) -> None:
    """Take away the second factor of a person whose phone is lost; they enrol anew.

    Raises NotFound; Forbidden; Refusal("account_missing", "reason_missing", "own_account").
    """
    user_id = _managed_user(actor, agency_id, person_id)
    if user_id == actor.user_id:
        raise Refusal(
            "own_account", "Không tự gỡ mã hai lớp của mình; hãy nhờ người quản trị khác."
        )
    accounts.second_factor_remove(user_id=user_id, actor=actor, now=now, reason=reason)
    _note(actor, now, agency_id, person_id, "person.second_factor_removed", reason)


def _managed_user(actor: Actor, agency_id: int, person_id: int) -> int:
    require_manager(actor, agency_id=agency_id, permission="account.manage")
    person = person_row(agency_id=agency_id, person_id=person_id)
    if person.user_id is None:
        raise Refusal("account_missing", f"{person.name} chưa có tài khoản.")
    if "province_admin" not in actor.roles and not is_setup(actor):
        _refuse_above(person)
    return person.user_id


def _refuse_above(person: Person) -> None:
    """Keep an agency's administrator from taking over the province administrator's log-in."""
    if Appointment.objects.filter(person_id=person.id, role="province_admin").exists():
        raise Forbidden(
            "account_above", f"{person.name} là quản trị tỉnh; chỉ quản trị tỉnh thay đổi được."
        )


def _note(
    actor: Actor, now: datetime, agency_id: int, person_id: int, action: str, reason: str
) -> None:
    note_change(
        actor, now=now, agency_id=agency_id, action=action, object_type="person",
        object_id=person_id, reason=reason,
    )  # fmt: skip


def sync_second_factor(actor: Actor, *, now: datetime, person: Person, needed: bool) -> None:
    """Ask administrators for a second factor at the log-in, others no more."""
    if person.user_id is not None:
        accounts.account_require_totp(
            user_id=person.user_id, needs_totp=needed, actor=actor, now=now
        )
