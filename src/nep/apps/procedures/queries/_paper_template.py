"""The agency's Word template, the tags it may have, and a file to start from."""

from dataclasses import dataclass
from datetime import datetime

from nep.apps.organization import queries as organization
from nep.apps.procedures.models import PaperTemplate
from nep.apps.procedures.rules.paper import CONTENT_HEAD, SECTIONS, STEPS_HEAD
from nep.apps.procedures.rules.template_tags import ALL_TAGS, SECTION_TAGS
from nep.foundation.files import queries as files
from nep.foundation.printing.controlled import Controlled, controlled_docx
from nep.foundation.printing.cover import Cover, Signer
from nep.foundation.printing.paper import Line, bold, line
from nep.foundation.printing.tags import SIGNATURES, TABLES, TEXTS
from nep.kernel.errors import NotFound

_LISTS = {"definitions": "dinh_nghia", "papers": "thanh_phan_ho_so", "forms": "bieu_mau",
          "records": "ho_so_luu"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """The template in use: its file, who brought it and when."""

    name: str
    person: str
    at: datetime
    version: int


def paper_template(agency_id: int) -> TemplateFacts | None:
    """Return the agency's template, None while the product's paper is used."""
    row = PaperTemplate.objects.filter(agency_id=agency_id).select_related("file").first()
    if row is None:
        return None
    names = organization.person_names([row.person_id])
    return TemplateFacts(row.file.name, names.get(row.person_id, ""), row.at, row.version)


def paper_template_file(agency_id: int) -> bytes:
    """Return the bytes of the agency's template. Raises NotFound."""
    row = PaperTemplate.objects.filter(agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    return files.read(row.file_id)


def template_tags() -> tuple[tuple[str, str], ...]:
    """Return every tag a template may have with what stands in its place."""
    known = {**TEXTS, **ALL_TAGS, **TABLES, **SIGNATURES}
    return tuple((f"{{{{{name}}}}}", words) for name, words in known.items())


def starting_template() -> bytes:
    """Return a Word file with every tag in the order of the product's own paper."""
    parts = (
        ("Soạn thảo", "soan"), ("Xem xét", "xem_xet"), ("Phê duyệt", "phe_duyet"),
    )  # fmt: skip
    cover = Cover(
        above="Cơ quan cấp trên", issuer="{{co_quan}}", kind="Quy trình", title="{{ten_tai_lieu}}",
        facts=(
            ("Mã hiệu", "{{ma_hieu}}"), ("Lần ban hành", "{{lan_ban_hanh}}"),
            ("Lần sửa đổi", "{{lan_sua_doi}}"), ("Ngày ban hành", "{{ngay_ban_hanh}}"),
        ),
        signers=tuple(
            Signer(words, _tag(f"nguoi_{key}"), _tag(f"chuc_vu_{key}"), _tag(f"ngay_{key}"),
                   _tag(f"chu_ky:{key}"))
            for words, key in parts
        ),
        revisions=(), recipients=(), place="",
    )  # fmt: skip
    running = (("Mã hiệu", "{{ma_hieu}}"), ("Ngày hiệu lực", "{{ngay_hieu_luc}}"))
    return controlled_docx(Controlled(cover, running, tuple(_lines())), has_sheets=False)


def _tag(name: str) -> str:
    return f"{{{{{name}}}}}"


def _lines() -> list[Line]:
    tags = {key: tag for tag, key in SECTION_TAGS.items()} | _LISTS
    made = [
        line(bold("BẢNG THEO DÕI SỬA ĐỔI"), align="center"), line("{{bang_sua_doi}}"),
        line(bold("DANH SÁCH PHÂN PHỐI"), align="center"), line("{{danh_sach_phan_phoi}}"),
    ]  # fmt: skip
    for head in SECTIONS:
        if head.key == "basis":
            made.append(line(bold(CONTENT_HEAD), level=1, align="left"))
        if head.key == "forms":
            made += [line(bold(STEPS_HEAD.printed), level=2, align="left")]
            made += [line("Tên thủ tục: {{ten_thu_tuc}} (Mã TTHC: {{ma_thu_tuc}})")]
            made += [line("{{bang_buoc}}")]
        made.append(line(bold(head.printed), level=2 if "." in head.number else 1, align="left"))
        made.append(line(_tag(tags[head.key])))
    return [*made, line(bold("PHỤ LỤC: LƯU ĐỒ"), level=1, align="center"), line("{{luu_do}}")]
