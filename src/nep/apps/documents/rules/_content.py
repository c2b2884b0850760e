"""The seal of what is approved: the bytes, the cover and the forms that go with it."""

import hashlib
from collections.abc import Sequence

SEAL = 2


def content_hash(
    *,
    file_sha256: str,
    code: str,
    title: str,
    issue: str,
    amendment: str,
    form_hashes: Sequence[str] = (),
    pdf_sha256: str = "",
    seal: int = SEAL,
) -> str:
    """Return the SHA-256 (64 hex digits) over a document's bytes, its cover and its forms.

    `pdf_sha256` is that of the PDF laid beside the original, "" without one. Seals of edition 1,
    before the hash covered that PDF, keep their value. The order of the forms does not matter.
    Source: ISO 9001:2015 điều 7.5.2, 7.5.3.2 c).
    """
    files = (file_sha256,) if seal == 1 else (file_sha256, pdf_sha256)
    parts = (f"tài liệu {seal}", *files, code, title, issue, amendment, *sorted(form_hashes))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
