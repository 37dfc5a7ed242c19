"""OpenText Directory Services: the sign-in that Exstream, Core DAM and Extended ECM share."""

from connectors.otds.client import OtdsClient, open_otds
from connectors.otds.models import BearerToken, Resource, Ticket, TokenFacts
from connectors.otds.sign_in import BearerSignIn
from connectors.otds.wire import TokenPath

__all__ = ["BearerSignIn", "BearerToken", "OtdsClient", "Resource", "Ticket", "TokenFacts", "TokenPath", "open_otds"]
