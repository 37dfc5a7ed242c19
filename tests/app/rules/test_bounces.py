"""Why a message did not arrive, in words that help, and whether its address is to blame."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import BounceKind
from app.rules.bounce_codes import MEANINGS, SUBJECTS, Fault
from app.rules.bounces import Basis, RetrySpan, explain, is_given_up, judge, status_code

FIRST = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
REGISTERED = [
    *((1, detail) for detail in range(1, 11)),
    *((2, detail) for detail in range(1, 5)),
    *((3, detail) for detail in range(1, 7)),
    *((4, detail) for detail in range(1, 8)),
    *((5, detail) for detail in range(1, 7)),
    *((6, detail) for detail in range(1, 11)),
    *((7, detail) for detail in range(1, 31)),
]


@pytest.mark.parametrize(
    ("code", "words", "is_lasting"),
    [
        ("5.1.1", "mailbox does not exist", True),
        ("550 5.1.1 mailbox unknown", "mailbox does not exist", True),
        ("4.1.1", "mailbox does not exist", True),
        ("4.2.2", "mailbox is full", True),
        ("5.2.1", "switched off", True),
        ("5.7.1", "refused the message by its own rules", True),
        ("4.7.1", "refused the message by its own rules", False),
        ("4.4.1", "did not answer", False),
        ("5.1.10", "accepts no mail at all", True),
        ("5.7.26", "failed the checks of its sender", True),
        ("5.3.4", "larger than", True),
        ("4.2.99", "could not take the message", False),
        ("5.9.9", "refused with the code 5.9.9", True),
        ("550", "address was refused", True),
        ("451", "could not take the message", False),
        ("599", "gave no code", False),
        ("2.1.5", "reports success", False),
        ("", "gave no code", False),
    ],
)
def test_a_code_becomes_a_sentence(code: str, words: str, is_lasting: bool) -> None:
    """“5.1.1” tells nobody on the telephone what to do."""
    meaning = explain(code)

    assert words in meaning.sentence
    assert meaning.is_lasting is is_lasting
    assert meaning.advice.endswith(".")


@pytest.mark.parametrize("code", REGISTERED)
def test_every_registered_detail_has_its_own_meaning(code: tuple[int, int]) -> None:
    """The registry is finite, so no agent has to read one of its codes as a number."""
    meaning = explain(f"5.{code[0]}.{code[1]}")

    assert meaning.sentence == MEANINGS[code].sentence
    assert meaning.sentence != SUBJECTS[code[0]].sentence


def test_nothing_is_known_that_nobody_registered() -> None:
    """A slip of the key would explain a code that does not exist and leave out one that does."""
    assert set(MEANINGS) == set(REGISTERED)


@pytest.mark.parametrize("subject", range(8))
@pytest.mark.parametrize("class_", [4, 5])
def test_every_subject_has_a_sentence_for_details_to_come(class_: int, subject: int) -> None:
    """A code that is registered tomorrow must not be a riddle today."""
    verdict = judge(f"{class_}.{subject}.999")

    assert verdict.meaning.sentence == SUBJECTS[subject].sentence
    assert (verdict.basis, verdict.condemns_the_address) == (Basis.CLASS, False)


@pytest.mark.parametrize(
    ("reply", "same_as"),
    [
        ("421", "4.3.2"),
        ("450", "4.2.0"),
        ("451", "4.3.0"),
        ("452", "4.3.1"),
        ("455", "4.5.4"),
        ("500", "5.5.2"),
        ("501", "5.5.4"),
        ("502", "5.5.1"),
        ("503", "5.5.1"),
        ("504", "5.5.4"),
        ("535", "5.7.8"),
        ("550", "5.1.0"),
        ("551", "5.1.0"),
        ("552", "5.2.0"),
        ("553", "5.1.0"),
        ("554", "5.0.0"),
        ("555", "5.0.0"),
    ],
)
def test_a_plain_reply_says_what_its_longer_form_says(reply: str, same_as: str) -> None:
    """Old mail systems know three digits, and no agent knows them."""
    plain, longer = judge(reply), judge(same_as)

    assert (plain.meaning, plain.kind) == (longer.meaning, longer.kind)
    assert not plain.condemns_the_address


def test_a_code_in_the_providers_words_counts_when_there_is_no_other() -> None:
    """Many providers give their code in the text alone."""
    assert "does not exist" in explain("", "smtp; 550 5.1.1 user unknown").sentence


@pytest.mark.parametrize(
    ("words", "code"), [("smtp 5.1.10 no", "5.1.10"), ("v12.5.1.1.3", ""), ("3.1.1", ""), ("", "")]
)
def test_only_a_status_code_is_taken_for_one(words: str, code: str) -> None:
    """A version number is no reason for a bounce."""
    assert status_code(words) == code


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        ("450 4.2.0 mailbox is over quota: over quota", "The mailbox is full."),
        ("452 mailbox full", "The mailbox is full."),
        ("The email account that you tried to reach is over quota", "The mailbox is full."),
        ("450 4.7.1 recipient address unknown: user unknown", "The mailbox does not exist."),
        ("550 No such user here", "The mailbox does not exist."),
        ("554 delivery error: this account has been disabled", "The mailbox is switched off."),
        ("The address you sent to doesn't exist", "The mailbox does not exist."),
        ("host not found", "The domain of the address does not exist."),
        ("454 relay access denied", "The mail system that was asked does not look after the address."),
        ("550 5.7.1 SPF check failed", "The sender's address failed the SPF check."),
        ("421 too many connections", "The recipient's system gets too much mail from us."),
        ("450 4.7.1 greylisted", "The recipient's mail system asked to try again later."),
        ("554 5.7.1 your host is on a blocklist", "Our mail provider's machine stands on a list of unwanted senders."),
        ("550 message classified as spam", "The recipient's system took the message for unwanted mail."),
    ],
)
def test_words_name_the_cause_where_the_code_is_vague(detail: str, sentence: str) -> None:
    """“4.0.0” with “mailbox full” behind it is a full mailbox."""
    assert explain("", detail).sentence == sentence


@pytest.mark.parametrize("code", ["5.1.5", "5.1.9", "5.3.6", "5.7.1", "5.7.0", "5.0.0"])
def test_a_code_that_says_little_gives_way_to_words(code: str) -> None:
    """X.7.1 stands for every kind of refusal, and the words beside it for one."""
    assert judge(code, "User unknown").basis is Basis.WORDS


@pytest.mark.parametrize("word", ["hard", "Hard-Bounce", "PERMANENT", "permanent_fail", "permanent failure"])
def test_a_provider_s_word_for_lasting(word: str) -> None:
    """Each provider has its own spelling of the same verdict."""
    assert judge("4.0.0", "", word).meaning.is_lasting


@pytest.mark.parametrize("word", ["soft", "SoftBounce", "Transient", "temporary_fail", "deferred", "delayed"])
def test_a_provider_s_word_for_passing(word: str) -> None:
    """An address that comes back tomorrow would be struck out today."""
    assert not judge("5.0.0", "", word).meaning.is_lasting


def test_a_code_that_names_the_cause_is_not_talked_over() -> None:
    """A provider's help text mentions every cause there is."""
    assert explain("5.2.2", "If you think that the user is unknown, try again later").sentence == "The mailbox is full."


@pytest.mark.parametrize(
    ("code", "detail", "provider_verdict", "kind", "basis"),
    [
        ("4.2.2", "", "soft", BounceKind.HARD, Basis.CODE),
        ("4.1.1", "", "", BounceKind.HARD, Basis.CODE),
        ("4.0.0", "user unknown", "Transient", BounceKind.HARD, Basis.WORDS),
        ("4.0.0", "", "Permanent", BounceKind.HARD, Basis.PROVIDER),
        ("5.0.0", "", "Transient", BounceKind.SOFT, Basis.PROVIDER),
        ("", "", "hard_bounce", BounceKind.HARD, Basis.PROVIDER),
        ("", "", "Undetermined", BounceKind.UNKNOWN, Basis.NOTHING),
        ("5.0.0", "", "", BounceKind.REFUSED, Basis.CLASS),
        ("5.7.1", "", "", BounceKind.REFUSED, Basis.CLASS),
        ("5.7.23", "", "Permanent", BounceKind.REFUSED, Basis.PROVIDER),
        ("5.3.4", "", "", BounceKind.REFUSED, Basis.CODE),
        ("5.4.7", "", "", BounceKind.SOFT, Basis.CODE),
        ("5.1.0", "", "", BounceKind.HARD, Basis.CLASS),
        ("2.0.0", "", "", BounceKind.NONE, Basis.CODE),
    ],
)
def test_a_verdict_says_what_it_rests_on(
    code: str, detail: str, provider_verdict: str, kind: BounceKind, basis: Basis
) -> None:
    """Our word, the provider's and the raw code are three claims, and only together can they be disputed."""
    verdict = judge(code, detail, provider_verdict)

    assert (verdict.kind, verdict.basis) == (kind, basis)
    assert (verdict.code, verdict.provider_verdict) == (code, provider_verdict)


@pytest.mark.parametrize(
    ("code", "is_condemned"),
    [("5.1.1", True), ("4.2.2", True), ("5.7.1", False), ("5.0.0", False), ("5.3.4", False), ("4.4.7", False)],
)
def test_an_address_is_not_given_up_for_the_faults_of_others(code: str, is_condemned: bool) -> None:
    """A broken signature of ours would strike out every customer of one provider."""
    assert judge(code).condemns_the_address is is_condemned


@pytest.mark.parametrize("fault", list(Fault))
def test_it_is_said_who_can_help(fault: Fault) -> None:
    """An agent would ring the customer about our own mail domain."""
    assert fault.who


@pytest.mark.parametrize(
    ("hours", "is_over"),
    [
        ([], False),
        ([0], False),
        ([0, 1, 2, 4, 8, 16], False),
        ([0, 1, 2, 4, 8, 16, 20], True),
        ([0, 20.9], False),
        ([0, 21], True),
        ([0] * 9, False),
    ],
)
def test_passing_failures_last_at_seven_tries_or_21_hours(hours: list[float], is_over: bool) -> None:
    """An address that is dead in all but its code would be tried for ever."""
    assert is_given_up([FIRST + timedelta(hours=each) for each in hours]) is is_over


def test_a_try_that_two_sources_tell_is_one() -> None:
    """A gateway pushes fractions of a second, a poll tells whole ones: four tries would be eight."""
    pushed = [FIRST + timedelta(hours=hour, seconds=0.7) for hour in range(4)]
    polled = [FIRST + timedelta(hours=hour) for hour in range(4)]

    assert not is_given_up([*pushed, *polled])


def test_how_long_is_long_enough_can_be_set() -> None:
    """Providers differ, and ours may be told to try for three days."""
    tries = [FIRST, FIRST + timedelta(hours=30)]

    assert not is_given_up(tries, RetrySpan(tries=7, span=timedelta(days=3)))


@given(st.text(), st.text(), st.text())
def test_whatever_is_said_has_a_sentence(code: str, detail: str, provider_verdict: str) -> None:
    """The inbox reads what strangers send."""
    verdict = judge(code, detail, provider_verdict)

    assert verdict.meaning.sentence.endswith(".")
    assert verdict.meaning.advice.endswith(".")
    assert not verdict.condemns_the_address or verdict.meaning.is_lasting


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from(["", "user unknown", "MAILBOX FULL", "timeout"]))
def test_a_permanent_class_never_sounds_milder_than_a_passing_one(subject: int, number: int, detail: str) -> None:
    """The same refusal, said for good, would be tried again."""
    passing = judge(f"4.{subject}.{number}", detail)
    permanent = judge(f"5.{subject}.{number}", detail)

    assert permanent.meaning.is_lasting >= passing.meaning.is_lasting
    assert passing.condemns_the_address == permanent.condemns_the_address


@given(st.sampled_from(["5.1.1 User Unknown", "4.0.0 Mailbox FULL", "550 No Such User", "said: 550 spam"]))
def test_case_does_not_count(said: str) -> None:
    """Every mail system shouts in its own way."""
    assert judge("", said.upper()).meaning == judge("", said.lower()).meaning


@given(st.lists(st.integers(0, 60), max_size=12), st.integers(0, 60))
def test_another_try_never_revives_an_address(hours: list[int], more: int) -> None:
    """Late news of an early failure would lift a suppression."""
    tries = [FIRST + timedelta(hours=each) for each in hours]

    assert is_given_up([*tries, FIRST + timedelta(hours=more)]) >= is_given_up(tries)
    assert is_given_up(reversed(tries)) == is_given_up(tries)
