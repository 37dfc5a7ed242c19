"""Processes that are started a thousand times: one reads the code, and each is a fork of it."""

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import TypeVar

Given = TypeVar("Given")


def process_for(work: Callable[[Given], None], given: Given) -> BaseProcess:
    """A process of its own that does ``work(given)``, not yet started."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn").Process(target=work, args=(given,), daemon=True)
    # A thousand starts from nothing would take half an hour.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.soak.desk_process"])
    return context.Process(target=work, args=(given,), daemon=True)
