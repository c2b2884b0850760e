"""Whatever the order in which another system tells a case, the same case stands at the end."""

from datetime import date, datetime, timedelta
from itertools import permutations

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nep.apps.cases import queries
from nep.apps.cases.models import Case, CasePause, FedDeviation, FedRow, FedWaiting, StepRun
from nep.apps.cases.rules.fed_columns import FedRow as Row
from nep.apps.cases.rules.fed_joining import contradictions, join
from nep.apps.cases.services._fed_writing import Importer
from nep.apps.cases.tests.scene import TOUCHED, Office, broken, office
from nep.apps.cases.tests.test_fed_import import CODE, FULL, bring, in_force_since
from nep.kernel.vietnamese import VN
from tests.standing import kept

NOW = datetime(2026, 12, 20, 9, tzinfo=VN)


def office_since_january() -> Office:
    found = office()
    in_force_since(date(2026, 1, 5))
    return found


at = kept(office_since_january)


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=VN)


maybe = st.sampled_from
rows = st.builds(
    Row,
    number=st.integers(2, 9),
    case=st.just("X"),
    tthc=maybe(["", CODE]),
    step=maybe(["Ký giấy phép", "KÝ GIẤY PHÉP"]),
    status=maybe(["", "4", "9 - Đã xử lý xong", "gì đó"]),
    actor=maybe(["", "An", "Bình", "Chi"]),
    start=st.just(moment(1, 8)),
    end=maybe([None, moment(1, 9), moment(1, 10), moment(2, 8)]),
    received=maybe([None, moment(1, 7), moment(1, 8)]),
    due=maybe([None, moment(9, 17), moment(10, 17)]),
    note=maybe(["", "a", "bb"]),
    key=st.just("k"),
    role=maybe(["", "Chuyên viên"]),
    due_new=maybe([None, moment(12, 17)]),
)


@given(rows, rows, rows)
def test_joining_needs_no_order_and_no_count(one, two, three):
    assert join(one, one) == one
    assert join(one, two) == join(two, one)
    assert join(join(one, two), three) == join(one, join(two, three))
    assert join(join(one, two), two) == join(one, two)


def test_work_handed_on_is_no_contradiction_but_two_ends_are():
    base = Row(2, "X", "", "Ký", "", "An", moment(1, 8), None, None, None, "", key="k")
    closed = Row(2, "X", "", "Ký", "", "Bình", moment(1, 8), moment(1, 9), None, None, "", key="k")
    other = Row(2, "X", "", "Ký", "", "Chi", moment(1, 8), moment(1, 11), None, None, "", key="k")

    assert contradictions(join(base, closed)) == []
    assert join(base, closed).actor == "Bình"
    told = dict(contradictions(join(closed, other)))
    assert told["người xử lý"] == ("Bình", "Chi")
    assert len(told["giờ kết thúc"]) == 2


def standing() -> tuple:
    """Everything that stands of the cases, ids and keys apart."""
    case = Case.objects.values(
        "code", "status", "progress", "received_at", "result_due_at", "result_due_original",
        "finished_at", "returned_at", "outcome", "on_time", "step_node", "paused_since",
        "holder_person_id", "content_hash", "limit_amount",
    )  # fmt: skip
    runs = StepRun.objects.order_by("case__code", "id").values_list(
        "case__code", "node", "round", "opened_at", "closed_at", "used_minutes", "due_at", "late",
        "person_id",
    )  # fmt: skip
    pauses = CasePause.objects.order_by("case__code", "started_at").values_list(
        "kind", "started_at", "ended_at", "reason"
    )
    kept = FedRow.objects.order_by("case__code", "key").values_list("key", "unmatched", "conflict")
    left = FedDeviation.objects.order_by("at", "kind", "number").values_list("kind", "node", "at")
    return (
        sorted(map(str, case)), list(runs), list(pauses), list(kept), list(left),
        FedWaiting.objects.count(),
    )  # fmt: skip


def events(at) -> list[tuple]:
    """The log that stands: when, what, told by whom."""
    found = []
    for case in Case.objects.order_by("code"):
        for row in queries.control_slip(actor=at.actor("lan"), case_id=case.pk).rows:
            found.append((case.code, row.step, row.given_at, row.closed_at, row.giver, row.receiver,
                          row.result, row.note))  # fmt: skip
    return found


LATER = ["X1", CODE, "Thẩm định hồ sơ", "Người khác", "01/12/2026 10:00", "03/12/2026 10:00", ""]
OPEN = ["X1", CODE, "Thẩm định hồ sơ", "Trần Thị Mai Lan", "01/12/2026 10:00", "", ""]
WAITS = ["X1", CODE, "", "Trần Thị Mai Lan", "02/12/2026 08:00", "03/12/2026 08:00", "Chờ bổ sung"]
ORDERS = 24
BATCHES = ([FULL[0], OPEN], [FULL[3], FULL[1]], [LATER, WAITS], [FULL[2], FULL[4], FULL[0]])


def test_every_order_of_late_repeated_and_contradicting_batches_ends_the_same(at):
    ends: list[str] = []

    def bring_next(left: list[list]) -> None:
        """Bring each of the batches that are left, and after it the others in every order."""
        for place, batch in enumerate(left):
            with transaction.atomic():
                tally = bring(at, batch)
                assert tally["refused"] == []
                assert tally["events"] + tally["unchanged"] == len(batch)
                if left[1:]:
                    bring_next([*left[:place], *left[place + 1 :]])
                else:
                    ends.append(str((standing(), events(at))))
                    assert FedRow.objects.filter(conflict=True).count() == 1
                    assert broken(*([] if len(ends) == ORDERS else TOUCHED)) == []
                transaction.set_rollback(True)

    bring_next(list(BATCHES))
    assert len(ends) == ORDERS
    assert len(set(ends)) == 1


def test_an_earlier_receipt_learnt_late_moves_the_case_to_the_procedure_of_that_day(at):
    early = ["X1", CODE, "Tiếp nhận hồ sơ", "Hoàng Minh Tuấn", "30/11/2026 08:00",
             "30/11/2026 09:00", ""]  # fmt: skip
    bring(at, FULL[1:])
    bring(at, [early])
    late = (standing(), events(at))
    Case.objects.all().delete()

    bring(at, [early, *FULL[1:]])

    assert (standing(), events(at)) == late
    assert Case.objects.get().received_month == 202611


lines = st.lists(st.sampled_from([*FULL, LATER, OPEN, WAITS]), min_size=1, max_size=9)


@settings(
    max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.lists(lines, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_any_batches_in_any_order_end_the_same(at, batches, chance):
    ends = []
    for _turn in range(2):
        Case.objects.all().delete()
        for batch in batches:
            bring(at, batch)
        ends.append((standing(), events(at)))
        chance.shuffle(batches)
        for batch in batches:
            chance.shuffle(batch)
    assert ends[0] == ends[1]


def portal_rows() -> list[Row]:
    """What the portal tells: who did what, and only in one record which TTHC it is."""

    def row(step, status, actor, start, end, tthc=""):
        key = f"{step}-{status}-{start or end}"
        return Row(2, "P1", tthc, step, status, actor, start, end, None, None, "", key=key)

    return [
        row("", "2", "", moment(1, 8), moment(1, 8), CODE),
        row("Tiếp nhận hồ sơ", "2", "Hoàng Minh Tuấn", moment(1, 8), moment(1, 9)),
        row("Phân công thụ lý", "4", "Đặng Văn Toàn", moment(1, 9), moment(1, 10)),
        row("Thẩm định hồ sơ", "4", "Trần Thị Mai Lan", moment(1, 10), moment(2, 10)),
    ]


def test_rows_that_name_no_procedure_wait_for_the_one_that_does(at):
    ends = set()
    for order in permutations(portal_rows()):
        Case.objects.all().delete()
        tallies = []
        for place, row in enumerate(order):
            importer = Importer(
                agency_id=at.scene.agency_id, actor_id=None, now=NOW + timedelta(minutes=place),
                keeps_waiting=True,
            )  # fmt: skip
            importer.take([("P1", [row])])
            tallies.append(importer.tally.facts())
        assert sum(one["events"] for one in tallies) == 4
        assert all(one["refused"] == [] for one in tallies)
        assert FedWaiting.objects.count() == 0
        ends.add(str((standing(), events(at))))
    assert len(ends) == 1
