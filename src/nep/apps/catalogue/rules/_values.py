"""What is published of a TTHC, as plain values, and their one written form."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from nep.kernel.text import clean, clean_lines

WORKING_DAY, CALENDAR_DAY, WORKING_HOUR = "working_day", "calendar_day", "working_hour"
UNIT_NAMES: dict[str, str] = {
    WORKING_DAY: "ngày làm việc",
    CALENDAR_DAY: "ngày",
    WORKING_HOUR: "giờ",
}
LEVEL_NAMES: dict[str, str] = {
    "ministry": "Cấp bộ",
    "province": "Cấp tỉnh",
    "commune": "Cấp xã",
    "other": "Cơ quan khác",
}
FIELD_NAMES: dict[str, str] = {
    "name": "Tên thủ tục",
    "field": "Lĩnh vực",
    "levels": "Cấp thực hiện",
    "issuer": "Cơ quan ban hành",
    "agencies": "Cơ quan thực hiện",
    "kind": "Loại thủ tục",
    "applicants": "Đối tượng thực hiện",
    "papers": "Thành phần hồ sơ",
    "limit": "Thời hạn giải quyết",
    "channels": "Cách thức thực hiện",
    "fee": "Phí, lệ phí",
    "basis": "Căn cứ pháp lý",
    "results": "Kết quả",
    "conditions": "Yêu cầu, điều kiện",
    "steps": "Trình tự thực hiện",
    "address": "Địa chỉ tiếp nhận",
    "decision": "Quyết định công bố",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something read that a person should look at: a code, the field, a sentence."""

    code: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class PublishedPaper:
    """One paper an applicant hands in; `group` is the case it is asked in, `form` its form file."""

    name: str
    originals: int = 1
    copies: int = 0
    group: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to hand in: its time (amount and unit where they are sure), its fees in words."""

    name: str
    amount: str = ""
    unit: str = ""
    time_text: str = ""
    fee_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """One legal document: its title and number."""

    title: str
    number: str = ""

    @property
    def text(self) -> str:
        """Return "Luật Khiếu nại (02/2011/QH13)", the number once."""
        if not self.number or self.number in self.title:
            return self.title or self.number
        return f"{self.title} ({self.number})" if self.title else self.number


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of one TTHC. `limit_amount` is a decimal as text, "" where unknown."""

    name: str = ""
    field: str = ""
    levels: tuple[str, ...] = ()
    issuer: str = ""
    agencies: tuple[str, ...] = ()
    kind: str = ""
    applicants: str = ""
    papers: tuple[PublishedPaper, ...] = ()
    channels: tuple[Channel, ...] = ()
    limit_amount: str = ""
    limit_unit: str = ""
    limit_text: str = ""
    fee: str = ""
    basis: tuple[Basis, ...] = ()
    results: tuple[str, ...] = ()
    conditions: str = ""
    steps: str = ""
    address: str = ""
    decision: str = ""
    portal_id: str = ""
    doubts: tuple[Doubt, ...] = ()

    @property
    def limit_words(self) -> str:
        """Return "5 ngày làm việc", or what is written where it could not be read surely."""
        if self.limit_amount and self.limit_unit:
            return f"{self.limit_amount.replace('.', ',')} {UNIT_NAMES[self.limit_unit]}"
        return self.limit_text

    @property
    def level_words(self) -> str:
        """Return "Cấp tỉnh, Cấp xã"."""
        return ", ".join(LEVEL_NAMES[level] for level in self.levels)

    @property
    def basis_lines(self) -> str:
        """Return the legal documents, one a line."""
        return "\n".join(one.text for one in self.basis)


_PARTS: dict[str, type] = {
    "papers": PublishedPaper,
    "channels": Channel,
    "basis": Basis,
    "doubts": Doubt,
}


def text_of(value: Published) -> str:
    """Return the one written form of a value: JSON, empty parts left out, keys in order."""
    kept = {name: part for name, part in asdict(value).items() if part}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def published(text: str) -> Published:
    """Return the value of its written form; unknown parts are left out."""
    raw: dict[str, Any] = json.loads(text or "{}")
    known: dict[str, Any] = {}
    for one in fields(Published):
        if one.name not in raw:
            continue
        part, kind = raw[one.name], _PARTS.get(one.name)
        if kind is not None:
            part = tuple(kind(**each) for each in part)
        elif isinstance(part, list):
            part = tuple(part)
        known[one.name] = part
    return Published(**known)


def content_hash(value: Published) -> str:
    """Return the hash of what is published; doubts of the reading are no part of it."""
    return hashlib.sha256(text_of(replace(value, doubts=())).encode()).hexdigest()


def cleaned(value: Published) -> Published:
    """Return a value typed by a person in its written form: NFC, single blanks, no empty rows."""
    texts: dict[str, Any] = {
        name: clean(getattr(value, name))
        for name in ("name", "field", "issuer", "kind", "applicants", "fee", "decision")
    }
    return replace(
        value,
        **texts,
        agencies=tuple(filter(None, map(clean, value.agencies))),
        results=tuple(filter(None, map(clean, value.results))),
        conditions=clean_lines(value.conditions),
        steps=clean_lines(value.steps),
        address=clean_lines(value.address),
        papers=tuple(replace(one, name=clean(one.name)) for one in value.papers if clean(one.name)),
        basis=tuple(
            Basis(clean(one.title), clean(one.number))
            for one in value.basis
            if clean(one.title) or clean(one.number)
        ),
    )


def merged(old: Published, new: Published, *, only_missing: bool = False) -> Published:
    """Return the old value with what the new one says; a part it does not tell stays.

    With `only_missing` only parts that were empty are taken.
    """
    told: dict[str, Any] = {}
    for one in fields(Published):
        part = getattr(new, one.name)
        if one.name in _LIMIT or one.name == "doubts" or not part:
            continue
        if not only_missing or not getattr(old, one.name):
            told[one.name] = part
    has_limit = bool(new.limit_amount or new.limit_text)
    if has_limit and not (only_missing and (old.limit_amount or old.limit_text)):
        told |= {name: getattr(new, name) for name in _LIMIT}
    if not only_missing:
        told["doubts"] = new.doubts or old.doubts
    return replace(old, **told)


_LIMIT = ("limit_amount", "limit_unit", "limit_text")


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that differs: what stood, what stands now, both in words."""

    field: str
    name: str
    old: str
    new: str


def words_of(value: Published, field: str) -> str:
    """Return one field of what is published in words."""
    if field == "levels":
        return value.level_words
    if field == "limit":
        return value.limit_words
    if field == "papers":
        return "\n".join(paper_words(one) for one in value.papers)
    if field == "channels":
        return "\n".join(channel_words(one) for one in value.channels)
    if field == "basis":
        return value.basis_lines
    part = getattr(value, field)
    return "\n".join(part) if isinstance(part, tuple) else str(part)


def paper_words(paper: PublishedPaper) -> str:
    """Return "Giấy khai sinh (1 bản chính, 1 bản sao)"."""
    counts = ((paper.originals, "bản chính"), (paper.copies, "bản sao"))
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{paper.name} ({said})" if said else paper.name


def channel_words(channel: Channel) -> str:
    """Return "Trực tuyến: 3 ngày làm việc, miễn phí"."""
    said = ", ".join(filter(None, (channel.time_text, channel.fee_text)))
    return f"{channel.name}: {said}" if said else channel.name


def differences(old: Published, new: Published) -> tuple[FieldDifference, ...]:
    """Return the fields that differ between two editions, in words, in the order of a page."""
    found = []
    for field, name in FIELD_NAMES.items():
        before, after = words_of(old, field), words_of(new, field)
        if before != after:
            found.append(FieldDifference(field, name, before, after))
    return tuple(found)
