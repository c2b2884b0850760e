"""Sessions: opening, touching, locking, ending."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from nep.foundation.accounts.models import SignIn, User
from nep.foundation.accounts.queries import SHOWN_KEY
from nep.foundation.journal.services import ACCOUNT, record
from nep.kernel.errors import NotFound


@transaction.atomic
def session_open(
    *, user_id: int, session_key: str, address: str, device: str, now: datetime
) -> None:
    """Note a new session of a person who has just signed in."""
    SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user_id": user_id,
            "started_at": now,
            "last_active_at": now,
            "address": address,
            "device": device[:160],
        },
    )
    User.objects.filter(pk=user_id).update(last_active_at=now)
    _note("account.signed_in", user_id, now, {"address": address, "device": device[:160]})


@transaction.atomic
def session_touch(*, user_id: int, session_key: str, now: datetime) -> None:
    """Move the time of the person's last own action; automatic refreshes never call this."""
    SignIn.objects.filter(session_key=session_key).update(last_active_at=now)
    User.objects.filter(pk=user_id).update(last_active_at=now)


def session_moved(*, old_key: str, new_key: str) -> None:
    """Follow a session whose key was renewed."""
    if old_key != new_key:
        SignIn.objects.filter(session_key=old_key).update(session_key=new_key)


def session_lock(*, user_id: int, now: datetime) -> None:
    """Note that a session was locked after resting."""
    _note("account.session_locked", user_id, now)


def session_unlock(*, user_id: int, now: datetime) -> None:
    """Note that its owner opened a locked session again."""
    _note("account.session_unlocked", user_id, now)


@transaction.atomic
def session_sign_out(*, user_id: int, session_key: str, now: datetime, reason: str = "") -> None:
    """Forget the session of a person who signs out."""
    SignIn.objects.filter(session_key=session_key).delete()
    _note("account.signed_out", user_id, now, reason=reason)


@transaction.atomic
def session_end(*, user_id: int, key: str, now: datetime) -> None:
    """End one of one's own sessions, named by the start of its key.

    Raises NotFound when the person has no such session.
    """
    found = None
    if len(key) == SHOWN_KEY and key.isalnum():
        found = SignIn.objects.filter(user_id=user_id, session_key__startswith=key).first()
    if found is None:
        raise NotFound("session_gone", "Phiên này đã kết thúc.")
    Session.objects.filter(session_key=found.session_key).delete()
    found.delete()
    _note("account.session_ended", user_id, now, {"device": found.device})


@transaction.atomic
def sessions_end(*, user_id: int, except_key: str, now: datetime) -> int:
    """End every other session of one's own; return how many."""
    ended = end_all_sessions(user_id=user_id, except_key=except_key)
    _note("account.sessions_ended", user_id, now, {"count": ended})
    return ended


def end_all_sessions(*, user_id: int, except_key: str = "") -> int:
    """Remove the sessions of a person, in the caller's transaction; return how many."""
    rows = SignIn.objects.filter(user_id=user_id).exclude(session_key=except_key)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


def sessions_forget_expired(*, now: datetime) -> int:
    """Remove sessions whose time is over, with their notes; return how many."""
    Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.values("session_key")
    return SignIn.objects.exclude(session_key__in=alive).delete()[0]


def _note(
    action: str, user_id: int, now: datetime, new: dict | None = None, reason: str = ""
) -> None:
    record(
        actor_id=user_id,
        actor_kind=ACCOUNT,
        agency_id=None,
        action=action,
        object_type="account",
        object_id=user_id,
        at=now,
        new=new,
        reason=reason,
    )
