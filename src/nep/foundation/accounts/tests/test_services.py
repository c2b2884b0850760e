"""What happens to accounts: locks, codes, resets, idleness, settings."""

from datetime import timedelta
from types import SimpleNamespace

import pyotp
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from nep.foundation.accounts import queries, services
from nep.foundation.accounts.models import FailureCount, RecoveryCode, User
from nep.foundation.accounts.tests.conftest import NOW, PASSWORD
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal, TooMany

pytestmark = pytest.mark.django_db
HERE, OUTSIDE = "127.0.0.1", "203.0.113.7"


def sign_in(username="mailan", password=PASSWORD, address=HERE, now=NOW):
    return services.sign_in_with_password(
        username=username, password=password, address=address, now=now
    )


def fail(times, **more):
    for _ in range(times):
        with pytest.raises(Refusal):
            sign_in(password="sai", **more)


def enrol(user_id, now=NOW):
    secret = services.second_factor_start(user_id=user_id).secret
    codes = services.second_factor_confirm(
        user_id=user_id, code=pyotp.TOTP(secret).at(now), now=now
    )
    return secret, codes


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(person):
    fail(4)
    with pytest.raises(TooMany):
        sign_in(password="sai")

    with pytest.raises(TooMany) as caught:
        sign_in(address=OUTSIDE)

    assert "15 phút" in caught.value.message
    assert JournalEntry.objects.filter(action="account.locked").count() == 1


def test_many_right_log_ins_at_once_from_one_office_lock_nobody(person):
    being_looked_at = {"failures": 5, "first_at": NOW}
    FailureCount.objects.create(key=f"address:{HERE}", **being_looked_at)

    for _ in range(8):
        with pytest.raises(TooMany) as caught:
            sign_in()
        assert caught.value.code == "sign_in_busy"
    FailureCount.objects.filter(key=f"address:{HERE}").update(failures=4)

    assert sign_in().user.pk == person


def test_an_attempt_from_a_locked_address_counts_against_no_account(person):
    until = NOW + timedelta(minutes=15)
    FailureCount.objects.create(key=f"address:{HERE}", first_at=NOW, locked_until=until)

    for _ in range(8):
        with pytest.raises(TooMany) as caught:
            sign_in(password="sai")
        assert caught.value.code == "sign_in_locked"

    assert sign_in(address=OUTSIDE).user.pk == person


def test_a_password_that_was_hashed_otherwise_is_hashed_anew_at_the_next_log_in(person, settings):
    settings.PASSWORD_HASHERS = ["nep.foundation.accounts.hashers.PasswordHasher"]
    slow = Argon2PasswordHasher()
    known = User.objects.filter(pk=person)
    known.update(password=slow.encode(PASSWORD, slow.salt()))

    with pytest.raises(Refusal):
        sign_in(password="sai")
    assert "m=102400" in known.get().password
    sign_in()
    kept = known.get().password
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    sign_in()
    assert known.get().password == kept


def test_attempts_whose_server_died_give_way_to_one_more_after_half_a_minute(person):
    died = {"failures": 5, "first_at": NOW, "counted_at": NOW}
    FailureCount.objects.create(key=f"address:{HERE}", **died)

    for second in range(0, 31, 5):
        with pytest.raises(TooMany):
            sign_in(now=NOW + timedelta(seconds=second))
    assert sign_in(now=NOW + timedelta(seconds=31)).user.pk == person

    FailureCount.objects.update_or_create(key=f"address:{HERE}", defaults=died)
    with pytest.raises(TooMany) as caught:
        sign_in(password="sai", now=NOW + timedelta(seconds=31))
    assert caught.value.code == "sign_in_locked"


def test_the_lock_ends_by_itself_and_by_the_administrator(person):
    fail(5)
    later = NOW + timedelta(minutes=15, seconds=1)
    assert sign_in(now=later).user.pk == person

    fail(5, now=later)
    services.account_unlock(user_id=person, actor=None, now=later)
    FailureCount.objects.filter(key__startswith="address:").delete()
    assert sign_in(now=later).user.pk == person


def test_who_was_unlocked_or_given_a_password_gets_in_from_where_they_failed(person):
    fail(5)
    services.account_unlock(user_id=person, actor=None, now=NOW)
    assert sign_in().user.pk == person

    fail(5)
    made = services.account_reset(user_id=person, actor=None, now=NOW, reason="quên mật khẩu")
    assert sign_in(password=made.password).user.pk == person


def test_unlocking_one_account_forgets_nothing_that_others_failed_at_its_address(person):
    fail(2, username="khongai")
    with pytest.raises(Refusal):
        sign_in(password="sai")
    services.account_unlock(user_id=person, actor=None, now=NOW)
    services.account_unlock(user_id=person, actor=None, now=NOW)
    assert FailureCount.objects.get(key=f"address:{HERE}").failures == 2

    fail(3, username="aido")
    services.account_unlock(user_id=person, actor=None, now=NOW)
    with pytest.raises(TooMany):
        sign_in()


def test_five_wrong_names_from_one_address_lock_the_address_only(person):
    for number in range(5):
        fail(1, username=f"nguoi{number}", address=OUTSIDE)

    with pytest.raises(TooMany):
        sign_in(address=OUTSIDE)
    assert sign_in(address=HERE).user.pk == person


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(person):
    with pytest.raises(Refusal) as unknown:
        sign_in(username="khongai", password="sai", address="198.51.100.1")
    with pytest.raises(Refusal) as wrong:
        sign_in(password="sai", address="198.51.100.2")

    assert unknown.value.message == wrong.value.message
    assert (unknown.value.code, unknown.value.status) == (wrong.value.code, wrong.value.status)


def test_a_right_password_forgets_the_failures_before_it(person):
    fail(4)
    sign_in()
    fail(4, address="198.51.100.1")

    assert sign_in().user.pk == person


def test_an_office_behind_one_address_is_not_locked_by_its_own_slips(person):
    for _ in range(6):
        fail(1)
        assert sign_in().user.pk == person


def test_a_stopped_account_says_so_only_to_who_knows_its_password(person):
    services.account_disable(user_id=person, actor=None, now=NOW, reason="Nghỉ hưu")

    with pytest.raises(Forbidden) as knows:
        sign_in()
    with pytest.raises(Refusal) as guesses:
        sign_in(password="sai")
    assert "Nghỉ hưu" in knows.value.message
    assert "ngừng" not in guesses.value.message


def test_a_code_works_once_and_not_after_its_time(person):
    secret, _codes = enrol(person, now=NOW)
    later = NOW + timedelta(minutes=2)
    code = pyotp.TOTP(secret).at(later)

    services.sign_in_with_code(user_id=person, code=code, address=HERE, now=later)
    with pytest.raises(Refusal):
        services.sign_in_with_code(user_id=person, code=code, address=HERE, now=later)
    old = pyotp.TOTP(secret).at(later + timedelta(minutes=1))
    with pytest.raises(Refusal):
        services.sign_in_with_code(
            user_id=person, code=old, address=HERE, now=later + timedelta(minutes=5)
        )


def test_a_recovery_code_works_once_and_is_kept_only_as_a_hash(person):
    _secret, codes = enrol(person)

    services.sign_in_with_code(user_id=person, code=codes[0].upper(), address=HERE, now=NOW)
    with pytest.raises(Refusal):
        services.sign_in_with_code(user_id=person, code=codes[0], address=HERE, now=NOW)
    assert queries.recovery_codes_left(person) == 9
    kept = "".join(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert codes[1].replace("-", "") not in kept


def test_five_wrong_codes_lock_the_second_step(person):
    secret, _codes = enrol(person)
    for _ in range(5):
        with pytest.raises(Refusal):
            services.sign_in_with_code(user_id=person, code="000000", address=HERE, now=NOW)

    later = NOW + timedelta(minutes=3)
    with pytest.raises(TooMany):
        services.sign_in_with_code(
            user_id=person, code=pyotp.TOTP(secret).at(later), address=HERE, now=later
        )


def test_the_internet_needs_a_second_factor_unless_it_is_the_first_log_in(person):
    first = sign_in(address=OUTSIDE)
    assert first.must_enrol

    User.objects.filter(pk=person).update(last_active_at=NOW)
    with pytest.raises(Forbidden) as caught:
        sign_in(address=OUTSIDE)
    assert caught.value.code == "totp_missing"
    assert not sign_in(address=HERE).needs_code


def test_a_password_is_not_used_again_within_ten(person):
    current = PASSWORD
    for number in range(3):
        fresh = f"{PASSWORD}-{number}"
        services.password_change(
            user_id=person, old_password=current, new_password=fresh, keep_session="", now=NOW
        )
        current = fresh

    with pytest.raises(Refusal) as caught:
        services.password_change(
            user_id=person, old_password=current, new_password=PASSWORD, keep_session="", now=NOW
        )
    assert caught.value.code == "password_reused"


def test_a_reset_gives_a_password_for_one_use_and_journals_the_reason(person):
    fresh = services.account_reset(user_id=person, actor=None, now=NOW, reason="Quên mật khẩu")

    assert sign_in(password=fresh.password).user.must_change_password
    entry = JournalEntry.objects.get(action="account.password_reset")
    assert entry.reason == "Quên mật khẩu"
    assert fresh.password not in entry.new + entry.old
    with pytest.raises(Refusal):
        services.account_reset(user_id=person, actor=None, now=NOW, reason="  ")


def test_accounts_idle_for_45_days_stop_but_never_the_last_system_administrator(person):
    chief = services.account_create(
        username="quantri", password=PASSWORD, actor=None, now=NOW, is_system_admin=True
    )
    later = NOW + timedelta(days=45, minutes=1)

    assert services.idle_accounts_disable(now=NOW + timedelta(days=44)) == 0
    assert services.idle_accounts_disable(now=later) == 1
    assert services.idle_accounts_disable(now=later) == 0
    rows = queries.account_rows([person, chief.user_id], now=later)
    assert rows[person].state == "disabled"
    assert rows[chief.user_id].is_active


def test_a_name_is_taken_once_whatever_its_case(person):
    with pytest.raises(Refusal) as caught:
        services.account_create(username="MaiLan", actor=None, now=NOW)

    assert caught.value.code == "username_taken"


def test_a_security_value_may_be_stricter_but_not_looser_than_its_source(person):
    with pytest.raises(Forbidden):
        services.setting_change(user_id=person, key="session_lock_minutes", value=5, now=NOW)
    User.objects.filter(pk=person).update(is_system_admin=True)
    with pytest.raises(Refusal):
        services.setting_change(user_id=person, key="session_lock_minutes", value=30, now=NOW)
    with pytest.raises(NotFound):
        services.setting_change(user_id=person, key="khong_co", value=1, now=NOW)

    assert services.setting_change(user_id=person, key="session_lock_minutes", value=10, now=NOW)
    queries.forget_policy()
    assert queries.security_policy().session_lock_minutes == 10
    entry = JournalEntry.objects.get(action="account.setting_changed")
    assert (entry.old, entry.new) == ("15", "10")


def test_the_secret_of_a_second_factor_is_not_in_the_database(person):
    secret, _codes = enrol(person)
    factor = User.objects.get(pk=person).second_factor

    assert secret not in str(factor.__dict__)


def test_removing_a_lost_second_factor_asks_for_a_reason_and_lets_enrol_anew(person):
    first, _codes = enrol(person)
    with pytest.raises(Refusal):
        services.second_factor_remove(user_id=person, actor=None, now=NOW, reason="")

    services.second_factor_remove(user_id=person, actor=None, now=NOW, reason="Mất điện thoại")
    assert not queries.has_second_factor(person)
    assert services.second_factor_start(user_id=person).secret != first


def test_a_system_administrators_account_is_touched_only_by_another_one(person):
    chief = services.account_create(
        username="quantri", password=PASSWORD, actor=None, now=NOW, is_system_admin=True
    ).user_id
    below = SimpleNamespace(user_id=person, agency_id=1)
    told = {"actor": below, "now": NOW, "reason": "Thử"}

    with pytest.raises(Forbidden):
        services.account_reset(user_id=chief, **told)
    with pytest.raises(Forbidden):
        services.account_disable(user_id=chief, **told)
    with pytest.raises(Forbidden):
        services.second_factor_remove(user_id=chief, **told)
    User.objects.filter(pk=person).update(is_system_admin=True)
    assert services.account_reset(user_id=chief, **told).user_id == chief
