"""The worker is killed with `kill -9` while a mail server holds its answer: no letter goes twice."""

import json
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy

import pytest

from nep.foundation.notify.tests.mail_server import MailServer, mail_server
from tests.installation import Installation

WRITE = """
import django; django.setup()
from datetime import UTC, datetime
from nep.foundation.notify.composing import Message
from nep.foundation.notify.services import letter_write
for person_id in range(3):
    letter_write(
        person_id=person_id, agency_id=1, period="day:2026-12-10", address="lan@so.example",
        message=Message("Nếp: 1 việc quá hạn", f"Thư {person_id}", "<p>x</p>"),
        keys=[f"{person_id}:on"], now=datetime.now(UTC),
    )
"""
LATER = """
import django, json; django.setup()
from datetime import UTC, datetime, timedelta
from nep.foundation.notify.delivery import letters_send
from nep.foundation.notify.models import Letter
from nep.foundation.notify.queries import STATES
letters_send(now=datetime.now(UTC) + timedelta(minutes=MINUTES))
rows = Letter.objects.order_by("person_id").values_list("state", flat=True)
print(json.dumps([STATES[state] for state in rows]))
"""


@dataclass
class Office(Installation):
    """An installation that sends its letters to the test's own mail server."""

    mail_port: int = 0

    def environment(self) -> dict[str, str]:
        return super().environment() | {
            "NEP_MAIL_HOST": "127.0.0.1", "NEP_MAIL_PORT": str(self.mail_port),
            "NEP_MAIL_SECURITY": "none", "NEP_MAIL_FROM": "nep@so.example",
        }  # fmt: skip

    def told(self, script: str) -> list[str]:
        done = self.python("-c", script)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout else []


@pytest.fixture
def server():
    with mail_server() as found:
        yield found


def held(server: MailServer) -> tuple[threading.Event, threading.Event]:
    """Have the server keep its answer back: (it has the letter, it may answer)."""
    server.has_letter, server.may_answer = threading.Event(), threading.Event()
    return server.has_letter, server.may_answer


def test_a_letter_the_server_took_before_the_worker_died_is_never_sent_again(tmp_path, server):
    with Office(tmp_path / "máy chủ", mail_port=server.server_address[1]) as office:
        office.lay_migrated()
        office.told(WRITE)
        has_letter, may_answer = held(server)
        office.start_worker()
        assert has_letter.wait(60), (office.folder / "worker.log").read_text()[-2000:]
        office.kill("worker")
        may_answer.set()
        soon = office.told(LATER.replace("MINUTES", "2"))
        late = office.told(LATER.replace("MINUTES", "11"))

    bodies = [next(f"Thư {n}" for n in range(3) if f"Thư {n}".encode() in _plain(data))
              for data in server.taken]  # fmt: skip
    assert soon == ["waiting", "sent", "sent"]
    assert late == ["unknown", "sent", "sent"]
    assert sorted(bodies) == ["Thư 0", "Thư 1", "Thư 2"]


def _plain(data: bytes) -> bytes:
    """Return a letter with its text decoded."""
    found = message_from_bytes(data, policy=policy.default)
    return found.get_body(("plain",)).get_content().encode()
