"""One method per Exstream call that the desk uses. Every method raises any ConnectorError and nothing else."""

from collections.abc import Callable
from typing import Final

from connectors.exstream import replies
from connectors.exstream.csrf import CsrfPair
from connectors.exstream.design_calls import DesignCalls
from connectors.exstream.event_calls import EventCalls
from connectors.exstream.input_calls import InputCalls
from connectors.exstream.run_calls import RunCalls
from connectors.exstream.site import SAMPLES_SITE, Site
from connectors.http import Exchange, Pace, SignIn, Transport, Wire

PACE: Final = Pace(calls=20, per_s=1.0, at_once=4)
"""CHOSEN: no rate limit is published."""


def open_exstream(
    *,
    base_url: str,
    sign_in: SignIn,
    site: Site = SAMPLES_SITE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "ExstreamClient":
    """A client of the Exstream at ``base_url``; see :mod:`connectors.exstream.sign_in`."""
    transport = Transport(
        system="Exstream",
        base_url=base_url,
        sign_in=CsrfPair(sign_in, site=site) if site.csrf_cookie else sign_in,
        read_failure=replies.read_failure,
        pace=PACE,
        on_exchange=on_exchange,
        wire=wire,
    )
    return ExstreamClient(transport, site=site)


class ExstreamClient(DesignCalls, InputCalls, RunCalls, EventCalls):
    """Designs, composition, runs and events of one tenant. ``domain`` is an Exstream domain's id."""
