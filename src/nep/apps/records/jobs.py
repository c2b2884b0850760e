"""What the worker does for records."""

from nep.apps.records import queries
from nep.foundation.search import sources

sources.register(queries.FILES_SOURCE)
sources.register(queries.RECORDS_SOURCE)
