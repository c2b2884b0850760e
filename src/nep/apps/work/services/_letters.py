"""Writing letters: one for a person and a day, and at most one for a quarter of an hour."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import Reachable, StandIn
from nep.apps.work import ports, queries
from nep.apps.work.queries import TellLine
from nep.foundation.db.archive import restored_at
from nep.foundation.journal import services as journal
from nep.foundation.notify import queries as notify
from nep.foundation.notify import rules
from nep.foundation.notify import services as letters
from nep.foundation.notify.composing import Message, Row, Section, compose
from nep.foundation.notify.queries import WaitingLine
from nep.foundation.notify.rules import NEVER, NOW, SHIPPED, Values, Wish
from nep.kernel.errors import Conflict
from nep.kernel.vietnamese import local

SHOWN = 20  # rows of one section; the list shows the rest
MOST_A_ROUND = 300
MARK = "work.items"
SLACK = 600_000 << 22  # keys are ordered by time; an item may be committed ten minutes late
HAPPENINGS = ("returned", "reading", "new")
HANDED = "handed"


@dataclass(frozen=True, slots=True)
class _Round:
    """What all people of one round share."""

    now: datetime
    today: date
    values: Values
    wishes: Mapping[int, Wish]
    turns: Mapping[int, tuple[date | None, date | None]]
    waiting: Mapping[int, frozenset[str]]
    lent: Mapping[int, tuple[StandIn, ...]]
    held: Set[tuple[int, int]]
    was_restored: bool


def letters_write(*, now: datetime) -> int:
    """Write every letter whose time has come; return how many.

    Nobody is written to outside the office hours of their agency, without an account in use or
    without an address; letters of who is away wait for their return, and what falls due meanwhile
    is told to who acts for them, else to who can hand it over. Repeating is harmless: a line is told once.
    """
    today = local(now).date()
    wishes = notify.wishes()
    news_wait(wishes=wishes, now=now)
    away = organization.away_told(today=today)
    round_ = _Round(
        now, today, notify.values(), wishes, notify.turns(), notify.people_waiting(),
        _lent(away.told), away.held, _was_restored(today),
    )  # fmt: skip
    written: Counter[int] = Counter()
    looked = 0
    for person in organization.reachable_people(today=today).values():
        if "@" not in person.email or looked >= MOST_A_ROUND or _is_held(person, away.held):
            continue
        if not rules.is_office_time(ports.calendar_for(person.agency_id), now):
            continue
        wish = round_.wishes.get(person.person_id, SHIPPED)
        day_on, week_on = round_.turns.get(person.person_id, (None, None))
        kinds = rules.kinds_of_today(wish, now=now, day_on=day_on, week_on=week_on)
        if kinds is None and not round_.waiting.get(person.person_id, frozenset()) & wish.kinds(
            NOW
        ):
            continue
        looked += 1
        try:
            made = (
                _day(round_, person, wish, kinds)
                if kinds is not None
                else _now(round_, person, wish)
            )
        except Conflict:  # another worker was first: what is left is found in the next round
            continue
        written[person.agency_id] += made
    _note(written, now)
    return written.total()


def _lent(told: Sequence[StandIn]) -> dict[int, tuple[StandIn, ...]]:
    """Return the hats of who is away today by both the giver and who is told."""
    found: dict[int, list[StandIn]] = {}
    for one in told:
        for person_id in {one.giver_id, one.receiver_id}:
            found.setdefault(person_id, []).append(one)
    return {person_id: tuple(lines) for person_id, lines in found.items()}


def _is_held(person: Reachable, held: Set[tuple[int, int]]) -> bool:
    """Say whether a person is away wherever they work, so that their letters wait."""
    places = {person.agency_id, *(agency_id for agency_id, _unit, _role in person.hats)}
    return all((agency_id, person.person_id) in held for agency_id in places)


def _was_restored(today: date) -> bool:
    """Say whether a backup was restored today: nobody knows which daily letters went before it."""
    restored = restored_at(settings.NEP.data_folder)
    return restored is not None and local(restored).date() == today


@transaction.atomic
def _day(round_: _Round, person: Reachable, wish: Wish, kinds: Set[str]) -> int:
    """Write a person's daily letter, or note that there is nothing to say."""
    week_on = rules.week_begins(round_.today, wish.weekday)
    if not letters.turn_take(person_id=person.person_id, today=round_.today, week_on=week_on):
        return 0
    if round_.was_restored:
        return 0
    return _letter(round_, person, kinds, rules.day_period(round_.today))


@transaction.atomic
def _now(round_: _Round, person: Reachable, wish: Wish) -> int:
    """Write what has just happened, unless the day or the quarter of an hour has its letters."""
    midnight = local(round_.now).replace(hour=0, minute=0, second=0, microsecond=0)
    count = notify.letters_on(person.person_id, since=midnight)
    if count >= round_.values.letters_a_day:
        return 0
    kinds = wish.kinds(NOW) & round_.waiting[person.person_id]
    return _letter(round_, person, kinds, rules.slot_period(round_.now))


def _letter(round_: _Round, person: Reachable, kinds: Set[str], period: str) -> int:
    waiting = [
        line for line in notify.waiting_of(person.person_id) if line.kind in kinds
    ]  # fmt: skip
    lines = queries.lines_for(
        person, now=round_.now, kinds=kinds, values=round_.values,
        lent=round_.lent.get(person.person_id, ()),
        waiting=[*_handed_in_vain(round_, person), *waiting],
        resting={agency for agency, who in round_.held if who == person.person_id},
    )  # fmt: skip
    if lines:
        letter_id = letters.letter_write(
            person_id=person.person_id, agency_id=person.agency_id, period=period,
            address=person.email, message=letter_message(person.name, lines),
            keys=[key for line in lines for key in line.keys], now=round_.now,
            count=len(lines),
        )  # fmt: skip
        if letter_id is None:  # this quarter of an hour has its letter: the next one tells
            return 0
    letters.waiting_drop(person_id=person.person_id, keys=[line.key for line in waiting])
    return bool(lines)


def _handed_in_vain(round_: _Round, person: Reachable) -> list[WaitingLine]:
    """Return the hand-overs told only in letters that could not be sent; nothing else keeps them."""
    since = round_.now - timedelta(days=round_.values.new_days)
    keys = notify.untold_keys(person.person_id, since=since)
    told = [(key, *key.split(":")[:2]) for key in keys]
    return [
        WaitingLine(HANDED, int(item), key, round_.now)
        for key, item, what in told if what == HANDED
    ]  # fmt: skip


def letter_message(name: str, lines: tuple[TellLine, ...]) -> Message:
    """Return the words of a letter of these lines."""
    sections = []
    for code, (title, _counted) in queries.SECTIONS.items():
        own = [line for line in lines if line.section == code]
        rows = tuple(Row(line.what, line.about, line.when, line.link) for line in own[:SHOWN])
        if rows:
            sections.append(Section(title, rows, max(0, len(own) - SHOWN)))
    return compose(
        name=name, heading=queries.letter_heading(lines), sections=sections,
        home=settings.NEP.public_address, list_link="/viec/", choice=settings.NEP_CHOICE_PATH,
    )  # fmt: skip


def handed_wait(*, item_id: int, person_id: int, now: datetime) -> None:
    """Let an item that came from somebody else wait for its holder's next letter.

    The same hand-over told again changes nothing; an item given back and forth is told each time.
    """
    if notify.wish_of(person_id).pace(HANDED) == NEVER:
        return
    taken_at = queries.taken_at(item_id=item_id, person_id=person_id)
    if taken_at is not None:
        letters.waiting_add(
            person_id=person_id, kind=HANDED, item_id=item_id,
            key=rules.line_key(item_id, HANDED, taken_at), at=now,
        )  # fmt: skip


def news_wait(*, wishes: Mapping[int, Wish], now: datetime) -> None:
    """Let what was opened since the last round wait for those who want to hear of it at once."""
    newest, until = queries.newest_item(), notify.mark(MARK)
    if newest == until:
        return
    wanted = {
        person_id: {kind for kind in HAPPENINGS if wish.pace(kind) == NOW}
        for person_id, wish in wishes.items()
    }
    people = {person_id for person_id, kinds in wanted.items() if kinds}
    if people and until is not None:
        for item_id, person_id, kind in queries.opened_since(until - SLACK, person_ids=people):
            key = rules.line_key(item_id, rules.NEW)
            if kind in wanted[person_id] and not notify.told_keys(person_id, [key]):
                letters.waiting_add(
                    person_id=person_id, kind=kind, item_id=item_id, key=key, at=now
                )
    letters.mark_move(name=MARK, until=newest)


def _note(written: Counter[int], now: datetime) -> None:
    for agency_id, count in written.items():
        if count:
            journal.record(
                actor_id=None, agency_id=agency_id, action="work.letters_written",
                object_type="agency", object_id=agency_id, at=now, new={"count": count},
            )  # fmt: skip
