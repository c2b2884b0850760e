"""No table, however odd, makes the reader fail or lose count."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nep.apps.procedures.rules.word import read_procedures, to_json
from tests.word.build import C, docx, p, table
from tests.word.test_layouts import HEAD, NAME

TEXTS = st.sampled_from(
    ["", "Bước 1", "B2", "3", "I", "2.1", "-", "Tiếp nhận", "Tổng thời gian", "Tổng", "Tổng hợp",
     "0,5 ngày", "02 giờ", "2-3 ngày", "a) Trường hợp cấp lại", "Không tính thời gian", "BIỂU MẪU",
     "Thủ tục cấp giấy phép mở lớp nghề", "Mã TTHC: 1.234567", "Một cửa", "(1)", "Lưu ý: gấp"]
)  # fmt: skip
CELLS = st.builds(
    C,
    text=TEXTS,
    span=st.integers(1, 4),
    merge=st.sampled_from(["", "", "", "restart", "continue"]),
)
ROWS = st.lists(CELLS, min_size=0, max_size=6).map(tuple)
TABLES = st.lists(st.one_of(ROWS, st.just(HEAD)), max_size=10)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TABLES, max_size=3))
def test_any_table_is_read_or_left_out(tables):
    blocks = [p(NAME), *(table(HEAD, *rows) for rows in tables)]

    imported = read_procedures(docx(*blocks), file="a.docx")

    assert imported.accepted
    for place, procedure in enumerate(imported.procedures):
        assert [s.order for s in procedure.steps] == list(range(1, len(procedure.steps) + 1))
        known = [s.time_hours for s in procedure.steps if s.time_hours is not None]
        assert procedure.sum_hours == (sum(known) if known else None)
        unread = [s.order for s in procedure.steps if s.uncertain and "time" not in s.merged]
        told = {c.step for c in imported.warnings if c.procedure == place}
        assert set(unread) <= told
    assert len(to_json(imported)["procedures"]) == len(imported.procedures)
