"""Writes of choices, letters and values. A letter is written whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from nep.foundation.accounts.queries import account_row
from nep.foundation.accounts.rules import decide_setting
from nep.foundation.journal.services import ACCOUNT, record
from nep.foundation.notify.composing import Message
from nep.foundation.notify.delivery import trial_send
from nep.foundation.notify.models import Choice, Letter, Mark, Told, Turn, Value, Waiting
from nep.foundation.notify.queries import value_lines
from nep.foundation.notify.rules import CHOSEN, FIRST_HOUR, KIND_OF, LAST_HOUR
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.text import clean

_AT_ONCE = 200


@transaction.atomic
def choice_change(
    *,
    person_id: int,
    agency_id: int,
    now: datetime,
    mail: Mapping[str, str],
    silent: Sequence[str],
    hour: int,
    weekday: int,
) -> bool:
    """Keep how a person wants to be told; return False when it was so already.

    Raises Refusal("choice_unknown") for a kind, pace, hour or weekday that is not offered.
    """
    fits = all(kind in KIND_OF and pace in KIND_OF[kind].paces for kind, pace in mail.items())
    quiet = all(kind in KIND_OF and KIND_OF[kind].bell == CHOSEN for kind in silent)
    if not fits or not quiet or not FIRST_HOUR <= hour <= LAST_HOUR or weekday not in range(5):
        raise Refusal("choice_unknown", "Lựa chọn này không có. Hãy mở lại trang và chọn lại.")
    new = {
        "mail": dict(mail), "silent": sorted(silent), "hour": hour, "weekday": weekday,
    }  # fmt: skip
    row = Choice.objects.filter(pk=person_id).first()
    old = {name: getattr(row, name) for name in new} if row else None
    if old == new:
        return False
    Choice.objects.update_or_create(pk=person_id, defaults={**new, "changed_at": now})
    record(
        actor_id=person_id, agency_id=agency_id, action="notify.choice_changed",
        object_type="person", object_id=person_id, at=now, old=old, new=new,
    )  # fmt: skip
    return True


def waiting_add(*, person_id: int, kind: str, item_id: int, key: str, at: datetime) -> None:
    """Let something wait for a person's next letter; the same key again changes nothing.

    Part of another action or of the worker's round, which is journaled there.
    """
    Waiting.objects.get_or_create(
        person_id=person_id, key=key[:60], defaults={"kind": kind, "item_id": item_id, "at": at}
    )


def waiting_drop(*, person_id: int, keys: Sequence[str]) -> None:
    """Forget what no longer needs to be told."""
    Waiting.objects.filter(person_id=person_id, key__in=keys).delete()


def mark_move(*, name: str, until: int) -> None:
    """Keep how far something has been followed."""
    Mark.objects.update_or_create(pk=name, defaults={"until": until})


def turn_take(*, person_id: int, today: date, week_on: date) -> bool:
    """Take the day's turn of a person, once for all workers; `week_on` begins the week looked at.

    Call it in the transaction that writes the letter.
    """
    Turn.objects.get_or_create(pk=person_id)
    rows = Turn.objects.filter(Q(day_on=None) | Q(day_on__lt=today), pk=person_id)
    return rows.update(day_on=today, week_on=week_on) == 1


@transaction.atomic
def letter_write(
    *,
    person_id: int,
    agency_id: int,
    period: str,
    address: str,
    message: Message,
    keys: Sequence[str],
    now: datetime,
    count: int | None = None,
) -> int | None:
    """Write a letter with the lines it tells; return None where the period has its letter.

    `count` is how many rows it shows, where a row tells more than one line.

    Lines that stood only in letters that could not be sent come over, and those letters are done;
    what they told besides comes with the letter that tells of it next.
    Raises Conflict("told_meanwhile") when another worker told a line first: nothing is written.
    """
    if Letter.objects.filter(person_id=person_id, period=period).exists():
        return None
    try:
        with transaction.atomic():
            letter = Letter.objects.create(
                person_id=person_id, agency_id=agency_id, period=period, address=address,
                subject=clean(message.subject)[:200], text=message.text, html=message.html,
                count=len(keys) if count is None else count, made_at=now, due_at=now,
            )  # fmt: skip
            _tell(letter, list(dict.fromkeys(keys)), now)
    except IntegrityError as error:
        raise Conflict(
            "told_meanwhile", "Thư của kỳ này vừa được một tiến trình khác viết."
        ) from error
    return letter.pk


def _tell(letter: Letter, keys: list[str], now: datetime) -> None:
    taken: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        rows = Told.objects.filter(
            person_id=letter.person_id, key__in=part, letter__state__in=Letter.UNSENT
        )
        found = list(rows.values_list("pk", "key", "letter_id"))
        Told.objects.filter(pk__in=[row[0] for row in found]).update(letter=letter)
        Letter.objects.filter(pk__in={row[2] for row in found}).update(state=Letter.MERGED)
        taken.update(row[1] for row in found)
    fresh = [Told(person_id=letter.person_id, key=key, letter=letter) for key in keys]
    Told.objects.bulk_create(
        [row for row in fresh if row.key not in taken], batch_size=_AT_ONCE
    )  # fmt: skip
    Waiting.objects.filter(person_id=letter.person_id, key__in=keys).delete()


@transaction.atomic
def letter_resend(*, user_id: int, letter_id: int, now: datetime) -> None:
    """Send a letter once more that could not be sent, or of which nobody knows whether it was.

    Raises Forbidden; NotFound; Conflict("letter_moved") when it is neither any more.
    """
    _require_system_admin(user_id, now)
    row = Letter.objects.select_for_update().filter(pk=letter_id).first()
    if row is None:
        raise NotFound("letter_gone", "Thư này không còn.")
    if row.state not in {Letter.UNKNOWN, Letter.DEAD} or not row.text:
        raise Conflict(
            "letter_moved", "Thư này đã được gửi lại, gộp vào thư sau, hoặc không còn nội dung."
        )
    old = row.state
    row.state, row.ended_at, row.due_at, row.attempts = Letter.READY, None, now, 0
    row.seen_at = None
    row.save(update_fields=["state", "ended_at", "due_at", "attempts", "seen_at"])
    _note(user_id, row, "notify.letter_resent", now, old=old)


@transaction.atomic
def letter_seen(*, user_id: int, letter_id: int, now: datetime) -> None:
    """Put a letter aside that the administrator has looked at; its state stays as it is.

    Raises Forbidden; NotFound.
    """
    _require_system_admin(user_id, now)
    row = Letter.objects.filter(
        pk=letter_id, state__in=[Letter.UNKNOWN, Letter.DEAD], seen_at=None
    ).first()
    if row is None:
        raise NotFound("letter_gone", "Thư này không còn trong danh sách cần xem.")
    row.seen_at = now
    row.save(update_fields=["seen_at"])
    _note(user_id, row, "notify.letter_seen", now, old=row.state)


def _note(user_id: int, row: Letter, action: str, now: datetime, *, old: int) -> None:
    record(
        actor_id=user_id, actor_kind=ACCOUNT, agency_id=row.agency_id, action=action,
        object_type="letter", object_id=row.pk, at=now, old={"state": old},
        new={"state": row.state},
    )  # fmt: skip


@transaction.atomic
def value_change(*, user_id: int, key: str, value: int, now: datetime) -> bool:
    """Set one value of the letters; return False when it already holds.

    Raises Forbidden; NotFound; Refusal for a value outside its bounds.
    """
    _require_system_admin(user_id, now)
    line = next((one for one in value_lines() if one.key == key), None)
    if line is None:
        raise NotFound("value_unknown", "Không có thiết lập này.")
    require(decide_setting(line, value), kind=Refusal)
    if line.value == value:
        return False
    Value.objects.update_or_create(
        key=key, defaults={"value": value, "changed_at": now, "changed_by": user_id}
    )
    record(
        actor_id=user_id, actor_kind=ACCOUNT, agency_id=None, action="notify.value_changed",
        object_type="setting", object_id=key, at=now, old=line.value, new=value,
    )  # fmt: skip
    return True


def letter_try(*, user_id: int, address: str, now: datetime) -> str:
    """Send a trial letter at once; return an empty text, or in a sentence why it did not go.

    Raises Forbidden for anyone but a system administrator.
    """
    _require_system_admin(user_id, now)
    fault = trial_send(address=address)
    record(
        actor_id=user_id, actor_kind=ACCOUNT, agency_id=None, action="notify.trial_sent",
        object_type="setting", object_id="mail", at=now, new={"fault": fault},
    )  # fmt: skip
    return fault


def _require_system_admin(user_id: int, now: datetime) -> None:
    row = account_row(user_id, now=now)
    if row is None or not row.is_active or not row.is_system_admin:
        raise Forbidden("not_system_admin", "Chỉ người quản trị hệ thống làm được việc này.")


def letters_forget(*, now: datetime, keep_days: int) -> int:
    """Remove the words of old letters, and after a year the letters with their lines.

    A line kept less long would be told again of an item that is still late. Return how many.
    """
    old = Letter.objects.filter(
        made_at__lt=now - timedelta(days=keep_days), ended_at__isnull=False
    ).exclude(text="")
    emptied = old.update(text="", html="", address="")
    gone, _each = Letter.objects.filter(
        made_at__lt=now - timedelta(days=365), ended_at__isnull=False
    ).delete()
    return emptied + gone
