"""The controlled paper as Word holds all that was read: written out and in again, nothing is lost."""

from decimal import Decimal

import pytest

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.importing import Origin
from nep.apps.procedures.rules.table import END, Branch, Step, Table
from nep.apps.procedures.rules.word import read_procedures
from nep.bpmn import Limit
from tests.word.measure import data_folder
from tests.word.round_trip import drafted, lost, written

FOLDER = data_folder()
SAMPLE = (
    "QT-12_1.009645", "QT-03_1.013814", "QD-1594-TTPVHCC-Ha-Noi", "QD-2904-UBND-Ha-Tinh",
    "QD-2811-UBND-Dong-Nai",
)  # fmt: skip


@pytest.mark.skipif(not FOLDER.is_dir(), reason="no test data; set NEP_TEST_DATA to its folder")
@pytest.mark.parametrize("name", SAMPLE)
def test_real_procedures_written_out_are_read_as_they_were(name):
    read = read_procedures((FOLDER / f"{name}.docx").read_bytes(), file=f"{name}.docx")

    told = {place: lost(read, place) for place in range(len(read.procedures))}

    assert told == {place: [] for place in told} and told


def test_ways_out_of_steps_are_written_in_the_table_and_read_back():
    steps = (
        Step("b1", "Tiếp nhận hồ sơ", limit=Limit(Decimal(4), "working_hour")),
        Step(
            "b2",
            "Thẩm định",
            limit=Limit(Decimal("2.5"), "working_day"),
            question="Hồ sơ đạt yêu cầu?",
            note="Kiểm tra thực địa nếu cần.",
            branches=(
                Branch("b2-n1", "b1", "Thiếu thành phần", supplement=True),
                Branch("b2-n2", "b1", "Làm lại", "lan < 2", bound=2),
                Branch("b2-n3", END, "Từ chối"),
            ),
        ),
        Step("b3", "Lấy ý kiến sở ngành", limit=Limit(Decimal(7), "calendar_day"), group="ss-b3"),
        Step("b4", "Khảo sát", limit=Limit(Decimal(3), "working_day"), group="ss-b3"),
        Step("b5", "Trả kết quả", untimed=True, after=END, default_name="Xong"),
    )
    told = tuple(step.with_fact("responsible", f"Phòng số {step.id[1:]}") for step in steps)
    draft = Draft(Table("qt-1", "Cấp phép", told), Decimal(15), "working_day")
    origin = Origin("1.009645", "Cấp giấy phép xây dựng nhà ở", "", "QT-01", "01", "00", (), "")

    _origin, again = drafted(read_procedures(written(origin, draft), file="x.docx"), 0)

    bare = tuple(step.with_fact("label", "").with_fact("time", "") for step in again.table.steps)
    assert bare == told
    assert (again.limit_amount, again.limit_unit) == (15, "working_day")
