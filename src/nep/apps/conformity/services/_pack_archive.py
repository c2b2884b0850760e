"""The archive of an evidence pack, written piece by piece: no more of it is in memory than a block."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from nep.apps.conformity.models import EvidencePack, PackFile
from nep.apps.conformity.queries import pack_points
from nep.apps.conformity.rules import pack as law
from nep.apps.conformity.services._pack_index import STYLE, index_html, index_pdf
from nep.foundation.files import queries as files
from nep.kernel.errors import NotFound, Refusal

_CHECKER = Path(__file__).with_name("_pack_checker.py")
_BLOCK = 1_000_000


def write_archive(
    out: BinaryIO, *, head: law.Head, row: EvidencePack, kept: list[PackFile]
) -> None:
    """Write the archive: the manifest, the index, the checker, every file.

    Files are packed as they are: PDF, Word and Excel are pressed already. Raises
    Refusal("pack_file_damaged") when the bytes of a file are not those that were written down.
    """
    own = _own(head, row, kept)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, data in own.items():
            archive.writestr(_named(path, head), data, zipfile.ZIP_DEFLATED)
        for one in kept:
            _copy(archive, head, one)


def _own(head: law.Head, row: EvidencePack, kept: list[PackFile]) -> Mapping[str, bytes]:
    """Return the pack's own files by path, the manifest first."""
    points = pack_points()
    entries = [law.Entry(one.point, one.path, one.title, one.sha256, one.size) for one in kept]
    said = law.Said(row.statements, tuple(law.LeftOut(**one) for one in row.left_out))
    made = {
        law.INDEX_HTML: ("Mục lục", index_html(head, points, said, entries)),
        law.INDEX_STYLE: ("Kiểu chữ của mục lục", STYLE.encode()),
        law.INDEX_PDF: ("Mục lục, bản in", index_pdf(head, points, said, entries)),
        law.CHECKER: ("Chương trình kiểm tra gói", _CHECKER.read_bytes()),
    }
    listed = [
        law.Entry("", path, title, hashlib.sha256(data).hexdigest(), len(data))
        for path, (title, data) in made.items()
    ]
    told = law.manifest(head, points, said, [*listed, *entries])
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return {law.MANIFEST: text.encode(), **{path: data for path, (_, data) in made.items()}}


def _copy(archive: zipfile.ZipFile, head: law.Head, one: PackFile) -> None:
    """Copy a file out of the store, and see that it is whole."""
    told = _named(one.path, head)
    told.file_size, digest = one.size, hashlib.sha256()
    try:
        with files.opened(one.stored_id) as source, archive.open(told, "w") as target:
            while block := source.read(_BLOCK):
                digest.update(block)
                target.write(block)
    except NotFound:
        digest = hashlib.sha256()
    if digest.hexdigest() != one.sha256:
        raise Refusal(
            "pack_file_damaged",
            f"Tệp “{one.title}” trên máy chủ đã mất hoặc bị hỏng. Quản trị cần khôi phục từ bản sao "
            "lưu, rồi lập lại gói.",
        )


def _named(path: str, head: law.Head) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(path, date_time=head.made_at.timetuple()[:6])
