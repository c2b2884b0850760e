"""A personal calendar of 2,000 due dates: how long one fetch takes.

`python3 dev.py bench feed [ITEMS]` gives one officer that many open items in a new SQLite database
(or the empty one of `NEP_DATABASE_URL`) and fetches the calendar through the product's own handler:
the first time, again unchanged, and after one of its items was finished. Printed are the wall and
the time of processors (this process and its PostgreSQL backend). Goal: ≤ 50 ms.
"""

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("NEP_DATA", tempfile.mkdtemp(prefix="nep-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from nep.apps.cases.tests.scene import office  # noqa: E402
from nep.apps.work.models import WorkItem  # noqa: E402
from nep.foundation.db import new_id  # noqa: E402
from nep.foundation.notify.feeds import FETCHES, feed_make  # noqa: E402
from nep.foundation.notify.models import Feed  # noqa: E402

ITEMS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
ROUNDS = min(15, FETCHES // 2)


def processor() -> float:
    """Return the seconds of processor of this process and of its PostgreSQL backend."""
    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return own + (int(backend.read_text().split()[0]) / 1e9 if backend.exists() else 0)


def measured(name: str, work: Callable[[], object], rounds: int = ROUNDS) -> dict:
    """Return the median milliseconds of some rounds."""
    walls, spent = [], []
    for _ in range(rounds):
        Feed.objects.update(window_count=0)
        wall, own = time.perf_counter(), processor()
        work()
        walls.append(1e3 * (time.perf_counter() - wall))
        spent.append(1e3 * (processor() - own))
    line = {
        "what": name, "wall ms": round(statistics.median(walls), 1),
        "processor ms": round(statistics.median(spent), 1),
    }  # fmt: skip
    print(f"{name:<22} {line['wall ms']:>8} ms wall, {line['processor ms']:>8} ms processor")
    return line


def main() -> None:
    """Measure and print one line of JSON."""
    logging.disable(logging.INFO)
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    at = office(code="H99.00", name="Sở đo lịch")
    person, agency, now = at.scene.people["lan"], at.scene.agency_id, timezone.now()
    WorkItem.objects.bulk_create(
        WorkItem(
            id=new_id(), agency_id=agency, kind="document", title="Thẩm định hồ sơ",
            detail="Cấp giấy phép tiến hành công việc bức xạ", link=f"/tai-lieu/{number}/",
            source_type="bench", source_id=number, source_code=f"H99.00-261110-{number:04d}",
            step_label="Bước 3/6", person_id=person, role="specialist", opened_at=now, started_at=now,
            due_at=now + timedelta(hours=number % 900), limit_minutes=1440, state=0,
        )
        for number in range(ITEMS)
    )  # fmt: skip
    key = feed_make(person_id=person, agency_id=agency, now=now)
    client = Client()

    def fetch() -> bytes:
        answer = client.get(f"/viec/lich-ca-nhan/{key}.ics")
        assert answer.status_code == 200, answer.status_code
        return answer.content

    def anew() -> None:
        Feed.objects.update(known="{}")
        fetch()

    def after_one() -> None:
        done = WorkItem.objects.filter(person_id=person, closed_at=None).first()
        WorkItem.objects.filter(pk=done.pk).update(closed_at=now, state=1)
        fetch()

    body = fetch()
    assert body.count(b"BEGIN:VEVENT") == ITEMS, body.count(b"BEGIN:VEVENT")
    lines = [measured("first", anew), measured("unchanged", fetch), measured("one done", after_one)]
    print(
        json.dumps(
            {"engine": connection.vendor, "items": ITEMS, "bytes": len(body), "lines": lines}
        )
    )


if __name__ == "__main__":
    main()
