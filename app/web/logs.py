"""One JSON object a line on standard output, secrets blotted out. Knows nothing of requests."""

import json
import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PASSWORD_IN_URL = re.compile(r"(?<=://)([^\s/@:]*):[^\s@]+@")
"""`user:password@` after a scheme, wherever a driver's message repeats a URL."""


def _without_passwords(value: object) -> object:
    if isinstance(value, str) and "://" in value:
        return PASSWORD_IN_URL.sub(r"\1:***@", value)
    return value


def blot_out_passwords(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The event without what stands between `:` and `@` in a URL."""
    return {key: _without_passwords(value) for key, value in event.items()}


def _dumps(event: dict[str, Any], **_: object) -> str:
    return json.dumps(event, default=str, separators=(",", ":"))


def _last_steps() -> list[Processor]:
    return [
        structlog.processors.format_exc_info,
        blot_out_passwords,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(serializer=_dumps),
    ]


def configure_logs(level: str, *, service: str, environment: str) -> None:
    """Send every log line of this process, the libraries' too, to standard output as JSON."""

    def name_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        event["environment"] = environment
        return event

    first_steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        name_service,
    ]
    structlog.configure(
        processors=[*first_steps, *_last_steps()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first_steps, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last_steps()],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for chatty in ("httpx2", "httpcore2", "alembic", "sqlalchemy.engine"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
