"""What the signatures of a PDF are worth: whole, by whom, when, under which root, changed since."""

import hashlib
import json
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nep.foundation.printing.office_bounds import Bounds, NotMade, own_folder
from nep.foundation.printing.stamp import is_signed
from nep.foundation.signing.preparing import child, require_installed
from nep.kernel.errors import Refusal, TooMany
from nep.kernel.vietnamese import date_text, local

VERIFY = Bounds(seconds=30, memory=800_000_000, disk=300_000_000, processes=4)
AT_ONCE, PATIENCE = 2, 20
NONE, VALID, UNTRUSTED, INVALID = "none", "valid", "untrusted", "invalid"
VERDICTS = {
    NONE: "Tệp không có chữ ký số",
    VALID: "Chữ ký số hợp lệ",
    UNTRUSTED: "Chữ ký còn nguyên, chưa tin được người ký",
    INVALID: "Chữ ký số không hợp lệ",
}
PROBLEMS = {
    "no_roots": "Hệ thống chưa khai chứng thư gốc nào nên chưa kiểm được ai cấp chứng thư.",
    "unknown_root": "Chứng thư không do tổ chức nào mà hệ thống tin cậy cấp.",
    "expired": "Chứng thư đã hết hạn, và chữ ký không có dấu thời gian tin cậy từ trước đó.",
    "not_yet": "Chứng thư chưa có hiệu lực vào lúc được kiểm tra.",
    "revoked": "Chứng thư đã bị thu hồi.",
    "broken": "Nội dung tệp khác nội dung đã ký, hoặc chữ ký bị sửa.",
}
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a PDF. Moments carry a time zone; `problem` says why it is not trusted.

    `reach` is how many bytes of the file it covers; `is_supplied` says that after it only data for
    later examination came (certificates, revocation, a time stamp of the file).
    """

    field: str
    is_readable: bool = True
    fault: str = ""
    signer: str = ""
    subject: str = ""
    organization: str = ""
    issuer: str = ""
    serial: str = ""
    fingerprint: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    claimed_at: datetime | None = None
    judged_at: datetime | None = None
    stamped_at: datetime | None = None
    stamp_authority: str = ""
    stamp_is_trusted: bool = False
    stamp_is_broken: bool = False
    is_intact: bool = False
    is_trusted: bool = False
    is_whole: bool = False
    covers_revision: bool = False
    is_changed: bool = False
    is_supplied: bool = False
    reach: int = 0
    problem: str = ""
    algorithm: str = ""

    @property
    def verdict(self) -> str:
        """Return VALID, UNTRUSTED (intact, signer unknown) or INVALID."""
        if not (self.is_readable and self.is_intact and self.covers_revision):
            return INVALID
        if self.is_changed or self.stamp_is_broken:
            return INVALID
        return VALID if self.is_trusted else UNTRUSTED

    @property
    def level(self) -> str:
        """Return "B-T" with a time stamp, else "B-B"."""
        return "B-T" if self.stamped_at else "B-B"

    @property
    def problem_name(self) -> str:
        """Return why the signer is not trusted, in words; "" when trusted."""
        return PROBLEMS.get(self.problem, "")

    @property
    def at(self) -> datetime | None:
        """Return the stamped moment, else the one the signer claims."""
        return self.stamped_at or self.claimed_at

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what is to be known of it, a sentence each."""
        if not self.is_readable:
            return ("Không đọc được chữ ký này: dữ liệu hỏng hoặc dạng lạ.",)
        return tuple(filter(None, (self._content(), self._trust(), self._time())))

    def _content(self) -> str:
        if not self.is_intact:
            return PROBLEMS["broken"]
        if self.is_changed or not self.covers_revision:
            return "Sau khi ký, tệp đã bị thêm hoặc đổi nội dung."
        if self.is_whole:
            return "Nội dung nguyên vẹn; chữ ký phủ toàn bộ tệp."
        if self.is_supplied:
            return "Nội dung nguyên vẹn; sau chữ ký chỉ có thêm dữ liệu phục vụ kiểm tra."
        return "Nội dung nguyên vẹn; sau chữ ký này chỉ có thêm chữ ký khác."

    def _trust(self) -> str:
        if self.is_trusted:
            return f"Chứng thư do “{self.issuer}” cấp, còn hạn vào lúc được kiểm tra."
        if not self.is_intact:
            return ""
        said = PROBLEMS.get(self.problem, PROBLEMS["unknown_root"])
        if self.problem == "expired" and self.valid_to:
            return f"{said} Hạn đến {date_text(local(self.valid_to).date())}."
        return said

    def _time(self) -> str:
        if self.stamp_is_broken:
            return "Dấu thời gian không khớp với chữ ký."
        if self.stamped_at is None:
            return "Không có dấu thời gian: giờ ký là giờ của máy người ký."
        how = "" if self.stamp_is_trusted else " (chưa kiểm được ai cấp dấu)"
        return f"Dấu thời gian của “{self.stamp_authority}”{how}."


@dataclass(frozen=True, slots=True)
class Verification:
    """What a PDF says of its signatures; `sha256` is of the whole file."""

    sha256: str
    signatures: tuple[Signature, ...]
    is_lax: bool = False

    @property
    def verdict(self) -> str:
        """Return the worst verdict of the signatures, NONE without any."""
        if not self.signatures:
            return NONE
        found = {one.verdict for one in self.signatures}
        return next(verdict for verdict in (INVALID, UNTRUSTED, VALID) if verdict in found)

    @property
    def verdict_name(self) -> str:
        """Return the verdict in words."""
        return VERDICTS[self.verdict]


def verify(document: bytes, *, roots: Path | None, at: datetime) -> Verification:
    """Examine every signature of a PDF, as of `at` where no trusted time stamp says otherwise.

    `roots` is a folder of root certificates and revocation lists; nothing is asked of a network.
    Raises Refusal for what is no PDF or cannot be opened or where the extra is absent, TooMany when the
    machine is busy with others.
    """
    if b"%PDF-" not in document[:1024]:
        raise Refusal("not_pdf", "Tệp này không phải PDF.", field="file")
    digest = hashlib.sha256(document).hexdigest()
    if not is_signed(document):
        return Verification(digest, ())
    require_installed()
    if not _places.acquire(timeout=PATIENCE):
        raise TooMany("verify_busy", "Máy đang kiểm tra nhiều tệp khác. Xin thử lại sau ít phút.")
    try:
        with own_folder() as folder:
            (folder / "in.pdf").write_bytes(document)
            place = str(roots.resolve()) if roots is not None and roots.is_dir() else "-"
            child(
                "verify", "in.pdf", place, at.isoformat(), "out.json", folder=folder, bounds=VERIFY
            )
            said = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    except NotMade as reason:
        raise Refusal(reason.code, reason.message, field="file") from reason
    finally:
        _places.release()
    return Verification(digest, tuple(map(_signature, said["signatures"])), said["is_lax"])


def _signature(said: dict[str, Any]) -> Signature:
    moments = {"valid_from", "valid_to", "claimed_at", "judged_at", "stamped_at"}
    read: dict[str, Any] = {
        name: (datetime.fromisoformat(value) if value else None) if name in moments else value
        for name, value in said.items()
    }
    return Signature(**read)
