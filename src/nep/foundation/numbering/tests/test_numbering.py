"""Numbers are taken one by one: no double, no gap, also when many take at once."""

import threading

import pytest
from django.db import connection, transaction

from nep.foundation.numbering.services import take_number


@pytest.mark.django_db
def test_each_book_counts_by_itself():
    with transaction.atomic():
        taken = [take_number(agency_id=1, book="hồ sơ", year=2026) for _ in range(3)]
        other_year = take_number(agency_id=1, book="hồ sơ", year=2027)
        other_agency = take_number(agency_id=2, book="hồ sơ", year=2026)
    assert (taken, other_year, other_agency) == ([1, 2, 3], 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_action_gives_its_number_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        take_number(agency_id=1, book="b")
        raise RuntimeError
    with transaction.atomic():
        assert take_number(agency_id=1, book="b") == 1


@pytest.mark.django_db(transaction=True)
def test_many_takers_at_once_never_meet():
    taken: list[int] = []

    def take() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    taken.append(take_number(agency_id=1, book="đua", year=2026))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 61))
