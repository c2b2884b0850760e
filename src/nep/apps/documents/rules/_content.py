"""The seal of what is approved: the bytes, the cover and the forms that go with it."""

import hashlib
from collections.abc import Sequence


def content_hash(
    *,
    file_sha256: str,
    code: str,
    title: str,
    issue: str,
    amendment: str,
    form_hashes: Sequence[str] = (),
) -> str:
    """Return the SHA-256 (64 hex digits) over a document's bytes, its cover and its forms.

    The order of the forms does not matter. Source: ISO 9001:2015 điều 7.5.2, 7.5.3.2 c).
    """
    parts = ("tài liệu 1", file_sha256, code, title, issue, amendment, *sorted(form_hashes))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
