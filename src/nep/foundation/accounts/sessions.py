"""Sessions and accounts as every request reads them: by prepared statements."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from nep.foundation.accounts.models import User
from nep.foundation.db import Mark, Prepared

_SESSION = Prepared(
    lambda: Session.objects.filter(
        session_key=Mark("key"), expire_date__gt=Mark("now")
    ).values_list("session_data")
)  # fmt: skip
_USER = Prepared(lambda: User.objects.filter(pk=Mark("key")))


class SessionStore(db.SessionStore):
    """Django's sessions in the database, read by a prepared statement."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; an unknown key is forgotten, as Django does."""
        rows = _SESSION.rows(key=self.session_key, now=timezone.now())
        if rows:
            return self.decode(rows[0][0])
        self._session_key = None
        return {}

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table that Django's own engine uses."""
        return Session


class AccountBackend(ModelBackend):
    """Django's accounts, read by a prepared statement."""

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session, when it may still sign in."""
        user = _USER.first(key=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
