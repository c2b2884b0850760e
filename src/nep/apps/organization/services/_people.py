"""People of an agency."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.models import Person
from nep.apps.organization.rules import Actor
from nep.apps.organization.services._ground import named, note_change, optional, require_manager
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import fold, same_words, sort_key


def vietnamese_order(name: str) -> str:
    """Return the key that orders people as Vietnamese lists do: given name first."""
    parts = name.split()
    return sort_key(" ".join([parts[-1], *parts[:-1]]))[:400] if parts else ""


@transaction.atomic
def person_add(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    name: str,
    email: str = "",
    phone: str = "",
    user_id: int | None = None,
    is_another: bool | None = None,
) -> int:
    """Add a person to the agency's records and return the id; a log-in is opened apart.

    `is_another` says whether this is somebody else than who already has that name; with None
    nobody was asked. Raises NotFound; Forbidden; Refusal("missing", "too_long", "mail_taken",
    "name_taken", "namesake_mail").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = Person(
        agency_id=agency_id,
        user_id=user_id,
        name=named(name, what="họ và tên", field="name", most=120),
        email=optional(email, what="thư điện tử", field="email", most=120),
        phone=optional(phone, what="điện thoại", field="phone", most=40),
    )
    row.folded = fold(row.name)
    row.sort_name = vietnamese_order(row.name)
    _require_own_mail(agency_id, row.email)
    if is_another is not None:
        _require_told_apart(row, is_another=is_another)
    row.save(force_insert=True)
    note_change(
        actor, now=now, agency_id=agency_id, action="person.added", object_type="person",
        object_id=row.id, new={"name": row.name},
    )  # fmt: skip
    return row.id


@transaction.atomic
def person_change(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    person_id: int,
    version: int,
    name: str,
    email: str,
    phone: str,
) -> None:
    """Change a person's name or contacts; only the agency that keeps the record may.

    Raises NotFound; Forbidden; Conflict("person_changed"); Refusal("missing", "mail_taken").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = person_row(agency_id=agency_id, person_id=person_id)
    old = {"name": row.name, "email": row.email, "phone": row.phone}
    new = {
        "name": named(name, what="họ và tên", field="name", most=120),
        "email": optional(email, what="thư điện tử", field="email", most=120),
        "phone": optional(phone, what="điện thoại", field="phone", most=40),
    }
    if old == new:
        return
    if new["email"].lower() != row.email.lower():
        _require_own_mail(agency_id, new["email"])
    done = Person.objects.filter(pk=person_id, version=version).update(
        **new,
        folded=fold(new["name"]),
        sort_name=vietnamese_order(new["name"]),
        version=version + 1,
    )
    if not done:
        raise Conflict("person_changed", "Người khác vừa sửa thông tin này. Hãy mở lại để xem.")
    note_change(
        actor, now=now, agency_id=agency_id, action="person.changed", object_type="person",
        object_id=person_id, old=old, new=new,
    )  # fmt: skip


def _require_own_mail(agency_id: int, email: str) -> None:
    holder = Person.objects.filter(agency_id=agency_id, email__iexact=email).first()
    if email and holder is not None:
        raise Refusal(
            "mail_taken",
            f"Thư này đã ghi cho {holder.name}. Mỗi người ghi một lần; thêm vai trò ở trang của "
            "người ấy.",
            field="email",
        )


def _require_told_apart(row: Person, *, is_another: bool) -> None:
    """Refuse a name that somebody has, unless it is said to be another's and a mail tells them apart."""
    alike = Person.objects.filter(agency_id=row.agency_id, folded=row.folded)
    namesake = next((one for one in alike if same_words(one.name, row.name)), None)
    if namesake is None:
        return
    if not is_another:
        raise Refusal(
            "name_taken",
            f"Cơ quan đã có {namesake.name}. Cùng một người thì thêm vai trò ở trang của người ấy; khác "
            "người thì đánh dấu ô bên dưới.",
            field="name",
        )
    if not row.email:
        raise Refusal(
            "namesake_mail", "Hãy ghi thư điện tử để phân biệt với người cùng tên.", field="email"
        )


def person_row(*, agency_id: int, person_id: int) -> Person:
    """Return the row of a person kept by the agency.

    Raises NotFound.
    """
    row = Person.objects.filter(pk=person_id, agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    return row
