"""Model fields that differ from Django's own."""

from django.db import models

from nep.foundation.db.ids import new_id


class TimeOrderedIdField(models.BigIntegerField):
    """A primary key made by the program, ordered by time (see `ids`)."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs
