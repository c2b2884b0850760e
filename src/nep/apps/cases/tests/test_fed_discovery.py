"""A procedure proposed from a log: it replays what it says it replays, and the proof can judge it."""

from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.cases.rules.fed_discovery import discover, replays
from nep.apps.cases.services import fed
from nep.apps.cases.tests.test_fed_import import FULL, NOW, as_csv
from nep.apps.cases.tests.test_fed_import import at as at  # the office of that file
from nep.apps.procedures.models import Definition, Tthc
from nep.apps.procedures.rules.table import END, to_process
from nep.bpmn import prove_soundness

STRAIGHT = ["Nhận", "Xem", "Ký", "Trả"]
BACK = ["Nhận", "Xem", "Nhận", "Xem", "Ký", "Trả"]
SHORT = ["Nhận", "Xem", "Trả"]


def test_what_usually_follows_is_the_default_and_the_rest_are_branches():
    found = discover([STRAIGHT] * 6 + [BACK] * 2 + [SHORT] * 2, name="Thử")

    assert [step.name for step in found.table.steps] == STRAIGHT
    xem = found.table.steps[1]
    assert {branch.target: branch.bound for branch in xem.branches} == {"b1": 1, "b4": None}
    assert (found.cases, found.events, found.replayed, found.coverage) == (10, 42, 10, 100)
    assert found.steps[1].ways[0] == ("Ký", 8)


def test_what_is_seldom_is_left_out_and_said():
    found = discover([STRAIGHT] * 99 + [["Nhận", "Trả"]], name="Thử")

    assert (found.replayed, found.coverage) == (99, 99)
    assert found.table.steps[0].branches == ()


def test_a_loop_is_replayed_as_often_as_its_bound_says():
    table = discover([BACK] * 3 + [STRAIGHT], name="Thử").table
    twice = ["Nhận", "Xem", "Nhận", "Xem", "Nhận", "Xem", "Ký", "Trả"]

    assert replays(table, BACK)
    assert not replays(table, twice)
    assert not replays(table, ["Xem", "Ký", "Trả"])
    assert not replays(table, ["Nhận", "Xem", "Ký"])


def test_a_log_without_activity_proposes_nothing():
    with pytest.raises(ValueError, match="no activity"):
        discover([[], []], name="Thử")


logs = st.lists(
    st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=8), min_size=1, max_size=20
)


@given(logs)
def test_every_proposal_is_a_sound_process_and_counts_what_it_replays(traces):
    found = discover(traces, name="Thử")

    assert prove_soundness(to_process(found.table)).sound
    assert found.replayed == sum(replays(found.table, trace) for trace in traces)
    shown = {step.name for step in found.table.steps} | set(found.left_out)
    assert shown == {one for trace in traces for one in trace}
    targets = {step.id for step in found.table.steps} | {END}
    assert {branch.target for step in found.table.steps for branch in step.branches} <= targets
    times = Counter(one for trace in traces for one in trace)
    assert all(step.times == times[step.name] for step in found.steps)


def test_the_page_proposes_and_drafts(at, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    at.scene.person("thuky", "Võ Thị Thư", ("", "iso_secretary", "Thư ký ISO"))
    rows = [[f"Y{place}", "", *row[2:]] for place in range(3) for row in FULL]
    key = fed.fed_look(actor=at.actor("thuky"), now=NOW, name="nhat-ky-la.csv", data=as_csv(rows))
    at.scene.sign_in(client, "thuky")
    address = reverse("cases:discovery", args=[key])

    page = client.get(address).content.decode()
    assert "Đề xuất 5 bước, chạy lại được 100% số hồ sơ" in page
    done = client.post(address, {"name": "Quy trình lạ", "tthc": ""}, follow=True)

    page = done.content.decode()
    assert "Đã lập bản thảo từ nhật ký: chạy lại được 100% số hồ sơ" in page
    assert Tthc.objects.get(name="Quy trình lạ").is_internal
    drafted = Definition.objects.latest("pk")
    assert all(row[2] in page for row in FULL)
    assert drafted.revision.state == "draft"
