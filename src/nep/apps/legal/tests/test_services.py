"""The register and its clock through the services."""

from datetime import date, timedelta

import pytest

from nep.apps.legal import ports, queries, services
from nep.apps.legal.models import Citation, ExternalDocument, LegalReview
from nep.apps.legal.queries import RegisterFilter
from nep.apps.legal.tests import make
from nep.apps.organization.tests.scene import NOW
from nep.foundation.printing import xlsx
from nep.foundation.printing.sheet import SheetColumn
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

TODAY = NOW.date()


class Tasks:
    """A worklist in memory."""

    def __init__(self):
        self.opened: dict[int, dict] = {}
        self.closed: list[int] = []

    def open(self, **what):
        self.opened[len(self.opened) + 1] = what
        return len(self.opened)

    def close(self, *, item_id, at, by_id, done):
        self.closed.append(item_id)


@pytest.fixture(autouse=True)
def tasks(monkeypatch):
    kept = Tasks()
    monkeypatch.setattr(ports, "_tasks", kept)
    return kept


def found(agency, query="", **more):
    page = queries.register(
        actor=agency.actor("lan"), filter=RegisterFilter(query=query, **more), today=TODAY
    )
    return [line.number for line in page.lines]


def test_only_who_manages_the_register_writes_in_it(agency):
    with pytest.raises(Forbidden):
        services.external_add(actor=agency.actor("lan"), values=make.values(), now=NOW)
    assert not ExternalDocument.objects.exists()


def test_one_symbol_of_one_issuer_stands_once(agency, other_agency):
    make.external(agency)
    with pytest.raises(Refusal, match="118/2025/NĐ-CP"):
        make.external(agency, number="118 / 2025 / NĐ-CP")
    services.external_add(actor=other_agency.actor("thu2"), values=make.values(), now=NOW)

    assert ExternalDocument.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("12/QĐ-UBND", ["12/QĐ-UBND"]),
        ("12/qd-ubnd", ["12/QĐ-UBND"]),
        ("quy dinh thu tuc", ["12/QĐ-UBND"]),
        ("một cửa", ["118/2025/NĐ-CP"]),
        ("ubnd", ["112/QĐ-UBND", "12/QĐ-UBND"]),
        ("không có chữ này", []),
    ],
)
def test_a_text_is_found_by_its_exact_symbol_or_by_words_without_marks(agency, query, numbers):
    make.external(agency)
    make.external(agency, kind="decision", number="12/QĐ-UBND", title="Quy định thủ tục nội bộ",
                  issued_on=date(2026, 1, 5), effective_from=None, issuer="UBND tỉnh")  # fmt: skip
    make.external(agency, kind="decision", number="112/QĐ-UBND", title="Kế hoạch năm",
                  issued_on=date(2026, 2, 5), effective_from=None, issuer="UBND tỉnh")  # fmt: skip

    assert found(agency, query) == numbers


@pytest.mark.parametrize("state", ["in_force", "ending", "expired", "coming"])
def test_the_list_of_a_state_holds_what_the_rule_says(agency, state):
    days = {
        "A/1": (None, None), "A/2": (TODAY + timedelta(1), None),
        "A/3": (None, TODAY), "A/4": (None, TODAY - timedelta(1)),
        "A/5": (date(2026, 1, 1), TODAY + timedelta(61)),
        "A/6": (TODAY + timedelta(1), TODAY + timedelta(5)),
    }  # fmt: skip
    for number, (start, last) in days.items():
        make.external(agency, kind="guide", number=number, issued_on=None, effective_from=start,
                      expires_on=last)  # fmt: skip
    page = queries.register(
        actor=agency.actor("lan"), filter=RegisterFilter(state=state), today=TODAY
    )
    everything = queries.register(actor=agency.actor("lan"), filter=RegisterFilter(), today=TODAY)

    assert {line.number for line in page.lines} == {
        line.number for line in everything.lines if line.state == state
    }
    assert page.lines


def test_a_restricted_text_is_seen_by_who_manages_the_register(agency):
    id_ = make.external(agency, level="restricted")

    assert found(agency) == []
    with pytest.raises(NotFound):
        queries.external_page(actor=agency.actor("lan"), external_id=id_, today=TODAY)
    seen = queries.external_page(actor=agency.actor("thu"), external_id=id_, today=TODAY)
    assert seen.line.number == "118/2025/NĐ-CP"


def test_a_restricted_text_is_not_named_to_who_may_not_see_it(agency):
    make.cite(agency, make.external(agency, level="restricted"))

    def named(by):
        return len(
            queries.citations_of(
                agency_id=agency.agency_id, objects=[("document", 7)], today=TODAY,
                actor=agency.actor(by),
            ).lines
        )  # fmt: skip

    assert (named("huy"), named("thu"), named("ha")) == (0, 1, 1)


def test_a_citation_stands_once_and_is_taken_back(agency, other_agency):
    id_ = make.external(agency)
    assert make.cite(agency, id_) == make.cite(agency, id_, label="QT-07 Kiểm soát tài liệu")
    with pytest.raises(NotFound):
        make.cite(other_agency, id_)
    cited = queries.citations_of(agency_id=agency.agency_id, objects=[("document", 7)], today=TODAY)
    services.uncite(actor=agency.actor("lan"), external_id=id_, object_type="document",
                    object_id=7, now=NOW)  # fmt: skip

    assert [one.label for one in cited.lines] == ["QT-07 Kiểm soát tài liệu"]
    assert not Citation.objects.exists()


def test_what_names_an_ended_text_is_warned_and_the_secretary_gets_the_list(agency, tasks):
    id_ = make.external(agency)
    make.cite(agency, id_, 7, label="QT-07 Kiểm soát tài liệu")
    make.cite(agency, id_, 8, label="BM-07.01 Phiếu yêu cầu")
    new = make.external(agency, number="200/2026/NĐ-CP", issued_on=date(2026, 12, 1),
                        effective_from=date(2026, 12, 5))  # fmt: skip
    services.external_replace(
        actor=agency.actor("thu"), external_id=id_, new_id=new, on=date(2026, 12, 5),
        reason="Điều 40 khoản 2", now=NOW,
    )  # fmt: skip
    services.reviews_open_due(now=NOW)
    again = services.reviews_open_due(now=NOW)
    warned = queries.citations_of(
        agency_id=agency.agency_id, objects=[("document", 7)], today=TODAY
    )
    expiry = next(one for one in tasks.opened.values() if "hết hiệu lực" in one["title"])
    page = queries.register(actor=agency.actor("lan"), filter=RegisterFilter(), today=TODAY)

    assert warned.warning == "Đang viện dẫn văn bản đã hết hiệu lực: 118/2025/NĐ-CP."
    assert again == 0
    assert expiry["detail"] == "BM-07.01 Phiếu yêu cầu; QT-07 Kiểm soát tài liệu"
    assert {row.kind: row.due_on for row in LegalReview.objects.all()} == {
        "change": date(2027, 3, 5), "expiry": date(2027, 3, 4), "periodic": date(2026, 12, 31),
    }  # fmt: skip
    assert page.headline == "1 văn bản đã hết hiệu lực vẫn đang được viện dẫn"


def test_a_review_is_closed_with_a_result_once(agency, other_agency, tasks):
    make.external(agency, follow=True)
    row = LegalReview.objects.get()

    def record(result="updated", note="Sửa QT-07 lần 03", by=agency.actor("thu")):
        services.review_record(actor=by, review_id=row.id, result=result, note=note, now=NOW)

    with pytest.raises(Refusal, match="tài liệu nào"):
        record(note="")
    with pytest.raises(NotFound):
        record(by=other_agency.actor("thu2"))
    record()
    with pytest.raises(Conflict):
        record()
    assert tasks.closed == [row.item_id]
    assert LegalReview.objects.get().result == "updated"


def test_a_cited_text_is_not_taken_out_of_the_register(agency):
    id_ = make.external(agency)
    make.cite(agency, id_)
    with pytest.raises(Refusal, match="1 nơi"):
        services.external_withdraw(
            actor=agency.actor("thu"), external_id=id_, reason="Ghi nhầm văn bản", now=NOW
        )
    services.uncite(actor=agency.actor("lan"), external_id=id_, object_type="document",
                    object_id=7, now=NOW)  # fmt: skip
    services.external_withdraw(
        actor=agency.actor("thu"), external_id=id_, reason="Ghi nhầm văn bản", now=NOW
    )

    assert found(agency) == []
    assert found(agency, state="withdrawn") == ["118/2025/NĐ-CP"]


def test_texts_never_replace_each_other_in_a_ring(agency):
    one, two = make.external(agency), make.external(agency, number="2/2026/NĐ-CP")
    services.external_replace(actor=agency.actor("thu"), external_id=one, new_id=two,
                              on=date(2027, 1, 1), reason="Điều 40", now=NOW)  # fmt: skip
    with pytest.raises(Refusal) as ring:
        services.external_replace(actor=agency.actor("thu"), external_id=two, new_id=one,
                                  on=date(2027, 6, 1), reason="Điều 40", now=NOW)  # fmt: skip
    assert ring.value.code == "replaced_in_a_ring"


def test_who_comes_second_with_a_change_is_told(agency):
    id_ = make.external(agency)
    for version in (1, 2):
        services.external_change(
            actor=agency.actor("thu"), external_id=id_, version=version, now=NOW,
            values=make.values(note=f"lần {version}"),
        )  # fmt: skip
    with pytest.raises(Conflict):
        services.external_change(
            actor=agency.actor("thu"), external_id=id_, version=2, values=make.values(), now=NOW
        )


HEADS = ("Loại văn bản", "Số, ký hiệu", "Trích yếu", "Ngày ban hành", "Ngày có hiệu lực")


def sheet(*rows):
    columns = tuple(SheetColumn(head, "date" if "Ngày" in head else "text") for head in HEADS)
    return xlsx([("Danh mục", columns, rows)])


def test_a_spreadsheet_is_tried_first_then_written_and_repeats_without_doubles(agency):
    data = sheet(
        ("Nghị định", "118/2025/NĐ-CP", "Một cửa", "09/06/2025", "01/07/2025"),
        ("", "12/2026/TT-BNV", "Hướng dẫn lưu trữ", date(2026, 1, 2), ""),
        ("Nghị định", "3/2026/NĐ-CP", "", "", ""),
        ("Nghị định", "4/2026/NĐ-CP", "Ngày sai", "32/01/2026", ""),
    )

    def run(*, is_dry):
        report = services.register_import(
            actor=agency.actor("thu"), name="dm.xlsx", data=data, is_dry=is_dry, now=NOW
        )
        return [row.outcome for row in report.rows]

    assert run(is_dry=True) == ["created", "created", "refused", "refused"]
    assert not ExternalDocument.objects.exists()
    assert run(is_dry=False) == ["created", "created", "refused", "refused"]
    assert run(is_dry=False) == ["unchanged", "unchanged", "refused", "refused"]
    assert ExternalDocument.objects.get(number="12/2026/TT-BNV").kind == "circular"


def test_a_spreadsheet_without_the_columns_is_refused(agency):
    data = xlsx([("x", (SheetColumn("A"), SheetColumn("B")), [("1", "2")])])
    with pytest.raises(Refusal, match="Trích yếu"):
        services.register_import(
            actor=agency.actor("thu"), name="x.xlsx", data=data, is_dry=True, now=NOW
        )
