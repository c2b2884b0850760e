"""A repeated post answers as the first did, and a refused one may be sent again."""

import threading

import pytest
from django.db import connection, connections
from django.test import Client

from nep.foundation.accounts import services
from nep.foundation.accounts.models import OldPassword, User
from nep.foundation.web.models import Submission
from nep.foundation.web.once import KEEP, submissions_forget
from nep.foundation.web.tests.conftest import NOW, PASSWORD, sign_in


@pytest.fixture
def member(client, people):
    sign_in(client)
    return client


def test_the_same_key_writes_once_and_answers_the_same(member):
    first = member.post("/ghi/", {"_once": "k1"})
    second = member.post("/ghi/", {"_once": "k1"})

    assert OldPassword.objects.count() == 1
    assert second.content == first.content
    assert second["HX-Trigger"] == "xong" and second["X-Nep-Repeated"] == "1"


def test_another_key_or_no_key_writes_again(member):
    member.post("/ghi/", {"_once": "k1"})
    member.post("/ghi/", {"_once": "k2"})
    member.post("/ghi/")

    assert OldPassword.objects.count() == 3


def test_the_key_of_one_person_is_not_the_key_of_another(member):
    services.account_create(
        username="hungtran", password=PASSWORD, must_change=False, actor=None, now=NOW
    )
    other = Client()
    sign_in(other, "hungtran")
    member.post("/ghi/", {"_once": "k1"})
    other.post("/ghi/", {"_once": "k1"})

    assert OldPassword.objects.count() == 2


def test_a_refused_post_leaves_nothing_and_may_be_repeated(member):
    refused = member.post("/ghi/", {"_once": "k1", "refuse": "1"})
    assert refused.status_code == 422
    assert OldPassword.objects.count() == 0

    assert member.post("/ghi/", {"_once": "k1"}).status_code == 200
    assert OldPassword.objects.count() == 1


def test_a_form_shown_again_keeps_its_key_free(member):
    assert member.post("/ghi/", {"_once": "k1", "invalid": "1"}).status_code == 422

    assert member.post("/ghi/", {"_once": "k1"}).status_code == 200


def test_old_keys_are_forgotten(member):
    member.post("/ghi/", {"_once": "k1"})

    assert submissions_forget(now=NOW + KEEP) == 0
    assert submissions_forget(now=NOW + KEEP * 2) == 1
    assert Submission.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_the_same_moment_write_once(clock):
    # The journal lets nobody empty it, so this test signs in without a journal entry.
    user = User.objects.create(username="mailan", created_at=NOW, enabled_at=NOW)
    client = Client()
    client.force_login(user)
    cookies, answers = client.cookies, []

    def post():
        own = Client()
        own.cookies = cookies
        answers.append(own.post("/ghi/", {"_once": "k1"}))
        connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
    assert OldPassword.objects.count() == 1
