"""Structured logs: one JSON object a line, for collectors; whose mistake a line tells, by level."""

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """Write time, level, logger, message and, where there is one, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in ("request_id", "agency_id", "user_id", "path", "status", "ms"):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class CallersMistake(logging.Filter):
    """Tell what only the caller did wrong as a warning of one line: no fault of the server.

    Whoever tries a server by its number asks for a name that is not served, many times a day.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record through, as a warning without its traceback."""
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True
