"""Tables of the log-in: accounts, second factors, counters of failures, sessions, settings."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class UserManager(BaseUserManager["User"]):
    """Finds accounts by their folded log-in name."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person's key to the system. What the person may do is decided elsewhere."""

    id = TimeOrderedIdField()
    username = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    is_system_admin = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    needs_totp = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    enabled_at = models.DateTimeField()
    last_active_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=300, default="")

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(disabled_at__isnull=False),
                name="accounts_disabled_has_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["last_active_at"], condition=Q(is_active=True), name="accounts_idle"
            )
        ]

    def __str__(self) -> str:
        return self.username


class SecondFactor(models.Model):
    """A person's time-based code. The secret is made from `nonce` and the server's own key."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    nonce = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """One code for the day the phone is lost; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="accounts_recovery_once")
        ]


class OldPassword(models.Model):
    """A former password's hash, so that it is not used again too soon."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=256)
    kept_at = models.DateTimeField()


class FailureCount(models.Model):
    """Failed attempts of one account or one address; `key` says which.

    An attempt counts before it is looked at; `counted_at` is when the last one was.
    """

    key = models.CharField(max_length=120, primary_key=True)
    failures = models.IntegerField(default=0)
    first_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)


class SignIn(models.Model):
    """A session as its owner sees it: where from, on what, since when."""

    session_key = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    started_at = models.DateTimeField()
    last_active_at = models.DateTimeField()
    address = models.CharField(max_length=64)
    device = models.CharField(max_length=160)


class Setting(models.Model):
    """A value the system administrator has put in place of the shipped one."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.IntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
