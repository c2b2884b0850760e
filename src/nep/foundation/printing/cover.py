"""The sheets before a controlled document: cover, three signatures, revision sheet, distribution."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from nep.foundation.printing.paper import MOTTO, NATION, heading_name
from nep.foundation.printing.pdf import LAYOUTS, pdf
from nep.foundation.printing.tags import mark


@dataclass(frozen=True, slots=True)
class Signer:
    """One of the three: `part` ("Soạn thảo"), name, position, day as text, what was signed.

    `tag` names the place of a digital signature (`tags.SIGNATURES`), "" without one.
    """

    part: str
    name: str
    position: str
    day: str
    said: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One line of the revision sheet, in words."""

    number: str
    day: str
    change: str
    approver: str


@dataclass(frozen=True, slots=True)
class Cover:
    """Everything a cover says; `facts` are pairs such as ("Mã hiệu", "QT-01")."""

    above: str
    issuer: str
    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    signers: tuple[Signer, ...]
    revisions: tuple[RevisionRow, ...]
    recipients: tuple[str, ...]
    place: str
    exception: str = ""


def cover_pdf(cover: Cover, *, made_at: datetime) -> bytes:
    """Return the cover and the sheet after it as PDF."""
    return pdf(LAYOUTS / "cover.typ", cover_data(cover), made_at=made_at)


def cover_data(cover: Cover) -> dict[str, Any]:
    """Return what the sheets say as plain data for a layout."""
    return {
        "above": heading_name(cover.above),
        "issuer": heading_name(cover.issuer),
        "form": "",
        "number": "",
        "place_date": "",
        "nation": NATION,
        "motto": MOTTO,
        "kind": cover.kind,
        "title": cover.title,
        "facts": cover.facts,
        "signers": [_signer(one) for one in cover.signers],
        "revisions": [[one.number, one.day, one.change, one.approver] for one in cover.revisions],
        "recipients": cover.recipients,
        "exception": cover.exception,
        "place": cover.place,
    }


def _signer(one: Signer) -> dict[str, str]:
    return {**asdict(one), "tag": mark(one.tag) if one.tag else ""}
