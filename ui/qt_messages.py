"""What Qt says by itself, into the log: which category, how bad, which of its methods. The rest may hold values."""

import logging
import re
from typing import Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.log.redaction import Place

log = logging.getLogger(__name__)

_METHOD: Final = re.compile(r"(Q[A-Za-z]+)::~?(\w+)", re.ASCII)
_LEVELS: Final = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class QtMessages:
    """Takes Qt's messages over, from :meth:`open` to :meth:`close`."""

    def open(self) -> None:
        """Hear what Qt says from now on."""
        qInstallMessageHandler(hear)

    def close(self) -> None:
        """Let Qt write to the terminal again."""
        qInstallMessageHandler(None)


def hear(level: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Log one message of Qt's; what it only says to its own developers is left out."""
    if level not in _LEVELS:
        return
    method = _METHOD.match(message)
    where = (Place(method[1], 0, method[2]),) if method else ()
    log.log(_LEVELS[level], "Qt warns", extra={"category": context.category or "default", "where": where})
