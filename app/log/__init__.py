"""The one log of the program: lines of JSON that tell where and what, and never whom or what about.

Everybody speaks through the standard library's ``logging``: a sentence that is a constant, and ``extra=`` with keys of
:data:`app.log.redaction.KEYS`. What else comes in (libraries, warnings, Qt, threads that die) goes through the same
redaction. Nothing leaves the machine.
"""

from app.log.context import about, now_about
from app.log.doors import FaultDoors, OnFault, loop_fault
from app.log.redaction import line_of, trace_of
from app.log.writing import Log, read_last_lines

__all__ = ["FaultDoors", "Log", "OnFault", "about", "line_of", "loop_fault", "now_about", "read_last_lines", "trace_of"]
