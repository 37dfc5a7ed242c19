"""The page on which a person lets an application in, for browsers that come to the address where OAuth starts.

Whoever comes with the two headers of a signed-in call gets the documented answers. A browser has none, and the vendor's
own page is not published: this one is CHOSEN, a name, a password and one question.
"""

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>iconik</title><h1>Let “{app}” in?</h1><p>{words}</p><form method=post>"
    "<label>E-mail <input name=email type=email autofocus></label> "
    "<label>Password <input name=password type=password></label> "
    "<button name=confirm value=true>Allow</button> <button name=confirm value=false>Refuse</button></form>"
)
_PRIVATE: Final = {"Cache-Control": "no-store", "X-Frame-Options": "DENY"}


def is_browser(request: Request) -> bool:
    """Whether somebody came who is not signed in as calls are."""
    return not hasattr(request.state, "user")


def page(app: str, words: str = "", *, status: int = 200) -> Response:
    """The question; ``words`` say what was wrong with the last answer."""
    return HTMLResponse(_PAGE.format(app=escape(app), words=escape(words)), status_code=status, headers=_PRIVATE)


def back(address: str) -> Response:
    """On to where the application waits."""
    return RedirectResponse(address, status_code=302, headers=_PRIVATE)
