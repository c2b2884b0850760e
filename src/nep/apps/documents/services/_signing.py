"""Sign the frozen PDF of a revision: by a key file, a token of the server, or outside.

Each way has two halves. The first makes the signed bytes while nothing is locked, since keys,
authorities and examinations take seconds; the second keeps them in one transaction, if nobody
signed in between.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.events import RevisionSigned
from nep.apps.documents.models import Revision, Signature, SigningRoom
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_rows import journal, locked, save
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.files import queries as files
from nep.foundation.files.services import forget, store
from nep.foundation.outbox.services import publish
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.signing import signers
from nep.foundation.signing.preparing import Look, Prepared, completed, prepare
from nep.foundation.signing.signers import Certificate, KeyFile, Token
from nep.foundation.signing.verifying import INVALID, verify
from nep.foundation.signing.verifying import Signature as Examined
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal

MOST_SIGNED, MOST_ADDED = 220_000_000, 3_000_000
UNTRUSTED = "Chữ ký bị từ chối: {} Hãy hỏi quản trị về thư mục chứng thư gốc (NEP_SIGN_ROOTS)."


@dataclass(frozen=True, slots=True)
class Made:
    """Signed bytes that wait to be kept, with what the examination found of their signature."""

    revision_id: int
    before_hash: str
    data: bytes
    found: Examined
    way: str
    at_tag: str
    without_stamp: str
    room_id: int | None = None


def signature_make(
    *,
    actor: Actor,
    revision_id: int,
    seen_hash: str,
    key: KeyFile | Token,
    is_seen: bool,
    now: datetime,
) -> Made:
    """Sign the frozen PDF that the page showed; nothing is kept yet, the key never.

    Raises Forbidden, NotFound; Conflict("signed_meanwhile"); Refusal of the key, the certificate
    ("certificate_name", "certificate_expired", …) or the examination ("signature_untrusted").
    """
    page = _open(actor, revision_id, seen_hash)
    signer = signers.certificate_of(key)
    _require_certificate(page, signer, now)
    prepared = _prepared(page, signer.signer if is_seen else "", page.person, now)
    made = signers.sign(key, digest=prepared.digest, authority=settings.NEP.sign_authority)
    data = completed(prepared.data, start=prepared.start, end=prepared.end, cms=made.cms)
    way = rules.BY_FILE if isinstance(key, KeyFile) else rules.BY_TOKEN
    return _examined(
        page, data, way=way, at_tag=prepared.at_tag, without=made.without_stamp, now=now
    )


def signing_begin(
    *,
    actor: Actor,
    revision_id: int,
    seen_hash: str,
    is_seen: bool,
    is_agency: bool,
    now: datetime,
) -> str:
    """Keep room in the PDF for a signature made outside; return the one-time key of the room.

    `is_agency` says that the agency's certificate will sign, and its name is to be seen.

    Raises as `signature_make` before the key is asked.
    """
    page = _open(actor, revision_id, seen_hash)
    shown = page.agency if is_agency or not page.is_personal else page.person
    prepared = _prepared(page, shown if is_seen else "", shown, now)
    key = secrets.token_urlsafe(24)
    with transaction.atomic():
        row = locked(actor, revision_id)
        require(queries.signing_decision(actor=actor, revision_id=revision_id))
        stored = store(
            data=prepared.data, name=f"{row.document.code} - chờ chữ ký.pdf",
            agency_id=actor.agency_id, actor_id=actor.person_id, at=now, kinds=("pdf",),
            max_bytes=MOST_SIGNED,
        )  # fmt: skip
        SigningRoom.objects.create(
            agency_id=actor.agency_id, revision_id=revision_id, person_id=actor.person_id,
            key_hash=queries.room_hash(key), begun_at=now, ends_at=now + rules.ROOM_TIME,
            before_hash=page.hash, prepared=stored, digest=prepared.digest.hex(),
            start=prepared.start, end=prepared.end, field=prepared.field, at_tag=prepared.at_tag,
        )  # fmt: skip
        journal(
            actor, row, "revision.signing_begun", now,
            new={"digest": prepared.digest.hex(), "upon": page.hash},
        )  # fmt: skip
    return key


def signature_receive(*, actor: Actor, key: str, data: bytes, now: datetime) -> Made:
    """Take what came back from outside: the signature (CMS), or the whole signed PDF.

    A PDF must begin with the frozen bytes or be the prepared file with its room filled. Raises
    NotFound, Conflict; Refusal("room_used", "room_over", "signed_other", "cms_broken",
    "cms_digest", "signature_missing", …).
    """
    room = queries.signing_room(actor=actor, key=key, now=now)
    page = _open(actor, room.revision_id, room.before_hash)
    if len(data) > files.facts(room.prepared_id).size + MOST_ADDED:
        raise Refusal(
            "signed_large", "Tệp trả về lớn hơn nhiều so với bản công bố nên không được nhận.",
            field="file",
        )  # fmt: skip
    if data[:5] != b"%PDF-":
        cms = signers.given_back(data, digest=bytes.fromhex(room.digest))
        stamped = signers.stamped(cms, authority=settings.NEP.sign_authority)
        data = completed(
            files.read(room.prepared_id), start=room.start, end=room.end, cms=stamped.cms
        )
        without, at_tag = stamped.without_stamp, room.at_tag
    else:
        without, at_tag = "Chữ ký làm ngoài hệ thống không kèm dấu thời gian.", ""
    made = _examined(
        page, data, way=rules.OUTSIDE, at_tag=at_tag, without=without, now=now, room_id=room.id
    )
    certificate = Certificate(
        made.found.signer, made.found.organization, made.found.fingerprint,
        _iso(made.found.valid_from), _iso(made.found.valid_to),
    )  # fmt: skip
    _require_certificate(page, certificate, now)
    return made


def signature_keep(*, actor: Actor, made: Made, now: datetime) -> int:
    """Keep signed bytes as the published PDF; return the id of the signature.

    The bytes signed upon stay as they are. Raises Forbidden, NotFound, Conflict("signed_meanwhile"
    when somebody signed first, "room_used").
    """
    with transaction.atomic():
        row = locked(actor, made.revision_id)
        require(queries.signing_decision(actor=actor, revision_id=row.id))
        before = files.facts(row.published_file_id or 0)
        require(rules.decide_unchanged(seen=made.before_hash, current=before.sha256), kind=Conflict)
        _use_room(made, now)
        stored = store(
            data=made.data, name=before.name, agency_id=actor.agency_id, actor_id=actor.person_id,
            at=now, kinds=("pdf",), max_bytes=MOST_SIGNED,
        )  # fmt: skip
        kept = _row(actor, row, made, before, stored.pk, stored.sha256, now)
        row.published_file_id = stored.pk
        save(row)
        history_note(
            row, rules.SIGNED, actor=actor, now=now, content_hash=stored.sha256,
            note=f"Chứng thư của {kept.signer}, do {kept.issuer} cấp",
        )  # fmt: skip
        journal(
            actor, row, "revision.signed", now, old={"sha256": before.sha256},
            new={"sha256": stored.sha256, "certificate": kept.fingerprint, "way": made.way},
        )  # fmt: skip
        publish(
            RevisionSigned(
                agency_id=row.agency_id, document_id=row.document_id, revision_id=row.id,
                signature_id=kept.pk,
            ),
            agency_id=row.agency_id,
            at=now,
        )  # fmt: skip
    return kept.pk


def rooms_clear(*, now: datetime, limit: int = 100) -> int:
    """Remove the prepared files of rooms that are over or used; the rows stay. Returns how many."""
    over = SigningRoom.objects.filter(ends_at__lt=now, prepared__isnull=False)
    done = 0
    for row_id in list(over.order_by("ends_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = SigningRoom.objects.select_for_update().get(pk=row_id)
            if row.prepared_id is None:
                continue
            file_id, row.prepared_id = row.prepared_id, None
            row.save(update_fields=["prepared"])
            forget(file_id=file_id)
            done += 1
    return done


def _open(actor: Actor, revision_id: int, seen_hash: str) -> queries.SigningPage:
    """Return the page when the actor may sign exactly what was seen."""
    require(queries.signing_decision(actor=actor, revision_id=revision_id))
    page = queries.signing_page(actor=actor, revision_id=revision_id)
    require(rules.decide_unchanged(seen=seen_hash, current=page.hash), kind=Conflict)
    return page


def _require_certificate(page: queries.SigningPage, signer: Certificate, now: datetime) -> None:
    require(
        rules.decide_certificate(
            signer=signer.signer,
            person=page.person,
            agency=page.agency,
            valid_from=datetime.fromisoformat(signer.valid_from),
            valid_to=datetime.fromisoformat(signer.valid_to),
            now=now,
            is_personal=page.is_personal,
        ),
        kind=Refusal,
    )


def _prepared(page: queries.SigningPage, shown: str, name: str, now: datetime) -> Prepared:
    """Return the frozen PDF with room for a signature; `shown` is the name seen, "" for none."""
    facts = page.revision
    look = None
    if shown:
        lines, tags = rules.signature_look(
            signer=shown, position=page.position, agency=page.agency, at=now
        )
        look = Look(lines, tags)
    try:
        return prepare(
            files.read(page.file_id or 0), name=name, at=now, look=look,
            reason=f"Phê duyệt {facts.code} {facts.number}",
        )  # fmt: skip
    except NotMade as reason:
        raise Refusal(reason.code, reason.message) from reason


def _examined(
    page: queries.SigningPage,
    data: bytes,
    *,
    way: str,
    at_tag: str,
    without: str,
    now: datetime,
    room_id: int | None = None,
) -> Made:
    """Return signed bytes as made when they begin with the frozen ones and every signature holds."""
    before = files.read(page.file_id or 0)
    if not data.startswith(before):
        raise Refusal(
            "signed_other",
            "Tệp trả về không bắt đầu bằng đúng bản công bố, có thể chương trình ký đã lưu lại cả "
            "tệp. Hãy ký đúng tệp đã tải về và chọn lưu nối tiếp (incremental).",
            field="file",
        )
    told = verify(data, roots=settings.NEP.sign_roots, at=now)
    added = [one for one in told.signatures if one.reach > len(before) or not one.is_readable]
    if len(added) != 1:
        raise Refusal(
            "signature_missing",
            "Tệp trả về phải có thêm đúng một chữ ký số so với bản công bố.", field="file",
        )  # fmt: skip
    (found,) = added
    if told.verdict == INVALID or not (found.is_whole or found.is_supplied):
        bad = next((one for one in told.signatures if one.verdict == INVALID), found)
        raise Refusal("signature_invalid", f"Chữ ký không dùng được. {bad.sentences[0]}")
    if page.has_roots and not found.is_trusted:
        raise Refusal("signature_untrusted", UNTRUSTED.format(found.sentences[1]))
    return Made(
        page.revision.id, page.hash, data, found, way, at_tag,
        "" if found.stamped_at else without or "Không rõ vì sao thiếu dấu thời gian.", room_id,
    )  # fmt: skip


def _use_room(made: Made, now: datetime) -> None:
    if made.room_id is None:
        return
    free = SigningRoom.objects.filter(pk=made.room_id, used_at=None)
    if not free.update(used_at=now):
        raise Conflict("room_used", "Phiên ký này đã dùng rồi. Muốn ký thêm, hãy mở phiên mới.")


def _row(
    actor: Actor,
    row: Revision,
    made: Made,
    before: files.FileFacts,
    file_id: int,
    digest: str,
    now: datetime,
) -> Signature:
    found, worn = made.found, rules.own_hat(actor)
    units = {one.id: one.name for one in organization.units_of(row.agency_id)} if worn else {}
    if found.valid_from is None or found.valid_to is None:
        raise Refusal("signature_invalid", "Chứng thư của chữ ký không đọc được.")
    return Signature.objects.create(
        agency_id=row.agency_id,
        revision_id=row.id,
        position=Signature.objects.filter(revision_id=row.id).count() + 1,
        field=found.field[:40],
        way=made.way,
        person_id=actor.person_id,
        person_name=actor.name[:120],
        position_name=worn.position[:160] if worn else "",
        unit_name=units.get(worn.unit_id or 0, "")[:160] if worn else "",
        signed_at=now,
        stamped_at=found.stamped_at,
        stamp_authority=found.stamp_authority[:200],
        without_stamp=made.without_stamp[:300],
        signer=found.signer[:200],
        subject=found.subject[:600],
        issuer=found.issuer[:300],
        serial=found.serial[:64],
        fingerprint=found.fingerprint,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        is_trusted=found.is_trusted,
        at_tag=made.at_tag,
        before_id=before.id,
        before_hash=before.sha256,
        file_id=file_id,
        file_hash=digest,
    )


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
