"""Django's `migrate`, which creates the tables of a migration at once."""

from typing import Any

from django.core.management.commands import migrate

from nep.foundation.db.at_once import AtOnceExecutor


class Command(migrate.Command):
    """Migrate as Django does, by an executor that describes the models fewer times."""

    def handle(self, *given: Any, **options: Any) -> None:
        """Migrate."""
        usual = migrate.MigrationExecutor
        migrate.MigrationExecutor = AtOnceExecutor  # type: ignore[misc]
        try:
            super().handle(*given, **options)
        finally:
            migrate.MigrationExecutor = usual  # type: ignore[misc]
