"""The words of the library: the index finds what a look at every document finds."""

import re
import unicodedata

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document
from nep.apps.documents.queries import _library as library
from nep.apps.documents.tests.make import secretary
from nep.apps.organization.tests.scene import NOW
from nep.kernel.text import fold

TODAY = NOW.date()
TITLES = (
    "Kiểm soát tài liệu nội bộ", "Kiểm kê tài sản", "Xử lý điểm không phù hợp",
    "Đánh giá chất lượng (nội bộ)", "Sổ theo dõi: văn bản đến, đi", "Hòa giải, thủy lợi",
    "Biên bản QT-05.1/2026 “mẫu”", "Kế hoạch 7.5*[a] năm 2026", "",
)  # fmt: skip
TAGS = ((), ("an toàn",), ("bức xạ", "đo lường"))
WORDS = st.sampled_from(
    ["kiểm", "KIEM", "ke", "soát", "hoà", "thuỷ", "noi", "bo)", "(noi", "đi", "qt-05", "qt", "05.1",
     "05", "7.5", "7.5*[a]", "“mẫu”", "#an-toan", "xạ", "k", "2026", "hoach 7", "o", "*", "x_1",
     "%", "tài liệu", "đến,"]
)  # fmt: skip


def add(agency, number: int, title: str, tags=(), **changes) -> Document:
    code = f"QT-{number:02d}"
    row = Document.objects.create(
        agency_id=agency.agency_id, kind="other", code=code, code_key=code, title=title,
        folded=rules.search_form(code=code, title=title, tags=tags), tags=list(tags),
        created_at=NOW, changed_at=NOW, **changes,
    )  # fmt: skip
    for tag in tags:
        row.tag_marks.create(agency_id=agency.agency_id, mark=rules.tag_mark(tag))
    return row


def holds(row: Document, typed: str) -> bool:
    """Say whether every typed word stands in the text where a word begins."""
    text = f" {row.folded}"
    return all(
        re.search(("(?<![a-z0-9])" if word[0].isalnum() else "") + re.escape(word), text)
        for word in fold(typed).split()
    )


def found(agency, typed: str) -> set[str]:
    actor, wanted = agency.actor("lan"), queries.LibraryFilter.read({"q": typed})
    page = queries.library_page(actor=actor, filter=wanted, today=TODAY, limit=200, is_counted=True)
    assert page.count == len(page.lines)
    assert queries.library_count(actor=actor, filter=wanted, today=TODAY) == page.count
    return {line.code for line in page.lines}


def test_typed_words_find_what_a_look_at_every_document_finds(agency, other_agency, monkeypatch):
    rows = [add(agency, number, title, TAGS[number % 3]) for number, title in enumerate(TITLES * 3)]
    add(other_agency, 99, " ".join(TITLES))

    @settings(
        max_examples=80, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(
        st.lists(WORDS, min_size=1, max_size=3),
        st.sampled_from([(10_000, 400), (2, 400), (10_000, 1), (0, 400)]),
    )
    def agrees(words, bounds):
        monkeypatch.setattr(library, "_MANY", bounds[0])
        monkeypatch.setattr(library, "_COMMON", bounds[1])
        typed = " ".join(words)
        wanted = {row.code for row in rows if holds(row, typed)}
        assert found(agency, typed) == wanted
        assert found(agency, unicodedata.normalize("NFD", typed)) == wanted

    agrees()


def test_words_follow_every_change_of_a_document(agency):
    row = add(agency, 1, "Kiểm soát tài liệu")
    assert found(agency, "tai lieu") == {"QT-01"}

    Document.objects.filter(pk=row.pk).update(folded="qt 01 kiem soat ho so")
    assert found(agency, "tai lieu") == set()
    assert found(agency, "ho so") == {"QT-01"}

    row.delete()
    assert found(agency, "ho so") == set()


def test_words_are_looked_up_in_their_index(agency):
    """A migration that makes SQLite write the table anew would drop its triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'documents_word'")
            assert cursor.fetchone()[0] == 1
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = 'documents_document'")
        names = {row[0] for row in cursor.fetchall()}
    assert {f"documents_word_{name}" for name in ("added", "gone", "changed")} <= names


def test_a_tag_and_a_clause_narrow_what_words_found(agency):
    first = add(agency, 1, "Kiểm soát tài liệu", ("an toàn",))
    second = add(agency, 2, "Kiểm soát an toàn hồ sơ")
    for row in (first, second):
        row.clauses.create(agency_id=agency.agency_id, standard="ISO 9001:2015", clause="7.5")
    actor = agency.actor("lan")

    def codes(**values):
        wanted = queries.LibraryFilter.read(values)
        page = queries.library_page(actor=actor, filter=wanted, today=TODAY)
        return [line.code for line in page.lines]

    assert codes(the="an toàn") == ["QT-01"]
    assert codes(tc="ISO 9001:2015", dk="7.5", q="an toan") == ["QT-01", "QT-02"]
    assert codes(tc="ISO 9001:2015", dk="7.5", q="ho so") == ["QT-02"]
    assert codes(tc="ISO 9001:2015", dk="8.1", q="ho so") == []


def test_few_and_many_narrowings_find_the_same(agency, monkeypatch):
    for number in range(6):
        row = add(agency, number, "Kiểm soát" if number % 2 else "Hồ sơ")
        row.clauses.create(agency_id=agency.agency_id, standard="ISO 9001:2015", clause="7.5")
    wanted = queries.LibraryFilter.read({"q": "kiem", "tc": "ISO 9001:2015"})
    answers = []
    for few, many, common in ((500, 10_000, 400), (0, 10_000, 400), (0, 0, 400), (0, 0, 1)):
        monkeypatch.setattr(library, "_FEW", few)
        monkeypatch.setattr(library, "_MANY", many)
        monkeypatch.setattr(library, "_COMMON", common)
        page = queries.library_page(actor=agency.actor("lan"), filter=wanted, today=TODAY)
        answers.append([line.code for line in page.lines])

    assert answers == [["QT-01", "QT-03", "QT-05"]] * 4


def test_few_found_by_their_keys_go_on_page_by_page(agency):
    for number in range(5):
        add(agency, number, "Kiểm soát")
    seen, after = [], ""
    while True:
        page = queries.library_page(
            actor=agency.actor("lan"), filter=queries.LibraryFilter(query="kiem"), today=TODAY,
            after=after, limit=2,
        )  # fmt: skip
        seen += [line.code for line in page.lines]
        after = page.after
        if not after:
            break

    assert seen == [f"QT-{number:02d}" for number in range(5)]


def test_clauses_count_restricted_documents_for_who_manages_them(agency):
    row = add(agency, 1, "Kiểm soát", level="restricted")
    row.clauses.create(agency_id=agency.agency_id, standard="ISO 9001:2015", clause="7.5")
    key = secretary(agency)

    assert [line.documents for line in queries.clause_lines(actor=agency.actor(key))] == [1]
    assert queries.clause_lines(actor=agency.actor("lan")) == ()


def test_beyond_its_bound_what_is_in_force_is_counted_as_more(agency, monkeypatch):
    monkeypatch.setattr(library, "MOST_IN_FORCE", 2)
    for number in range(4):
        row = add(agency, number, "Tài liệu", level="restricted" if number == 3 else "internal")
        row.revisions.create(
            agency_id=agency.agency_id, issue="01", amendment="00", drafted_at=NOW,
            drafted_by_id=agency.people["ha"], checked_by_id=agency.people["ha"],
            approved_by_id=agency.people["ha"], effective_from=TODAY, content_hash="0" * 64,
            state="in_force", exception_reason="Hai người",
        )  # fmt: skip
        Document.objects.filter(pk=row.pk).update(
            status="in_force", current_id=row.revisions.get().pk
        )
    assert queries.in_force_count(actor=agency.actor("huy")) == 3
    monkeypatch.setattr(library, "MOST_IN_FORCE", 10)
    assert queries.in_force_count(actor=agency.actor("huy")) == 3
    assert queries.in_force_count(actor=agency.actor("ha")) == 4
