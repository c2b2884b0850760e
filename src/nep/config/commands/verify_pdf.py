"""Kiểm tra chữ ký số của một tệp PDF. Không cần cơ sở dữ liệu, không hỏi ra ngoài mạng."""

import argparse
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from nep.config.commands.reading import moment, read_file
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.signing.verifying import VALID, Signature, Verification, verify
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN, date_text, local


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("file", type=Path, metavar="TỆP.pdf")
    parser.add_argument(
        "--roots", type=Path, metavar="THƯ_MỤC",
        help="thư mục chứng thư gốc; không có thì dùng NEP_SIGN_ROOTS",
    )  # fmt: skip
    parser.add_argument("--at", type=moment, metavar="LÚC", help="xét vào lúc này thay vì bây giờ")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Print what the signatures are worth; 0 all valid and trusted, else 1."""
    roots = options.roots or (Path(told) if (told := os.environ.get("NEP_SIGN_ROOTS")) else None)
    if roots is not None and not roots.is_dir():
        raise Refusal("roots_missing", f"Không có thư mục chứng thư gốc “{roots}”.")
    try:
        found = verify(read_file(options.file), roots=roots, at=options.at or datetime.now(VN))
    except NotMade as reason:
        raise Refusal(reason.code, reason.message) from reason
    if options.json:
        print(json.dumps(_told(options.file.name, found), ensure_ascii=False, indent=1))
    else:
        _print(options.file.name, found)
    return 0 if found.verdict == VALID else 1


def _told(name: str, found: Verification) -> dict[str, Any]:
    return {
        "file": name,
        "sha256": found.sha256,
        "verdict": found.verdict,
        "signatures": [_one(signature) for signature in found.signatures],
    }


def _one(signature: Signature) -> dict[str, Any]:
    def iso(at: datetime | None) -> str | None:
        return local(at).isoformat() if at else None

    return {
        "field": signature.field,
        "verdict": signature.verdict,
        "signer": signature.signer,
        "subject": signature.subject,
        "issuer": signature.issuer,
        "serial": signature.serial,
        "level": signature.level,
        "signed_at": iso(signature.claimed_at),
        "stamped_at": iso(signature.stamped_at),
        "stamp_authority": signature.stamp_authority,
        "intact": signature.is_intact,
        "whole_file": signature.is_whole,
        "changed_after": signature.is_changed,
        "trusted": signature.is_trusted,
        "problem": signature.problem,
        "valid_to": iso(signature.valid_to),
    }


def _print(name: str, found: Verification) -> None:
    print(f"{name}: {found.verdict_name}")
    print(f"  SHA-256 {found.sha256}")
    for number, one in enumerate(found.signatures, start=1):
        at = local(one.at) if one.at else None
        when = f", {at:%H:%M:%S} {date_text(at.date())}" if at else ""
        print(f"  {number}. {one.signer or 'không rõ người ký'}{when} ({one.level})")
        for sentence in one.sentences:
            print(f"     - {sentence}")
