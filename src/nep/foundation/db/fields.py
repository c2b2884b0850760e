"""Model fields that differ from Django's own."""

from django.db import models

from nep.foundation.db.ids import new_id


class TimeOrderedIdField(models.BigIntegerField):
    """A primary key made by the program, ordered by time (see `ids`).

    On SQLite its type is "integer", which makes the key the row's own place in the table: no
    second index to look up and to write.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def db_type(self, connection):
        if connection.vendor == "sqlite" and self.primary_key:
            return "integer"
        return super().db_type(connection)

    def rel_db_type(self, connection):
        return models.BigIntegerField().db_type(connection)
