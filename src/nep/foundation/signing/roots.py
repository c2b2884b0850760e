"""The folder of roots and revocation lists, examined for `nep doctor`. Needs the extra `sign`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from asn1crypto import crl, pem, x509

from nep.kernel.vietnamese import date_text, local

CERTIFICATES, LISTS = {".pem", ".crt", ".cer", ".der"}, {".crl"}


def faults(folder: Path, *, at: datetime) -> Iterator[tuple[str, str]]:
    """Yield (file name, sentence) of what in the folder does not help to trust anybody."""
    count = 0
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        end = path.suffix.lower()
        if end not in CERTIFICATES | LISTS:
            continue
        try:
            found = _read(path, is_list=end in LISTS)
        except ValueError:
            yield path.name, "không đọc được nên bị bỏ qua khi kiểm tra chữ ký"
            continue
        count += end in CERTIFICATES
        for one in found:
            if said := _said(one, at):
                yield path.name, said
    if not count:
        yield folder.name, "không có chứng thư nào, mọi chữ ký sẽ bị coi là chưa tin được"


def _read(path: Path, *, is_list: bool) -> list[x509.Certificate | crl.CertificateList]:
    data = path.read_bytes()
    ders = (
        [der for _kind, _heads, der in pem.unarmor(data, multiple=True)]
        if pem.detect(data)
        else [data]
    )
    kind = crl.CertificateList if is_list else x509.Certificate
    found = [kind.load(der, strict=True) for der in ders]
    for one in found:
        one.native  # noqa: B018  # reads it to the end
    return found


def _said(one: x509.Certificate | crl.CertificateList, at: datetime) -> str:
    if isinstance(one, x509.Certificate):
        if one.not_valid_after < at:
            return f"chứng thư đã hết hạn ngày {date_text(local(one.not_valid_after).date())}"
        return ""
    end = one["tbs_cert_list"]["next_update"].native
    if end is not None and end < at:
        return f"danh sách thu hồi đã cũ, phải thay trước ngày {date_text(local(end).date())}"
    return ""
