"""The matrix of one agency, and of every agency of a province, over what their parts hold.

`python3 dev.py bench matrix [--short] [--agencies 250] [--engines sqlite,postgresql]` fills that
many agencies by bulk inserts (each 160 documents in force, half of them with a clause, 400 readings,
80 external texts, 150 record files, two years of finished cases, 12 nonconformities, 20 pieces of
feedback, and of an ISO year three editions in force, 15 risks, 10 objectives with 80 values, three
audits with 60 answers, 20 checked actions, training, certificates, a review), then asks in turn for the matrix of one agency, for that of the province, and, as what
one would write first, for the matrix of each agency one after another (a tenth of them, times ten).
Printed: milliseconds of processor time (this process and its PostgreSQL backend) and of the clock,
medians of 7 rounds taken in turn, statements, the ratio of province to one agency and of one by one
to the province, and one line of JSON. Goals: one agency ≤ 100 ms, 250 agencies ≤ 1 s.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from _engines import measure

ROUNDS, DOCUMENTS, READINGS, TEXTS, FILES = 7, 160, 400, 80, 150


class Bench:
    def __init__(self, agencies: int) -> None:
        from django.db import connection

        self.count, self.connection, self.engine = agencies, connection, connection.vendor

    def run(self) -> dict:
        from nep.apps.organization.tests.scene import NOW, department
        from nep.kernel.vietnamese import local

        scene = department()
        scene.person("tinh", "Quản Thị Tỉnh", (None, "province_admin", "Quản trị tỉnh"))
        self.actor, self.today = scene.actor("tinh"), local(NOW).date()
        started = time.perf_counter()
        self.ids = self.fill(scene)
        self.settle()
        found: dict[str, Any] = {"fill s": round(time.perf_counter() - started)}
        found |= self.asking()
        for name, value in found.items():
            print(f"{self.engine}: {name}: {value}", file=sys.stderr, flush=True)
        return found

    def fill(self, scene: Any) -> list[int]:
        """Write the agencies with what their parts hold; return their ids."""
        import _library_world as library
        import _year_world as year
        from django.db import transaction

        from nep.apps.organization.models import Agency

        first = Agency.objects.get(pk=scene.agency_id)
        rows = Agency.objects.bulk_create(
            Agency(
                code=f"H99.{place:03d}", name=f"Ủy ban nhân dân xã số {place}",
                folded=f"xa so {place}", kind="xa", province_id=first.province_id,
                valid_from=date(2025, 7, 1), reception_name="Bộ phận Một cửa",
                case_code_mask=first.case_code_mask,
            )
            for place in range(self.count - 1)
        )  # fmt: skip
        ids = [first.pk, *(row.pk for row in rows)]
        dice = random.Random(9001)  # no secret
        for agency_id in ids:
            one = replace(scene, agency_id=agency_id)
            with transaction.atomic():
                library._documents(one, range(DOCUMENTS), dice)
                library._texts(one, TEXTS, dice)
                library._files(one, FILES, dice)
                self.lives(one)
                year.fill(one)
        return ids

    def lives(self, scene: Any) -> None:
        """Write readings, finished cases by month, nonconformities and feedback of an agency."""
        from nep.apps.cases.models import AgencyMonth
        from nep.apps.documents.models import Document, Reading
        from nep.apps.improvement.models import Feedback, Nonconformity
        from nep.apps.organization.tests.scene import NOW

        agency, person = scene.agency_id, scene.people["lan"]
        rows = list(Document.objects.filter(agency_id=agency, status="in_force")[: READINGS // 4])
        Reading.objects.bulk_create(
            Reading(
                agency_id=agency, document_id=row.pk, revision_id=row.current_id,
                person_id=reader, asked_at=NOW, due_on=NOW.date(), first_seen_at=NOW,
                acknowledged_at=NOW,
            )
            for row in rows
            for reader in sorted(set(scene.people.values()))[:4]
        )  # fmt: skip
        AgencyMonth.objects.bulk_create(
            AgencyMonth(agency_id=agency, month=year * 100 + month, ended=90, on_time=90)
            for year in (2025, 2026)
            for month in range(1, 12)
        )
        Nonconformity.objects.bulk_create(
            Nonconformity(
                agency_id=agency, year=2026, number=place, origin_kind=("hand", "case")[place % 2],
                title="Trễ hạn", folded="tre han", found_on=NOW.date() - timedelta(days=place),
                due_on=NOW.date(), reported_by_id=person, reported_at=NOW, round_since=NOW,
                changed_at=NOW,
            )
            for place in range(1, 13)
        )  # fmt: skip
        Feedback.objects.bulk_create(
            Feedback(
                agency_id=agency, year=2026, number=place, kind="reflection", channel="portal",
                received_on=NOW.date(), title="Chờ lâu", folded="cho lau", added_by_id=person,
                added_at=NOW, answer_due_on=NOW.date(), limit_words="", limit_source="",
                limit_mark="", changed_at=NOW, item_id=1,
            )
            for place in range(1, 21)
        )  # fmt: skip

    def settle(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("ANALYZE" if self.engine == "sqlite" else "VACUUM ANALYZE")

    def asking(self) -> dict:
        """Ask for one matrix, for all, and for a tenth one by one, in turn."""
        from django.test.utils import CaptureQueriesContext

        from nep.apps.conformity import queries

        def one(agency_id: int) -> None:
            queries.matrix(actor=self.actor, agency_id=agency_id, today=self.today)

        tenth = self.ids[:: max(1, len(self.ids) // 10)]
        works: dict[str, Callable[[], object]] = {
            "one": lambda: one(self.ids[len(self.ids) // 2]),
            "province": lambda: queries.province_matrix(actor=self.actor, today=self.today),
            "one by one": lambda: [one(agency_id) for agency_id in tenth],
        }
        spent: dict[str, list[float]] = {name: [] for name in works}
        walls: dict[str, list[float]] = {name: [] for name in works}
        counts = {}
        for name, work in works.items():  # warm, and counted
            with CaptureQueriesContext(self.connection) as asked:
                work()
            counts[name] = len(asked)
        for _ in range(ROUNDS):
            for name, work in works.items():
                begun, at = self.spent(), time.perf_counter()
                work()
                spent[name].append(self.spent() - begun)
                walls[name].append(1e3 * (time.perf_counter() - at))
        ms = {name: statistics.median(found) for name, found in spent.items()}
        ms["one by one"] *= len(self.ids) / len(tenth)
        return {
            "agencies": len(self.ids),
            "one agency: processor ms": round(ms["one"], 1),
            "one agency: wall ms": round(statistics.median(walls["one"]), 1),
            "one agency: statements": counts["one"],
            "province: processor ms": round(ms["province"]),
            "province: wall ms": round(statistics.median(walls["province"])),
            "province: statements": counts["province"],
            "province ÷ one": round(ms["province"] / ms["one"], 1),
            "one by one ÷ province": round(ms["one by one"] / ms["province"], 1),
        }

    def spent(self) -> float:
        """Return the processor's milliseconds of this process and of its PostgreSQL backend."""
        return 1e3 * time.process_time() + (self.server() if self.engine == "postgresql" else 0)

    def server(self) -> float:
        """Return the milliseconds of the connection's backend, 0 where they cannot be seen."""
        if not hasattr(self, "backend"):
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        return int(self.backend.read_text().split()[0]) / 1e6 if self.backend.exists() else 0


if __name__ == "__main__":
    os.environ.setdefault("NEP_LOG_JSON", "0")
    measure(
        __file__, __doc__, rows="agencies", whole=250, short=25,
        bench=lambda agencies, _parts: Bench(agencies).run(),
    )  # fmt: skip
