"""What must hold of every version of a procedure; `nep doctor` asks."""

import json
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from nep.apps.procedures.models import Definition, DefinitionEdit, SharedTthc, Tthc
from nep.apps.procedures.rules.beside import read_beside
from nep.apps.procedures.rules.carried import read_carried
from nep.apps.procedures.rules.draft import hash_of, read_graph, read_table
from nep.apps.procedures.rules.paper import read_paper
from nep.apps.work.queries import item_states
from nep.foundation.db.doctor import Finding, invariant

SOURCE = "procedure_revision"


def contents_of_revisions() -> dict[int, tuple[str, Decimal | None, str, str]]:
    """Return (content hash, limit, its unit or "" without a limit, pause policy) by revision."""
    rows = Definition.objects.values_list(
        "revision_id", "content_hash", "limit_amount", "limit_unit", "pause_policy"
    )
    return {
        revision_id: (digest, amount, unit if amount is not None else "", policy)
        for revision_id, digest, amount, unit, policy in rows
    }


@invariant("procedure_content", "Quy trình khớp mã băm đã phê duyệt")
def contents() -> Iterator[Finding]:
    """Find versions whose graph, limit or policy is not what their hash was made from."""
    rows = Definition.objects.select_related("revision", "revision__document").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        revision = row.revision
        record = f"quy trình {revision.document.code} lần {revision.issue}/{revision.amendment}"
        try:
            process, table = read_graph(row.graph), read_table(row.graph)
            carried, paper = read_carried(row.carried), read_paper(row.paper)
            beside = read_beside(row.beside)
        except (ValueError, KeyError, TypeError, json.JSONDecodeError) as error:
            yield Finding("procedure_unreadable", record, f"không đọc được sơ đồ: {error}")
            continue
        found = hash_of(
            process=process, limit_amount=row.limit_amount, limit_unit=row.limit_unit,
            pause_policy=row.pause_policy, carried=carried, paper=paper,
        )  # fmt: skip
        if found != row.content_hash:
            yield Finding("procedure_changed", record, "nội dung khác mã băm")
        if revision.state not in {"draft", "dropped"} and revision.content_hash not in {
            "", row.content_hash
        }:  # fmt: skip
            yield Finding("procedure_changed", record, "mã băm khác bản đã trình")
        for step in carried.keys() - {step.id for step in table.steps}:
            yield Finding(
                "procedure_carried", record, f"dữ liệu kèm bước {step} không có trong bảng"
            )
        for name in sorted(beside.lost_names(process)):
            yield Finding(
                "procedure_beside", record, f"phần kèm theo của “{name}” không còn hình trên sơ đồ"
            )
        if row.step_count != len(table.tasks):
            yield Finding("procedure_steps", record, "số bước ghi kèm khác bảng bước")


@invariant("procedure_edits", "Nhật ký sửa bản thảo đủ và hoàn tác được")
def edits() -> Iterator[Finding]:
    """Find versions without their last edit, and undo that leads to an edit that is not kept."""
    last: dict[int, tuple[int, int, int]] = {}
    kept: dict[int, set[int]] = {}
    is_bare = ExpressionWrapper(Q(before=None), output_field=BooleanField())
    rows = (
        DefinitionEdit.objects.annotate(is_bare=is_bare)
        .order_by("definition_id", "version")
        .values_list("definition_id", "version", "next_undo", "next_redo", "is_bare")
    )
    for definition, version, undo, redo, bare in rows.iterator(chunk_size=1000):
        last[definition] = (version, undo, redo)
        if not bare:
            kept.setdefault(definition, set()).add(version)
    versions = Definition.objects.values_list("pk", "version", "revision__document__code")
    for pk, version, code in versions.iterator(chunk_size=1000):
        found, undo, redo = last.get(pk, (0, 0, 0))
        if found != version:
            yield Finding("procedure_edits", f"quy trình {code}", "thiếu lần sửa cuối của bản thảo")
        if {undo, redo} - {0} - kept.get(pk, set()):
            yield Finding("procedure_edits", f"quy trình {code}", "hoàn tác tới chỗ không còn lưu")


@invariant(
    "procedure_published", "Thủ tục khớp mã với danh mục; dùng chung quy trình trong một cơ quan"
)
def published() -> Iterator[Finding]:
    """Find TTHC bound to an entry of another code, and procedures shared across agencies."""
    bound = Tthc.objects.filter(entry__isnull=False).exclude(code=F("entry__code"))
    for code, entry in bound.values_list("code", "entry__code").iterator():
        yield Finding("tthc_entry", f"thủ tục {code}", f"ghép với mã {entry} của danh mục")
    strays = SharedTthc.objects.exclude(
        agency_id=F("procedure__agency_id"), tthc__agency_id=F("procedure__agency_id")
    )
    for pk in strays.values_list("pk", flat=True):
        yield Finding("tthc_shared", f"dùng chung {pk}", "thủ tục và quy trình khác cơ quan")


@invariant("procedure_items", "Việc mở của quy trình thuộc về lần ban hành đang chờ")
def items() -> Iterator[Finding]:
    """Find open items of revisions that wait for nobody, and waiting revisions without an item."""
    waiting = dict(
        Definition.objects.exclude(item_id=None).values_list("item_id", "revision__document__code")
    )
    open_ = {item.id: item for item in item_states(source_type=SOURCE) if item.is_open}
    for pk in set(open_) - set(waiting):
        yield Finding("procedure_items", f"việc {pk}", "không thuộc lần ban hành nào đang chờ")
    for item, code in waiting.items():
        if item in open_:
            continue
        yield Finding("procedure_items", f"quy trình {code}", "đang chờ mà không có việc mở")
