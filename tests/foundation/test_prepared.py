"""Prepared queries answer as the queries they were made from, and are seen as statements."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Concat, Lower
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from nep.foundation.accounts.models import SignIn, User
from nep.foundation.db import Mark, Prepared

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 8, 15, 30, 250_000, tzinfo=UTC)


@pytest.fixture
def users():
    return [
        User.objects.create(
            username=f"can.bo{n}", created_at=NOW, enabled_at=NOW + timedelta(hours=n),
            must_change_password=bool(n % 2), password_changed_at=NOW if n else None,
        )
        for n in range(3)
    ]  # fmt: skip


def test_instances_are_those_of_the_query(users):
    asked = Prepared(lambda: User.objects.filter(pk=Mark("key")))

    for user in users:
        found = asked.first(key=user.pk)
        assert found == user and found._state.db == "default" and not found._state.adding
        known = User.objects.get(pk=user.pk)
        assert {n: v for n, v in vars(found).items() if n != "_state"} == {
            n: v for n, v in vars(known).items() if n != "_state"
        }
    assert asked.first(key=1) is None


def test_a_number_longer_than_any_kept_finds_nothing(users):
    asked = Prepared(lambda: User.objects.filter(pk=Mark("key")))

    assert asked.objects(key=10**30) == []
    assert asked.first(key=users[0].pk) == users[0]


def test_moments_conditions_and_slices_are_those_of_the_query(users):
    def shape(since):
        rows = User.objects.filter(enabled_at__gte=since, is_active=True).order_by("-enabled_at")
        return rows.values_list("username", "enabled_at", "must_change_password")[:2]

    asked = Prepared(lambda: shape(Mark("since")))

    for hours in range(4):
        since = NOW + timedelta(hours=hours)
        assert asked.rows(since=since) == list(shape(since))


def test_each_run_is_one_statement_that_watchers_see(users):
    asked = Prepared(lambda: User.objects.filter(pk=Mark("key")).values_list("username"))
    with CaptureQueriesContext(connection) as seen:
        assert asked.rows(key=users[1].pk) == [("can.bo1",)]
        assert asked.rows(key=users[2].pk) == [("can.bo2",)]

    assert len(seen) == 2 and str(users[2].pk) in seen[1]["sql"]


def test_watched_or_not_a_query_answers_the_same(users):
    def shape(start):
        marked = Concat(F("username"), Value("%s %%"))
        rows = User.objects.filter(username__startswith="can.b", enabled_at__gte=start)
        return rows.order_by("username").values_list("username", "enabled_at", marked)

    asked = Prepared(lambda: shape(Mark("start")))

    plain = asked.rows(start=NOW)
    with CaptureQueriesContext(connection):
        watched = asked.rows(start=NOW)
    assert plain == watched == list(shape(NOW)) and len(plain) == 3


def test_nothing_is_asked_after_a_broken_transaction(users):
    asked = Prepared(lambda: User.objects.filter(pk=Mark("key")))

    with pytest.raises(TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        asked.first(key=users[0].pk)


def test_columns_that_are_computed_are_those_of_the_query(users):
    def shape(name):
        same = User.objects.filter(username=OuterRef("username"), username__startswith=name)
        return User.objects.order_by("pk").values_list(
            Exists(same), Lower("username"), "enabled_at"
        )

    asked = Prepared(lambda: shape("can"))

    assert asked.rows() == list(shape("can")) and len(asked.rows()) == 3


def test_what_is_joined_comes_with_its_instance(users):
    for place, user in enumerate(users[:2]):
        SignIn.objects.create(
            session_key=f"k{place}", user=user, started_at=NOW, last_active_at=NOW, address="a",
            device="b",
        )  # fmt: skip
    asked = Prepared(lambda: SignIn.objects.select_related("user").order_by("session_key"))

    found = asked.objects()
    with CaptureQueriesContext(connection) as seen:
        assert [(one.session_key, one.user) for one in found] == [
            ("k0", users[0]), ("k1", users[1]),
        ]  # fmt: skip
        assert found[1].user.enabled_at == users[1].enabled_at
    assert len(seen) == 0
