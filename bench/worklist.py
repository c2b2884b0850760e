"""One officer's worklist among millions of work items, beside a plain Django view, in one run.

`python3 dev.py bench worklist [--short] [--items 5000000] [--engines sqlite,postgresql]` fills
agencies, people and items by SQL (30 open items for each of 3,000 people, the rest closed), lets the
product count them, asks `nep doctor`, and prints milliseconds and ratios and one line of JSON.
`--short` fills 200,000 items. Goals: SQL of the list ≤ 1 ms at the median, page ≤ 50 ms; 50 rows at
least 1.5 times as often as a plain Django view with ORM and Django template, through the same
handler. `_engines` says what the environment sets.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from _engines import measure

PEOPLE, EACH, ROUNDS = 3_000, 30, 60
PLAIN = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Việc</title></head><body>
<header>{{ user.username }}</header><h1>{{ items|length }} việc</h1><table>{% for item in items %}
<tr><td><a href="{{ item.link }}">{{ item.title }}</a></td><td>{{ item.detail }}</td>
<td>{{ item.source_code }}</td><td>{{ item.step_label }}</td><td>{{ item.note }}</td>
<td>{{ item.due_at|date:"H:i d/m/Y" }}</td><td>{% if item.paused %}Tạm dừng{% elif item.due_at < now %}
Quá hạn{% else %}Trong hạn{% endif %}</td></tr>{% endfor %}</table></body></html>"""


class Bench:
    def __init__(self, items: int) -> None:
        from django.db import connection

        self.items, self.connection = items, connection
        self.sizes: dict[bool, int] = {}
        self.engine = connection.vendor

    def run(self) -> dict:
        from nep.apps.cases.tests.scene import office

        self.scene = office(code="H99.00", name="Sở của phép đo").scene
        people = self.people()
        started = time.perf_counter()
        self.fill(people)
        self.say(f"chép xong sau {time.perf_counter() - started:.0f} s; đang đếm …")
        found = {"fold ms per 1,000": self.folding()}
        self.settle()
        found |= self.reading()
        started = time.perf_counter()
        found["doctor"] = self.doctor()
        self.say(f"doctor mất {time.perf_counter() - started:.0f} s")
        for name, value in found.items():
            self.say(f"{name}: {value}")
        return found

    def say(self, text: str) -> None:
        print(f"{self.engine}: {text}", file=sys.stderr, flush=True)

    def execute(self, statement: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def people(self) -> list[int]:
        """Return the officers, the office's specialist first; the others are copies of her."""
        from django.forms.models import model_to_dict

        from nep.apps.organization.models import Person
        from nep.foundation.db import new_id

        lan = Person.objects.get(pk=self.scene.people["lan"])
        row = model_to_dict(lan)
        for name in ("id", "user", "agency"):
            row.pop(name, None)
        made = [
            Person(**{**row, "id": new_id(), "agency_id": lan.agency_id})
            for _ in range(PEOPLE - 1)
        ]  # fmt: skip
        Person.objects.bulk_create(made, batch_size=500)
        return [lan.pk, *(one.pk for one in made)]

    def fill(self, people: list[int]) -> None:
        """Write the items: the first thirty of each person are open, the others are done."""
        self.execute("CREATE TABLE bench_person (place integer PRIMARY KEY, id bigint)")
        values = ", ".join(f"({place}, {key})" for place, key in enumerate(people))
        self.execute(f"INSERT INTO bench_person VALUES {values}")
        for start in range(0, self.items, 500_000):
            self.execute(self.item_sql(start, min(self.items, start + 500_000)))

    def item_sql(self, start: int, stop: int) -> str:
        is_sqlite = self.engine == "sqlite"
        numbers = (
            f"WITH RECURSIVE s(n) AS (SELECT {start + 1} UNION ALL SELECT n + 1 FROM s WHERE n < {stop})"
            if is_sqlite
            else f"WITH s(n) AS (SELECT * FROM generate_series({start + 1}::bigint, {stop}))"
        )

        def ago(hours: str) -> str:
            if is_sqlite:
                return f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({hours}) || ' hours')"
            return f"now() - ({hours}) * interval '1 hour'"

        is_open = f"n <= {PEOPLE * EACH}"
        due = ago("24 * 14 - (n * 7919) % 1000") if not is_sqlite else (
            "strftime('%Y-%m-%d %H:%M:%f', 'now', (-336 + (n * 7919) % 1000) || ' hours')"
        )  # fmt: skip
        no, yes = ("0", "1") if is_sqlite else ("FALSE", "TRUE")
        unit = self.scene.units["PKH"]
        return (
            "INSERT INTO work_workitem (id, agency_id, kind, title, detail, link, source_type, "
            "source_id, source_code, step_label, person_id, unit_id, role, opened_at, started_at, "
            "due_at, limit_minutes, pleat, note, state, paused, closed_at, version, counted, stale, listed) "
            f"{numbers} SELECT n, {self.scene.agency_id}, 'document', 'Thẩm định hồ sơ', "
            "'N*** V** An · Cấp giấy phép tiến hành công việc bức xạ', '/tai-lieu/' || n || '/', "
            "'bench', n, 'H99.00-261110-' || n, 'Bước 3/6', p.id, "
            f"{unit}, 'specialist', {ago('(n % 400) + 400')}, {ago('(n % 300) + 300')}, {due}, 1440, "
            '\'[[240,100,"done"],[240,100,"done"],[1440,0,"now"],[960,0,"next"]]\', \'\', '
            f"CASE WHEN {is_open} THEN 0 ELSE 1 END, {no}, "
            f"CASE WHEN {is_open} THEN NULL ELSE {ago('n % 200')} END, 1, '', "
            f"CASE WHEN {is_open} THEN {yes} ELSE {no} END, "
            f"CASE WHEN {is_open} THEN {yes} ELSE {no} END "
            f"FROM s JOIN bench_person p ON p.place = n % {PEOPLE}"
        )

    def folding(self) -> float:
        from nep.apps.work.services import counts_fold

        started, total = time.perf_counter(), 0
        while done := counts_fold():
            total += done
        return round(1e6 * (time.perf_counter() - started) / max(1, total), 1)

    def settle(self) -> None:
        self.execute("VACUUM ANALYZE" if self.engine == "postgresql" else "ANALYZE")

    def reading(self) -> dict:
        from django.contrib.auth import get_user_model
        from django.db.models import Count
        from django.test import Client
        from django.utils import timezone

        from nep.apps.organization.rules import Actor
        from nep.apps.work import ports, queries
        from nep.apps.work.models import WorkItem
        from nep.apps.work.queries._tally import tally
        from nep.config import wiring  # noqa: F401  # connects the calendar

        now = timezone.now()
        calendar = ports.calendar_for(self.scene.agency_id)
        actor: Actor = self.scene.actor("lan", now=now)
        where = {"agency_id": self.scene.agency_id}

        def listed() -> None:
            queries.my_items(actor=actor, now=now, calendar=calendar)

        def counted() -> None:
            tally(agency_id=where["agency_id"], owners=[("a", 0)], now=now)

        def by_rows() -> None:
            rows = WorkItem.objects.filter(listed=True, state=0, **where).values("kind", "paused")
            list(rows.annotate(n=Count("id")))

        users, client, head = get_user_model().objects, Client(), Client()
        client.force_login(users.get(pk=self.scene.users["lan"]))
        head.force_login(users.get(pk=self.scene.users["ha"]))
        assert client.get("/viec/").status_code == 200
        whole, longest = self.in_sql(listed)
        plain = self.plain(users.get(pk=self.scene.users["lan"]))
        same = self.plain(users.get(pk=self.scene.users["ha"]), whole=True)
        return {
            "list, all statements ms": whole,
            "list, the longest statement ms": longest,
            "list, by the server itself ms": self.by_server(listed),
            "counts of the agency ms": best(counted),
            "counting its rows ms": best(by_rows, 9),
            "page of the officer ms": best(lambda: client.get("/viec/")),
            "page of 50 rows of the agency ms": best(
                lambda: head.get("/viec/danh-sach/?pv=co-quan&nhom=week")
            ),
            "its rows alone ms": best(lambda: head.get(self.next_page(head), headers=FRAGMENT)),
            "plain Django view ms": self.alone(plain),
            "the same page by plain Django ms": self.alone(same),
            "rows alone, requests ÷ plain": self.beside(
                lambda: head.get(self.next_page(head), headers=FRAGMENT), plain
            ),
            "whole page of 50 rows of the agency, requests ÷ plain": self.beside(
                lambda: head.get("/viec/danh-sach/?pv=co-quan"), plain
            ),
            "page, requests ÷ plain": self.beside(lambda: client.get("/viec/"), plain),
            "whole page of 50 rows, requests ÷ the same page by plain Django": self.beside(
                lambda: head.get("/viec/danh-sach/?pv=co-quan"), same
            ),
            "bytes of the page, of the same by plain Django": (
                len(head.get("/viec/danh-sach/?pv=co-quan").content),
                self.sizes[True],
            ),
        }

    def alone(self, plain: "Plain") -> float:
        with plain.settings:
            plain.ask()
            return best(plain.ask)

    def next_page(self, client) -> str:
        import re

        if not hasattr(self, "_next"):
            body = client.get("/viec/danh-sach/?pv=co-quan").content.decode()
            found = re.search(r'hx-get="(\?[^"]*sau=[^"]*)"', body)
            assert found, "the agency's list has one page only"
            self._next = "/viec/danh-sach/" + found.group(1).replace("&amp;", "&")
        return self._next

    def in_sql(self, work: Callable[[], object]) -> tuple[float, float]:
        """Return the median milliseconds in SQL of all statements, and of the longest one."""
        wholes, longests = [], []
        for _ in range(ROUNDS):
            spent: list[float] = []

            def timed(execute, sql, params, many, context, spent=spent):
                started = time.perf_counter()
                try:
                    return execute(sql, params, many, context)
                finally:
                    spent.append(1e3 * (time.perf_counter() - started))

            with self.connection.execute_wrapper(timed):
                work()
            wholes.append(sum(spent))
            longests.append(max(spent))
        return round(statistics.median(wholes), 3), round(statistics.median(longests), 3)

    def by_server(self, work: Callable[[], object]) -> float | None:
        """Return the milliseconds PostgreSQL itself says the statements took to run; None on SQLite."""
        if self.engine != "postgresql":
            return None
        asked: list[tuple] = []

        def keep(execute, sql, params, many, context):
            asked.append((sql, params))
            return execute(sql, params, many, context)

        with self.connection.execute_wrapper(keep):
            work()
        wholes = []
        for _ in range(9):
            whole = 0.0
            for sql, params in asked:
                with self.connection.cursor() as cursor:
                    cursor.execute(
                        f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON, FORMAT JSON) {sql}", params
                    )
                    plan = cursor.fetchone()[0]
                told = (json.loads(plan) if isinstance(plan, str) else plan)[0]
                whole += told["Execution Time"]
            wholes.append(whole)
        return round(statistics.median(wholes), 3)

    def plain(self, user, *, whole: bool = False) -> "Plain":
        """Return a plain Django view of 50 rows: one query of models and one table drawn by a Django
        template, no menu, no rights, no counts, no time in words; or with `whole` the product's own
        page as `_plain_page` says. Both with the session, log-in and CSRF that Django ships, through
        Django's own handler."""
        import _plain_page
        from django.conf import settings
        from django.contrib.auth.decorators import login_required
        from django.http import HttpResponse
        from django.template import engines
        from django.test import Client, RequestFactory, override_settings
        from django.urls import include, path
        from django.utils import timezone

        from nep.apps.work.models import WorkItem
        from nep.config import urls
        from nep.foundation.web import navigation

        template = engines["django"].from_string(_plain_page.TEXT if whole else PLAIN)
        agency_id, counts = self.scene.agency_id, dict.fromkeys(("late", "today", "week"), 30)

        @login_required
        def view(request):
            context: dict[str, object] = {"user": request.user}
            if whole:
                context |= _plain_page.values(
                    agency_id=agency_id, now=timezone.now(), counts=counts, groups=groups
                )
            else:
                rows = WorkItem.objects.filter(agency_id=agency_id, listed=True, state=0)
                context |= {"items": rows.order_by("due_at", "id")[:50], "now": timezone.now()}
            return HttpResponse(template.render(context, request))

        name = "bench_same_urls" if whole else "bench_plain_urls"
        module = type(sys)(name)
        module.urlpatterns = [path("viec-thuong/", view), path("", include(urls))]
        sys.modules[name] = module
        stack = [
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ]
        settings_of_plain = override_settings(
            ROOT_URLCONF=name, MIDDLEWARE=stack,
            SESSION_ENGINE="django.contrib.sessions.backends.db",
            AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
        )  # fmt: skip
        asker = RequestFactory().get("/viec/")
        asker.now = timezone.now()
        asker.actor = self.scene.actor("ha", now=asker.now)
        groups = navigation.groups_for(asker)
        with settings_of_plain:
            client = Client()
            client.force_login(user)
            client.get("/viec-thuong/")
        assert name != settings.ROOT_URLCONF

        def asked() -> None:
            answer = client.get("/viec-thuong/")
            assert answer.content.count(b"<tr") >= 50
            self.sizes[whole] = len(answer.content)

        return Plain(settings_of_plain, asked)

    def beside(self, ours: Callable[[], object], plain: "Plain") -> float:
        """Return how many of our requests fit into the processor time of one plain request; the
        two take turns, and changing the settings from one to the other is not counted."""
        times: dict[int, list[float]] = {0: [], 1: []}
        for _ in range(ROUNDS // 4):
            times[0] += spent(ours)
            with plain.settings:
                times[1] += spent(plain.ask)
        return round(statistics.median(times[1]) / statistics.median(times[0]), 2)

    def doctor(self) -> str:
        """Return what `nep doctor` finds, in words."""
        from nep.foundation.db.doctor import examine

        findings = [one for _title, found in examine() for one in found]
        return f"{len(findings)} phát hiện" + "".join(f"; {one}" for one in findings[:3])


@dataclass(frozen=True, slots=True)
class Plain:
    """A rival's request, and the settings it runs under."""

    settings: AbstractContextManager
    ask: Callable[[], object]


def spent(work: Callable[[], object]) -> list[float]:
    """Return the processor seconds of four rounds, after one that is not counted."""
    work()
    times = []
    for _ in range(4):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return times


FRAGMENT = {"HX-Request": "true", "HX-Target": "rows"}


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median of some rounds in milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - started))
    return round(statistics.median(times), 3)


if __name__ == "__main__":
    measure(
        __file__, __doc__, rows="items", whole=5_000_000, short=200_000,
        bench=lambda items, _parts: Bench(items).run(),
    )  # fmt: skip
