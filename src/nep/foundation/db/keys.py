"""`pk__among=[…]`: thousands of keys as one parameter instead of one each.

A long `IN` is read and planned key by key; an array is not.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Lookup

from nep.foundation.db.fields import TimeOrderedIdField


@TimeOrderedIdField.register_lookup
class Among(Lookup):
    """A key is one of those given, best as a frozenset: lists are looked through for expressions."""

    lookup_name = "among"
    prepare_rhs = False
    rhs: Iterable[int]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition for SQLite."""
        column, parameters = self.process_lhs(compiler, connection)
        keys = json.dumps([int(key) for key in self.rhs])
        return f"{column} IN (SELECT value FROM json_each(%s))", (*parameters, keys)  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition for PostgreSQL."""
        column, parameters = self.process_lhs(compiler, connection)
        keys = "{" + ",".join(str(int(key)) for key in self.rhs) + "}"
        return f"{column} = ANY(%s::bigint[])", (*parameters, keys)
