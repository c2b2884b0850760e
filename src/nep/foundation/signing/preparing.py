"""Room for a signature in a PDF, what is to be signed of it, and the signature put into its place."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from nep.foundation.printing.office_bounds import Bounds, own_folder, run_bounded
from nep.foundation.printing.pdf import pdf
from nep.foundation.printing.texts import PDF_REASONS
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

PROGRAM = (sys.executable, "-I", str(Path(__file__).resolve().with_name("program_start.py")))
LAYOUT = Path(__file__).resolve().parent / "layouts" / "signature.typ"
PREPARE = Bounds(seconds=60, memory=1_200_000_000, disk=600_000_000, processes=4)
SIZE = (41.0, 19.0)  # millimetres; the cover leaves this room
REASONS = {
    **PDF_REASONS,
    13: ("pdf_certified", "Tệp PDF này đã khóa, không nhận thêm chữ ký nào."),
    14: ("pdf_signatures", "Tệp PDF này có quá nhiều chữ ký (hơn 40)."),
}
MISSING = (
    "signing_missing",
    "Máy chủ chưa cài phần ký số nên không ký và không kiểm tra chữ ký được. Quản trị cài phần mở "
    "rộng “sign” (docs/admin/install.md) rồi khởi động lại.",
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a signature is seen: its lines, and the tags at the first free one of which it stands."""

    lines: tuple[str, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A PDF with room for a signature: bytes `start` to `end` are not signed, `digest` is SHA-256.

    `at_tag` names the tag where the signature is seen, "" at the foot of the last page.
    """

    data: bytes
    digest: bytes
    start: int
    end: int
    field: str
    at_tag: str
    page: int


def is_installed() -> bool:
    """Say whether the extra `sign` is here."""
    return find_spec("pyhanko") is not None


def require_installed() -> None:
    """Raise Refusal("signing_missing") where the extra `sign` is absent."""
    if not is_installed():
        raise Refusal(*MISSING)


def prepare(
    document: bytes, *, name: str, reason: str, at: datetime, look: Look | None
) -> Prepared:
    """Return the PDF with room for one more signature; the given bytes are its beginning.

    Without `look` nothing is seen on the pages. Raises Refusal for a PDF that cannot be opened,
    is locked, or where the extra is absent; NotMade when it passes the bounds.
    """
    require_installed()
    spec = {
        "name": name, "reason": reason, "at": local(at).isoformat(), "size": SIZE,
        "tags": look.tags if look else (), "appearance": "look.pdf" if look else "",
    }  # fmt: skip
    with own_folder() as folder:
        (folder / "in.pdf").write_bytes(document)
        (folder / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
        if look:
            (folder / "look.pdf").write_bytes(look_pdf(look.lines, at=at))
        child("prepare", "in.pdf", "spec.json", "out.pdf", "result.json", folder=folder)
        found = json.loads((folder / "result.json").read_text())
        data = (folder / "out.pdf").read_bytes()
    return Prepared(
        data, bytes.fromhex(found["digest"]), found["start"], found["end"], found["field"],
        found["at_tag"], found["page"],
    )  # fmt: skip


def completed(prepared: bytes, *, start: int, end: int, cms: bytes) -> bytes:
    """Return the signed PDF: the signature (DER) in the place kept for it.

    Raises Refusal("signature_size") when it is longer than the place.
    """
    digits = cms.hex().upper().encode()
    room = end - start - 2
    if len(digits) > room:
        raise Refusal(
            "signature_size",
            f"Chữ ký trả về quá lớn ({len(cms)} byte, chỗ dành sẵn {room // 2} byte). Hãy bớt các "
            "chứng thư trung gian kèm theo.",
        )
    return prepared[: start + 1] + digits.ljust(room, b"0") + prepared[end - 1 :]


def look_pdf(lines: Sequence[str], *, at: datetime) -> bytes:
    """Return the picture of a signature as PDF, in our own font."""
    data: Mapping[str, object] = {"lines": list(lines), "size": SIZE}
    return pdf(LAYOUT, data, made_at=at)


def child(*arguments: str, folder: Path, bounds: Bounds = PREPARE) -> None:
    """Run one command of `program` in a folder; raise Refusal when it says why not."""
    code = run_bounded([*PROGRAM, *arguments], folder=folder, bounds=bounds)
    if code:
        raise Refusal(*REASONS.get(code, REASONS[11]), field="file")
