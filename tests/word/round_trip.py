"""What is read from a Word file, written out as the controlled paper, and read again."""

from nep.apps.procedures.queries._printed import paper_blocks, section_words
from nep.apps.procedures.queries._tthc import Paper, TthcFacts
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.importing import Origin, draft_of, origin_of
from nep.apps.procedures.rules.word import ImportedFile, read_procedures
from nep.foundation.printing.controlled import Controlled, controlled_docx
from nep.foundation.printing.cover import Cover, RevisionRow, Signer

FIELDS = ("name", "note", "limit", "untimed", "forms", "after", "branches", "group", "question")
FACTS = ("responsible", "ask", "section")


def drafted(read: ImportedFile, place: int) -> tuple[Origin, Draft]:
    """Return what a file says of a procedure, its code confirmed, and the draft of it."""
    code = read.procedures[place].tthc_code
    origin = origin_of(read, place, confirmed_code=code)
    draft = draft_of(read.procedures[place], process_id="qt-1", mapping={}, paper=origin.paper)
    return origin, draft


def written(origin: Origin, draft: Draft) -> bytes:
    """Return the procedure as the Word file that the product hands out, without its diagram."""
    return controlled_docx(printed(origin, draft))


def printed(origin: Origin, draft: Draft) -> Controlled:
    """Return the paper that the product prints of a procedure, without its diagram."""
    quantities = origin.quantities or [(1, 0)] * len(origin.papers)
    papers = tuple(
        Paper(number, number, name, *quantity, True)
        for number, (name, quantity) in enumerate(zip(origin.papers, quantities, strict=True))
    )
    facts = TthcFacts(
        id=1, agency_id=1, code=origin.tthc_code, name=origin.name, field="", is_internal=False,
        limit_amount=None, limit_unit="", result="", fee=origin.fee,
        legal_basis=origin.legal_basis, version=1, papers=papers,
    )  # fmt: skip
    code = origin.document_code or "QT-01"
    signers = draft.paper.signers or (("Phan Thị Lan", "Chuyên viên"),) * 3
    cover = Cover(
        above="Ủy ban nhân dân tỉnh Lam Sơn", issuer="Sở Tư pháp tỉnh Lam Sơn",
        kind="Quy trình giải quyết công việc", title=origin.name,
        facts=(("Mã hiệu", code), ("Lần ban hành", "Lần 01"), ("Ngày ban hành", "05/02/2026")),
        signers=tuple(
            Signer(part, name, post, "05/02/2026", "Xác nhận trên hệ thống")
            for part, (name, post) in zip(("Soạn thảo", "Xem xét", "Phê duyệt"), signers, strict=True)
        ),
        revisions=(RevisionRow("lần 01", "05/02/2026", "Ban hành lần đầu", "Phan Thị Lan"),),
        recipients=tuple(place for place, _note in draft.paper.recipients),
        place="Lam Sơn, tháng 02 năm 2026",
    )  # fmt: skip
    words = section_words(draft, facts, title=origin.name)
    blocks = tuple(paper_blocks(draft, facts, words, {}, variant=origin.variant))
    running = (("Mã hiệu", code), ("Lần ban hành", "01, sửa đổi 00"))
    return Controlled(cover, running, blocks)


def lost(read: ImportedFile, place: int) -> list[str]:
    """Return what a procedure of a file lost on its way out and in again, [] when nothing."""
    origin, draft = drafted(read, place)
    again = read_procedures(written(origin, draft), file="xuat-ra.docx")
    if len(again.procedures) != 1:
        return [f"{len(again.procedures)} procedures"]
    origin_again, draft_again = drafted(again, 0)
    told = [
        f"{name}: {getattr(origin, name)!r} → {getattr(origin_again, name)!r}"
        for name in ("tthc_code", "name", "variant", "papers")
        if getattr(origin, name) != getattr(origin_again, name)
    ]
    return told + _steps(draft, draft_again) + _words(draft, draft_again)


def _steps(one: Draft, other: Draft) -> list[str]:
    old, new = one.table.steps, other.table.steps
    told = [f"{len(old)} steps → {len(new)}"] if len(old) != len(new) else []
    for number, (left, right) in enumerate(zip(old, new, strict=False), start=1):
        pairs = [(name, getattr(left, name), getattr(right, name)) for name in FIELDS]
        pairs += [(name, left.fact(name), right.fact(name)) for name in FACTS]
        told += [f"{number} {name}: {was!r} → {now!r}" for name, was, now in pairs if was != now]
    if (one.limit_amount, one.limit_unit) != (other.limit_amount, other.limit_unit):
        told.append(f"limit {one.limit_amount} {one.limit_unit} → {other.limit_amount}")
    return told


def _words(one: Draft, other: Draft) -> list[str]:
    paper, again = one.paper, other.paper
    keys = [key for key in paper.sections if key != "papers"]
    told = [key for key in keys if paper.text(key) != again.text(key)]
    if paper and paper.signers != again.signers:
        told.append("signers")
    places = [place for place, _note in paper.recipients]
    if paper and places != [place for place, _note in again.recipients]:
        told.append("recipients")
    return told
