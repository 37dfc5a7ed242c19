"""What every sign-in in a browser needs, whoever's browser page it is: PKCE, and an ear on this machine."""

from connectors.oauth.loopback import BrowserRefusedError, Loopback, TooLateError
from connectors.oauth.pkce import Challenge

__all__ = ["BrowserRefusedError", "Challenge", "Loopback", "TooLateError"]
