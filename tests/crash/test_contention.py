"""Sixteen at once finish one step: one wins, the others are told, nobody meets a locked database."""

import json
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from tests import world
from tests.http_client import HttpClient
from tests.installation import Installation
from tests.visitor import Visitor, plain

CLIENTS = 16
RECEPTION = "sn.motcua"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Installation]:
    """The demonstration's ward behind a web server of two processes; sound after all of it."""
    with Installation(tmp_path_factory.mktemp("tranh chấp")) as installation:
        installation.prepare(world.WARD)
        installation.start_served(workers=2)
        yield installation
        checked = installation.python("-m", "tests.invariants")
        assert checked.returncode == 0, checked.stdout


def test_sixteen_threads_at_the_service_leave_one_winner_each_round(site):
    done = site.python("-m", "tests.crash.racing", "25")

    assert done.returncode == 0, done.stderr
    rounds = json.loads(done.stdout)
    assert [ends for ends in rounds if ends != {"won": 1, "conflict": CLIENTS - 1}] == []


def test_a_step_is_taken_back_or_the_next_one_finished_never_both(site):
    done = site.python("-m", "tests.crash.racing", "12", "recall")

    assert done.returncode == 0, done.stderr
    for ends in json.loads(done.stdout):
        assert ends.get("recalled", 0) + ends.get("finished", 0) == 1, ends
        assert ends.get("told", 0) == CLIENTS - 1, ends


@pytest.fixture(scope="module")
def hands(site) -> list[Visitor]:
    """Sixteen browsers of one official."""
    return [Visitor(HttpClient(site.address)).sign_in(RECEPTION) for _ in range(CLIENTS)]


def accepted(visitor: Visitor) -> str:
    """Take a case in; return the address of its page."""
    visitor.visit("/ho-so/tiep-nhan/")
    visitor.visit(visitor.links(r"\?tt=\d+$")[0])
    visitor.press("Tiếp nhận và in giấy hẹn", {"Họ và tên": "Nguyễn Thị Thử"})
    return "/" + "/".join(visitor.path.split("/")[1:3]) + "/"


def test_sixteen_browsers_send_the_same_step_and_fifteen_read_who_was_first(site, hands):
    for _ in range(5):
        address = accepted(hands[0])
        sent = []
        for hand in hands:
            hand.visit(address)
            button = hand.page.get_element_by_id("buoc").xpath(".//button[@type='submit']")[0]
            sent.append(hand.prepared(plain(button.text_content())))
        answers = together(sent)

        statuses = Counter(answer.status_code for answer in answers)
        assert statuses == {302: 1, 409: CLIENTS - 1}
        losers = [one.content.decode() for one in answers if one.status_code == 409]
        assert all("Dương Khánh Ly" in text for text in losers)


def test_one_form_sent_sixteen_times_at_once_is_done_once_and_answered_alike(site, hands):
    address = accepted(hands[0])
    hands[0].visit(address)
    button = hands[0].page.get_element_by_id("buoc").xpath(".//button[@type='submit']")[0]
    answers = together([hands[0].prepared(plain(button.text_content()))] * CLIENTS)

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1


def together(sent: list) -> list:
    """Send every prepared form in the same instant; return the answers."""
    start, answers = threading.Barrier(len(sent)), [None] * len(sent)

    def send(place: int) -> None:
        function, action, data = sent[place]
        start.wait()
        answers[place] = function(action, data)

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(sent))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
