"""What auditors do at a unit: answers with evidence, questions of their own, samples of cases."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from nep.apps.audits.models import Audit, Draw, Finding, Proof, Sample, Session
from nep.apps.audits.queries import clause_titles, figure
from nep.apps.audits.rules import life, sampling
from nep.apps.audits.services._ground import (
    audit_item,
    audit_locked,
    end_of,
    finding_locked,
    finding_stepped,
    item_drop,
    leader_id,
    moved,
    refuse,
    require_auditor,
    require_leader,
    session_item,
    session_items_drop,
    session_locked,
    stepped,
    work_day,
)
from nep.apps.cases.queries import sampling as cases
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.apps.records import queries as records
from nep.foundation.files.services import store
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.references import is_address_here
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, local

KINDS = ("pdf", "docx", "xlsx", "png", "jpg")
MOST_PROOFS = 20
MOST_QUESTIONS = 60
BACK = timedelta(days=365)


class Upload(NamedTuple):
    """A file as it was sent."""

    name: str
    data: bytes


class Link(NamedTuple):
    """Something of this site: its kind, its title and its address, which begins with a slash."""

    kind: str
    title: str
    url: str
    ref_id: int = 0


def _open_for_notes(audit: Audit, session: Session, now: datetime) -> None:
    """Ask that notes may be written now: announced, and on the day of the session or later."""
    refuse(life.possible(life.AUDIT, audit.state, life.NOTE))
    day = local(session.starts_at).date()
    if local(now).date() < day:
        raise Refusal(
            "session_later", f"Phiên diễn ra ngày {date_text(day)}. Ghi kết quả từ ngày đó.",
            life.CLAUSE,
        )  # fmt: skip


@transaction.atomic
def finding_note(
    *, actor: Actor, finding_id: int, level: str, now: datetime, text: str | None = None
) -> None:
    """Answer a question: how it conforms, and what was seen; None leaves the words as they are.

    Raises NotFound; Forbidden("not_auditor"); Refusal("audit_state", "session_later",
    "level_unknown"). Source: TCVN ISO 9001:2015 điều 9.2.2.
    """
    require(may(actor, "audit.read"))
    audit, session, row = finding_locked(actor, finding_id)
    require_auditor(actor, session)
    _open_for_notes(audit, session, now)
    if not level and row.level:
        level = row.level
    if level:
        refuse(life.decide_note(level=level, text=text or ""))
    old = {"level": row.level, "text": row.text}
    if text is not None:
        row.text = clean_lines(text)[:4000]
    if level:
        moved(life.FINDING, row, life.NOTE)
        row.level, row.noted_by_id, row.noted_at = level, actor.person_id, now
    finding_stepped(actor, row, life.NOTE, row.text, now, old)


@transaction.atomic
def rest_conforms(*, actor: Actor, session_id: int, now: datetime) -> int:
    """Note that what was asked but not tapped yet conforms; return how many questions that were.

    Raises NotFound; Forbidden("not_auditor"); Refusal("audit_state", "session_later",
    "questions_none").
    """
    require(may(actor, "audit.read"))
    audit, session = session_locked(actor, session_id)
    require_auditor(actor, session)
    _open_for_notes(audit, session, now)
    rows = list(session.findings.filter(state=life.ASKED).order_by("position"))
    if not rows:
        raise Refusal("questions_none", "Mọi câu của phiên này đã có kết luận.")
    for row in rows:
        moved(life.FINDING, row, life.NOTE)
        row.level, row.noted_by_id, row.noted_at = life.CONFORM, actor.person_id, now
        finding_stepped(actor, row, life.NOTE, "", now)
    return len(rows)


@transaction.atomic
def question_add(
    *, actor: Actor, session_id: int, clause: str, text: str, now: datetime, hint: str = ""
) -> int:
    """Add a question of one's own to a session, before or while it is held; return its id.

    Raises NotFound; Forbidden; Refusal("audit_state", "words_missing", "clause_unknown",
    "questions_many").
    """
    audit, session = _questions_open(actor, session_id)
    refuse(life.decide_words(text, field="text", ask="Hãy ghi câu hỏi."))
    number = _clause(clause)
    last = session.findings.aggregate(last=Max("position"))["last"] or 0
    if last >= MOST_QUESTIONS:
        raise Refusal("questions_many", f"Mỗi phiên tối đa {MOST_QUESTIONS} câu.", field="text")
    row = Finding.objects.create(
        agency_id=audit.agency_id, session=session, position=last + 1, clause=number,
        question=clean(text)[:400], hint=clean(hint)[:300],
    )  # fmt: skip
    _journal(actor, row, "question_added", now)
    return row.id


@transaction.atomic
def question_change(
    *, actor: Actor, finding_id: int, clause: str, text: str, now: datetime
) -> None:
    """Put a question in other words. Raises as `question_add`; Refusal("already_noted")."""
    _audit, _session, row = finding_locked(actor, finding_id)
    _questions_open(actor, row.session_id)
    _unasked(row)
    refuse(life.decide_words(text, field="text", ask="Hãy ghi câu hỏi."))
    row.clause, row.question = _clause(clause), clean(text)[:400]
    finding_stepped(actor, row, "question", row.question, now)


@transaction.atomic
def question_remove(*, actor: Actor, finding_id: int, now: datetime) -> None:
    """Take a question that nobody answered out. Raises as `question_change`."""
    _audit, _session, row = finding_locked(actor, finding_id)
    _questions_open(actor, row.session_id)
    _unasked(row)
    _journal(actor, row, "question_removed", now)
    row.delete()


def _questions_open(actor: Actor, session_id: int) -> tuple[Audit, Session]:
    require(may(actor, "audit.read"))
    audit, session = session_locked(actor, session_id)
    if not may(actor, "audit.manage") or audit.state == life.ANNOUNCED:
        require_auditor(actor, session)
    if audit.state not in {life.PLANNED, life.SUBMITTED, life.ANNOUNCED}:
        refuse(life.possible(life.AUDIT, audit.state, life.NOTE))
    return audit, session


def _unasked(row: Finding) -> None:
    if row.state != life.ASKED:
        raise Refusal("already_noted", "Câu này đã ghi kết quả nên không sửa, không bỏ được.")


def _clause(text: str) -> str:
    number = clean(text)[:12]
    if not any(number == one or number.startswith(f"{one}.") for one in clause_titles()):
        raise Refusal("clause_unknown", "Hãy ghi số điều khoản như 8.5 hoặc 7.5.3.", field="clause")
    return number


def _journal(actor: Actor, row: Finding, action: str, now: datetime) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=f"audit.{action}",
        object_type="audit_finding", object_id=row.id, at=now, new={"question": row.question},
    )  # fmt: skip


@transaction.atomic
def proof_add(
    *, actor: Actor, finding_id: int, now: datetime, uploads: Sequence[Upload] = (),
    links: Sequence[Link] = (), record_code: str = "",
) -> None:  # fmt: skip
    """Attach evidence to an answer: files, photos, things of this site, a file of records by its code.

    Raises NotFound; Forbidden; Refusal("audit_state", "session_later", "link_outside",
    "record_unknown", "proofs_many", of the files).
    """
    require(may(actor, "audit.read"))
    audit, session, row = finding_locked(actor, finding_id)
    require_auditor(actor, session)
    _open_for_notes(audit, session, now)
    links = (*links, *_of_record(row.agency_id, record_code))
    if row.proofs.count() + len(uploads) + len(links) > MOST_PROOFS:
        raise Refusal("proofs_many", f"Mỗi câu giữ tối đa {MOST_PROOFS} bằng chứng.", field="file")
    known = set(row.proofs.values_list("url", flat=True))
    own = {"finding": row, "added_by_id": actor.person_id, "added_at": now}
    for link in links:
        if not is_address_here(link.url):
            raise Refusal("link_outside", "Liên kết phải bắt đầu bằng dấu /.", field="link")
        if link.url not in known:
            Proof.objects.create(kind=link.kind, ref_id=link.ref_id, title=clean(link.title or link.url)[:300],
                                 url=link.url[:300], **own)  # fmt: skip
    for upload in uploads:
        kept = store(data=upload.data, name=upload.name, agency_id=row.agency_id,
                     actor_id=actor.person_id, at=now, kinds=KINDS)  # fmt: skip
        Proof.objects.create(kind="file", title=kept.name[:300], file_id=kept.id, **own)
    _journal(actor, row, "proof_added", now)


def _of_record(agency_id: int, code: str) -> tuple[Link, ...]:
    if not clean(code):
        return ()
    found = records.file_called(agency_id=agency_id, code=clean(code))
    if found is None:
        raise Refusal(
            "record_unknown", f"Không có hồ sơ lưu số {clean(code)}. Hãy chọn trong danh sách.",
            field="record",
        )  # fmt: skip
    file_id, known, title = found
    return (Link("record", f"{known}, {title}", f"/luu-tru/ho-so/{file_id}/", file_id),)


@transaction.atomic
def sample_draw(
    *, actor: Actor, session_id: int, since: date, until: date, size: int, now: datetime,
    reason: str = "", seed: str = "",
) -> int:  # fmt: skip
    """Draw finished cases of a session's procedure (else of its unit) at random; return the draw.

    The seed is shown and the draw can be repeated with it: see `rules.sampling`. Raises NotFound;
    Forbidden("not_auditor"); Refusal("audit_state", "days_reversed", what `decide_draw` says).
    """
    require(may(actor, "audit.read"))
    audit, session = session_locked(actor, session_id)
    require_auditor(actor, session)
    refuse(life.possible(life.AUDIT, audit.state, life.NOTE))
    if until < since:
        raise Refusal("days_reversed", "Đến ngày phải từ ngày bắt đầu trở đi.", field="until")
    keys = sample_keys(audit, session, since=since, until=until)
    drawn = session.draws.aggregate(last=Max("number"))["last"] or 0
    refuse(
        sampling.decide_draw(
            population=len(keys), size=size, drawn_before=bool(drawn), reason=reason
        )
    )
    row = Draw.objects.create(
        session=session, number=drawn + 1, seed=clean(seed)[:40] or secrets.token_hex(4),
        since=since, until=until, population=len(keys), size=size, keys_hash=keys_hash(keys),
        reason=clean(reason)[:400], by_id=actor.person_id, at=now,
    )  # fmt: skip
    picked = sampling.draw(row.seed, keys, size)
    known = cases.sampled_cases(agency_id=audit.agency_id, case_ids=picked)
    Sample.objects.bulk_create(
        Sample(draw=row, place=place, case_id=key, code=known[key].code,
               title=known[key].tthc_name[:400], word=known[key].word)
        for place, key in enumerate(picked, start=1) if key in known
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=audit.agency_id, action="audit.sample_drawn",
        object_type="audit_session", object_id=session.id, at=now, reason=row.reason,
        new={"seed": row.seed, "population": row.population, "size": size},
    )  # fmt: skip
    return row.id


def sample_keys(audit: Audit, session: Session, *, since: date, until: date) -> tuple[int, ...]:
    """Return the finished cases that a sample of a session is drawn from, by key."""
    tthc_id = 0
    if session.procedure_id:
        tthc_id = next(
            (one.tthc_id for one in procedures.procedures_in_force(audit.agency_id)
             if one.document_id == session.procedure_id), 0,
        )  # fmt: skip
    found: tuple[int, ...] = ()
    if tthc_id:
        found = cases.finished_keys(
            agency_id=audit.agency_id, since=since, until=until, tthc_id=tthc_id
        )
    return found or cases.finished_keys(
        agency_id=audit.agency_id, since=since, until=until, unit_id=session.unit_id
    )


def draw_repeat(*, actor: Actor, draw_id: int) -> tuple[int, bool, int]:
    """Repeat a draw with its seed; return its session, whether the same cases come out, how many.

    Nothing is written. Raises NotFound.
    """
    row = Draw.objects.filter(
        pk=draw_id, session__audit__agency_id=actor.agency_id
    ).select_related("session__audit").first()  # fmt: skip
    if row is None:
        raise NotFound()
    keys = sample_keys(row.session.audit, row.session, since=row.since, until=row.until)
    drawn = list(row.samples.order_by("place").values_list("case_id", flat=True))
    again = list(sampling.draw(row.seed, keys, row.size))
    return row.session_id, keys_hash(keys) == row.keys_hash and again == drawn, len(drawn)


def keys_hash(keys: Sequence[int]) -> str:
    """Return the SHA-256 of keys in their order."""
    return hashlib.sha256(",".join(map(str, sorted(keys))).encode()).hexdigest()


@transaction.atomic
def sample_note(*, actor: Actor, sample_id: int, note: str, now: datetime) -> None:
    """Write what was seen in a case of a sample. Raises NotFound; Forbidden; Refusal."""
    require(may(actor, "audit.read"))
    row = Sample.objects.filter(
        pk=sample_id, draw__session__audit__agency_id=actor.agency_id
    ).select_related("draw").first()  # fmt: skip
    if row is None:
        raise NotFound()
    audit, session = session_locked(actor, row.draw.session_id)
    require_auditor(actor, session)
    _open_for_notes(audit, session, now)
    old, row.note = row.note, clean(note)[:600]
    row.save(update_fields=["note"])
    journal.record(
        actor_id=actor.person_id, agency_id=audit.agency_id, action="audit.sample_noted",
        object_type="audit_session", object_id=session.id, at=now, old={"note": old},
        new={"note": row.note, "case": row.code},
    )  # fmt: skip


@transaction.atomic
def audit_hold(*, actor: Actor, audit_id: int, now: datetime, skipped: str = "") -> None:
    """End the audit at the units: findings get numbers and go to the units that answer to them.

    What was not asked is told as such. Conformity needs no answer. Raises Forbidden; NotFound;
    Refusal("audit_state", "hold_early", "session_empty", "evidence_missing").
    """
    require(may(actor, "audit.read"))
    row = audit_locked(actor, audit_id)
    require_leader(actor, row)
    findings = list(
        Finding.objects.filter(session__audit=row).order_by("session__starts_at", "session_id",
                                                            "position")
    )  # fmt: skip
    _hold_allowed(row, findings, now)
    moved(life.AUDIT, row, life.HOLD)
    row.held_at, row.skipped = now, clean(skipped)[:600]
    number = 0
    for one in findings:
        move = life.SEND if one.state == life.NOTED else life.SKIP
        moved(life.FINDING, one, move)
        if one.level and one.level != life.CONFORM:
            number += 1
            one.number = number
        if one.level == life.CONFORM:
            moved(life.FINDING, one, life.AGREE)
        one.version += 1
    Finding.objects.bulk_update(findings, ["state", "number", "version"], batch_size=200)
    session_items_drop(row, actor.person_id, now)
    item_drop(row, actor.person_id, now)
    stepped(actor, row, life.HOLD, row.skipped, now)
    _ask_units(row, findings, now)
    confirm_when_settled(actor, row, now)


def _hold_allowed(row: Audit, findings: Sequence[Finding], now: datetime) -> None:
    refuse(life.possible(life.AUDIT, row.state, life.HOLD))
    sessions = list(row.sessions.all())
    noted = {one.session_id for one in findings if one.state == life.NOTED}
    refuse(
        life.decide_hold(
            unstarted=sum(one.starts_at > now for one in sessions),
            unanswered_sessions=sum(one.id not in noted for one in sessions),
            without_evidence=sum(
                one.state == life.NOTED and one.level != life.CONFORM and not clean(one.text)
                for one in findings
            ),
        )
    )


def _ask_units(row: Audit, findings: Sequence[Finding], now: datetime) -> None:
    """Put the findings before the units that have to answer."""
    due = work_day(row.agency_id, local(now).date(), figure("answer_days"))
    units = {unit.id: unit.name for unit in organization.units_of(row.agency_id)}
    asked = {one.session_id for one in findings if one.state == life.SENT}
    for session in row.sessions.filter(pk__in=asked, representative_id__isnull=False):
        session.item_id = session_item(
            row, session, now, unit=units.get(session.unit_id, ""),
            step="Xác nhận phát hiện đánh giá", due_at=end_of(row.agency_id, due),
            person_id=session.representative_id or 0,
        )  # fmt: skip
        session.save(update_fields=["item_id"])


def confirm_when_settled(actor: Actor, row: Audit, now: datetime) -> None:
    """Bring an audit on once nothing waits for an answer; the leader of the team reports next."""
    waiting = Finding.objects.filter(session__audit=row, state__in=life.OPEN_FINDINGS).count()
    if waiting:
        return
    moved(life.AUDIT, row, life.CONFIRM)
    due = work_day(row.agency_id, local(now).date(), figure("report_days"))
    audit_item(
        row, actor.person_id, now, step="Lập báo cáo đánh giá", due_on=due,
        person_id=leader_id(row),
    )  # fmt: skip
    stepped(actor, row, life.CONFIRM, "", now)
