"""What a failed delivery means and what to do about it, from the provider's code, verdict and words.

Source: RFC 3463 (enhanced mail system status codes), with the provider's re-classing of domain rule 3.2: a full mailbox
or an unknown user is treated as lasting even when the code's first digit says otherwise, so the class alone never
decides. A temporary failure is tried seven times over about 21 hours, and then held to last as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.records import BounceKind, DeliveryState
from app.rules.bounce_codes import ASK, LATER, MEANINGS, READ_IT, SUBJECTS, CodeMeaning, Fault
from app.rules.bounce_words import cause_in

_CODE: Final = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\w)")
_REPLY: Final = re.compile(r"(?:^|\bsmtp;|\bsaid:)\s*([45][0-5]\d)(?=[\s-]|$)", re.IGNORECASE)


class Basis(StrEnum):
    """What a verdict rests on, the strongest first."""

    CODE = "code"
    """The code names the cause."""
    WORDS = "words"
    """The provider's words name the cause."""
    PROVIDER = "provider"
    """The provider calls it lasting or passing and does not say why."""
    CLASS = "class"
    """Nothing but the first digit: enough to tell people, never to give an address up."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceMeaning:
    """One failed delivery, explained."""

    sentence: str
    """What happened, without the address."""
    advice: str
    """What the person can do."""
    is_lasting: bool
    """Trying the same address again will fail again."""
    fault: Fault = Fault.UNKNOWN
    """With what something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceVerdict:
    """What we make of one failed delivery, with all that was said of it, unchanged."""

    code: str
    """The code that was understood, such as ``5.1.1`` or ``550``; empty when there was none."""
    provider_verdict: str
    """As the provider wrote it; empty when it gave none."""
    kind: BounceKind
    basis: Basis
    meaning: BounceMeaning

    @property
    def condemns_the_address(self) -> bool:
        """Whether the address is to be suppressed at once. Never on the first digit alone (domain rule 3.2)."""
        return self.kind is BounceKind.HARD and self.basis is not Basis.CLASS


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySpan:
    """How long passing failures of one sending are taken for passing."""

    tries: int = 7
    span: timedelta = timedelta(hours=21)


_SAME: Final = timedelta(seconds=1)
"""Moments that are nearer to each other are one, told in whole seconds and in fractions."""


def status_code(text: str) -> str:
    """The first RFC 3463 code in ``text``, such as ``5.1.1``; empty when there is none."""
    found = _CODE.search(text)
    return found.group() if found else ""


def explain(code: str, detail: str = "") -> BounceMeaning:
    """What ``code`` means; a code in ``detail`` counts when ``code`` has none, and its words when the code is vague."""
    return judge(code, detail).meaning


def judge(code: str, detail: str = "", provider_verdict: str = "") -> BounceVerdict:
    """What is to be made of a failed delivery. Total: whatever the three say, there is a sentence.

    ``code`` and ``detail`` are the provider's own, and so is ``provider_verdict``, such as ``Permanent`` or ``soft``. A
    registered detail of the code decides first, then words, then the verdict, then the class.
    """
    shown, class_, subject, number = _read(code, detail)
    if class_ == "2":
        return BounceVerdict(
            code=shown, provider_verdict=provider_verdict, kind=BounceKind.NONE, basis=Basis.CODE, meaning=_SUCCESS
        )
    named = MEANINGS.get((subject, number))
    is_exact = named is not None and "." in shown and (subject, number) not in _VAGUE
    said = None if is_exact else cause_in(f"{code} {detail}")
    general = named or SUBJECTS.get(subject) or (_unregistered(shown) if class_ else None)
    known = said or general or _BY_VERDICT[_verdict(provider_verdict)]
    lasts, basis = known.lasts, Basis.WORDS if said else Basis.CODE
    if lasts is None:
        verdict = _verdict(provider_verdict)
        lasts, basis = verdict, Basis.PROVIDER
        if verdict is None:
            lasts, basis = (class_ == "5", Basis.CLASS) if class_ else (None, Basis.NOTHING)
    return BounceVerdict(
        code=shown,
        provider_verdict=provider_verdict,
        kind=_kind(lasts, known.fault, basis),
        basis=basis,
        meaning=BounceMeaning(sentence=known.sentence, advice=known.advice, is_lasting=bool(lasts), fault=known.fault),
    )


def bounce_of(state: DeliveryState, code: str, detail: str, provider_verdict: str) -> BounceKind | None:
    """Our class of a claim, to be kept beside the provider's; None when the claim is not that something failed."""
    return judge(code, detail, provider_verdict).kind if state in _FAILURES else None


def is_given_up(tries: Iterable[datetime], span: RetrySpan = RetrySpan()) -> bool:
    """Whether the passing failures of **one** sending are to be taken for lasting.

    ``tries`` are the moments at which it failed, in any order, each counted once, also where a second source tells it
    with another precision. Seven of them, or 21 hours from the
    first to the last, and the address is suppressed (domain rule 3.2). Failures of different sendings do not add up: an
    address that was busy in May and in June is not a dead one.
    """
    told, moments = sorted(tries), list[datetime]()
    for each in told:
        if not moments or each - moments[-1] >= _SAME:
            moments.append(each)
    return bool(told) and (len(moments) >= span.tries or told[-1] - told[0] >= span.span)


def _read(code: str, detail: str) -> tuple[str, str, int, int]:
    """The code as found, its class, subject and detail; a plain SMTP reply counts when there is no better one."""
    if found := _CODE.search(code) or _CODE.search(detail):
        return found.group(), found.group(1), int(found.group(2)), int(found.group(3))
    if reply := _REPLY.search(code) or _REPLY.search(detail):
        subject, number = _REPLIES.get(reply.group(1), (0, 0))
        return reply.group(1), reply.group(1)[0], subject, number
    return "", "", -1, 0


def _verdict(word: str) -> bool | None:
    folded = re.sub(r"[^a-z]", "", word.casefold())
    if folded in _LASTING_WORDS:
        return True
    return False if folded in _PASSING_WORDS else None


def _kind(lasts: bool | None, fault: Fault, basis: Basis) -> BounceKind:
    if lasts is None:
        return BounceKind.UNKNOWN
    if not lasts:
        return BounceKind.SOFT
    # A provider that says "permanent" and no cause speaks of the address; a first digit speaks of the message alone.
    is_hard = fault is Fault.ADDRESS or (fault is Fault.UNKNOWN and basis is Basis.PROVIDER)
    return BounceKind.HARD if is_hard else BounceKind.REFUSED


def _unregistered(code: str) -> CodeMeaning:
    return CodeMeaning(f"The message was refused with the code {code}.", READ_IT, None, Fault.UNKNOWN)


_FAILURES: Final = frozenset({DeliveryState.BOUNCED, DeliveryState.DEFERRED, DeliveryState.FAILED})

_UNEXPLAINED: Final = CodeMeaning(
    "The message could not be delivered, and the provider gave no code.", READ_IT, None, Fault.UNKNOWN
)
_BY_VERDICT: Final = {
    None: _UNEXPLAINED,
    True: CodeMeaning("The provider says that it fails for good, and gave no code.", ASK, None, Fault.UNKNOWN),
    False: CodeMeaning("The provider says that it will pass, and gave no code.", LATER, None, Fault.UNKNOWN),
}
"""What stands where neither a code nor words name a cause, by the provider's verdict."""
_SUCCESS: Final = BounceMeaning(
    sentence="The code reports success: nothing failed.", advice="Nothing is to be done.", is_lasting=False
)

_VAGUE: Final = frozenset({(1, 5), (1, 9), (3, 6), (7, 1)})
"""Details that are registered and yet say less than the words beside them: X.7.1 stands for every kind of refusal."""

_REPLIES: Final = {
    # RFC 5321 §4.2.3. Each is used for more than one cause, so none is read as naming the mailbox itself.
    "421": (3, 2),
    "450": (2, 0),
    "451": (3, 0),
    "452": (3, 1),
    "455": (5, 4),
    "500": (5, 2),
    "501": (5, 4),
    "502": (5, 1),
    "503": (5, 1),
    "504": (5, 4),
    "535": (7, 8),
    "550": (1, 0),
    "551": (1, 0),
    "552": (2, 0),
    "553": (1, 0),
    "554": (0, 0),
}
"""Plain SMTP replies as the enhanced code that says the same; those not listed say their class and no more."""

_LASTING_WORDS: Final = frozenset({"hard", "hardbounce", "permanent", "permanentfail", "permanentfailure"})
_PASSING_WORDS: Final = frozenset(
    {"soft", "softbounce", "transient", "temporary", "temporaryfail", "temporaryfailure", "deferred", "delayed"}
)
