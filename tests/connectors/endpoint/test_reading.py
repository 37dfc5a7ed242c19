"""Descriptions that are wrong, and the sentences that say so."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources.endpoints
from connectors.endpoint import DescriptionError, Problem, load_description, read_description
from connectors.endpoint.__main__ import main
from connectors.endpoint.addresses import check_base_url
from connectors.endpoint.reading import MOST_BYTES

SHIPPED = sorted(Path(resources.endpoints.__file__).parent.glob("*.toml"))
HEAD = """format = 1
title = "CRM"
base_url = "https://crm.example.com/api"
[credentials]
user = "User"
word = "Password"
[sign_in]
kind = "basic"
username = "user"
password = "word"
"""
FIRST = HEAD.count("\n") + 1
"""The line on which what a test adds begins."""
CALL = '[calls.a]\npath = "/a"\n'


def refused(text: str) -> list[str]:
    """The sentences about a file."""
    with pytest.raises(DescriptionError) as caught:
        read_description(text.encode(), file="crm.toml")
    return [problem.sentence for problem in caught.value.problems]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_can_be_read(path: Path) -> None:
    """People begin with these."""
    description = load_description(path)

    assert description.probe in description.calls
    assert description.slots


def test_three_examples_are_shipped() -> None:
    """A folder that moved would test nothing."""
    assert [path.stem for path in SHIPPED] == ["crm", "delivery-dashboard", "preference-centre"]


def test_a_sentence_names_file_line_call_and_key_and_says_what_to_do() -> None:
    """Whoever writes the file knows the system, not this program."""
    (sentence,) = refused(
        HEAD + '[calls.contacts]\npath = "/c"\nanswer.items = "d"\n[calls.contacts.paging]\nkind = "cursor"\n'
        'parameter = "c"\ncursor = "page.[next"\n'
    )

    assert sentence == (
        f'crm.toml, line {FIRST + 6}, call "contacts", key "paging.cursor": It is no JMESPath: it ends too early, '
        "after “page.[next”. See jmespath.org for its grammar."
    )


@pytest.mark.parametrize(
    ("added", "line", "key", "words"),
    [
        ('[calls.a]\npth = "/a"\npath = "/a"', 1, '"pth"', 'Is "path" meant?'),
        ("[calls.a]\n", 0, '"path"', "It is missing."),
        ('[calls.a]\npath = "a"', 1, '"path"', "begins with a slash"),
        ('[calls.a]\npath = "https://other.example/a"', 1, '"path"', "the host stands in base_url"),
        ('[calls.a]\npath = "//other.example/a"', 1, '"path"', "Write single slashes"),
        ('[calls.a]\npath = "/a/../b"', 1, '"path"', "does not step upwards"),
        ('[calls.a]\npath = "/a?x=1"', 1, '"path"', "parameters stand under query"),
        ('[calls.a]\npath = "/{id}"', 1, '"path"', 'There is no input "id"'),
        ('[calls.a]\npath = "/{a"', 1, '"path"', "A brace is open"),
        ('[calls.a]\npath = "/{A B}"', 1, '"path"', "the name of an input"),
        ('[calls.a]\npath = "/a"\nmethod = "get"', 2, '"method"', 'one of "GET"'),
        ('[calls.a]\npath = "/a"\ninputs.x = "text"', 2, '"inputs"', "used nowhere"),
        ('[calls.a]\npath = "/{x}"\ninputs.x = "txt"', 2, '"inputs.x"', 'one of "text"'),
        ('[calls.a]\npath = "/{x}"\ninputs.x = "texts"', 1, '"path"', "takes one value"),
        ('[calls.a]\npath = "/{x}"\ninputs.x = { as = "text", required = false }', 1, '"path"', "cannot go without"),
        ('[calls.a]\npath = "/a"\nquery = { q = "a {x}" }\ninputs.x = "texts"', 2, '"query.q"', "stands alone"),
        ('[calls.a]\npath = "/a"\nquery = { api_key = "x" }', 2, '"query.api_key"', "would carry a secret"),
        ('[calls.a]\npath = "/a"\nheaders = { Authorization = "x" }', 2, '"headers.Authorization"', "carry a secret"),
        ('[calls.a]\npath = "/a"\nheaders = { Host = "x" }', 2, '"headers.Host"', "set by itself"),
        ('[calls.a]\npath = "/a"\nheaders = { "a b" = "x" }', 2, '"headers.a b"', "no name of a header"),
        ('[calls.a]\npath = "/a"\njson = { a = 1 }', 2, '"json"', "A GET carries no body"),
        ('[calls.a]\npath = "/a"\nmethod = "POST"\njson = {}\nform = { a = "b" }', 4, '"form"', "one body"),
        ('[calls.a]\npath = "/a"\nmethod = "POST"\njson = { d = 2026-03-04 }', 3, '"json"', "JSON knows no dates"),
        ('[calls.a]\npath = "/a"\nanswer.fields.x = "foo(@)"', 2, '"answer.fields.x"', "has no function foo()"),
        ('[calls.a]\npath = "/a"\nanswer.fields.x = "join(@)"', 2, '"answer.fields.x"', "join() takes 2 arguments"),
        ('[calls.a]\npath = "/a"\nanswer.fields.x = ""', 2, '"answer.fields.x"', "not empty"),
        ('[calls.a]\npath = "/a"\nanswer.key = "x"', 2, '"answer.key"', "names no field"),
        ('[calls.a]\npath = "/a"\nquery = { n = 0x' + "f" * 40 + " }", 2, '"query.n"', "It must be a text"),
        ('[calls.a]\npath = "/a"\nmethod = "PUT"\njson.n = 0x' + "f" * 40, 3, '"json"', "too large for JSON"),
        ('[calls.a]\npath = "/a"\nmethod = "PUT"\njson.n = inf', 3, '"json"', "too large for JSON"),
        ('[calls.a]\npath = "/a"\nmethod = "PUT"\njson.n = ' + "[" * 40 + "]" * 40, 3, '"json"', "levels deep"),
        (
            '[calls.a]\npath = "/a"\n[calls.a.answer]\nkey = "x"\nitems = "i"\nfields.x = "y"',
            3,
            '"answer.key"',
            "Add required = true",
        ),
        ('[calls.a]\npath = "/a"\nanswer.absent = [4040]', 2, '"answer.absent"', "list of HTTP statuses"),
        ('[calls.a]\npath = "/a"\nanswer = { items = "a", item = "b" }', 2, '"answer.item"', "keep item or items"),
        ('[calls.a]\npath = "/a"\npaging = { kind = "link" }', 0, '"answer"', "where the items are"),
        ('[calls.a]\npath = "/a"\npaging = { kind = "page" }\nanswer.items = "x"', 2, '"paging.parameter"', "missing"),
        (
            '[calls.a]\npath = "/a"\npaging = { kind = "link", size = 5 }\nanswer.items = "x"',
            2,
            "size_parameter",
            "both",
        ),
        (
            '[calls.a]\npath = "/a"\nmethod = "POST"\npaging.kind = "link"\nanswer.items = "x"',
            3,
            '"paging"',
            "repeated",
        ),
        ('[calls.a]\npath = "/a"\nidempotency = {}', 2, '"idempotency.header"', "Idempotency-Key"),
        ('[calls.a]\npath = "/a"\ndeadline_s = 0', 2, '"deadline_s"', "above 0"),
        ('[calls.a]\npath = "/a"\nrepeatable = "yes"', 2, '"repeatable"', "true or false"),
        ('[calls."A b"]\npath = "/a"', 0, 'call "A b"', "small letters"),
        (CALL + "[pace]\nat_once = 0", 3, '"pace.at_once"', "from 1 to 64"),
        (CALL + '[errors]\ndetail = "a["', 3, '"errors.detail"', "ends too early"),
        (CALL + "[surprise]", 2, '"surprise"', "There is no such key"),
    ],
)
def test_a_mistake_is_named_where_it_stands(added: str, line: int, key: str, words: str) -> None:
    """A person would search a file of hundreds of lines."""
    (sentence,) = refused(HEAD + added)

    assert sentence.startswith(f"crm.toml, line {FIRST + line}, ")
    assert key in sentence.partition(": ")[0]
    assert words in sentence


@pytest.mark.parametrize(
    ("sign_in", "key", "words"),
    [
        ('kind = "oauth"', "sign_in.kind", '"oauth2_client_credentials"'),
        ('kind = "bearer"', "sign_in.token", "Name the credential slot"),
        ('kind = "api_key"\nkey = "word"', "sign_in.name", "the header or parameter"),
        ('kind = "api_key"\nkey = "word"\nname = "Host"', "sign_in.name", "set by itself"),
        (
            'kind = "oauth2_client_credentials"\nclient_id = "user"\nclient_secret = "word"\ntoken_url = "http://x/"',
            "sign_in.token_url",
            "https://",
        ),
        (
            'kind = "oauth2_client_credentials"\nclient_id = "user"\nclient_secret = "word"\ntoken_url = "https://["',
            "sign_in.token_url",
            "no web address",
        ),
        ('kind = "hmac"\nsecret = "word"\nheader = "X-S"\nsigned = "{timestamp}.{body}"', "timestamp_header", "nobody"),
        ('kind = "hmac"\nsecret = "word"\nheader = "X-S"\nsigned = "{method}"', "sign_in.signed", "not covered"),
        ('kind = "hmac"\nsecret = "word"\nheader = "X-S"\nsigned = "{host}"', "sign_in.signed", 'no input "host"'),
        ('kind = "hmac"\nsecret = "word"\nheader = "X-S"\nsigned = "{body}"\nkey_id = "user"', "key_id_header", "id"),
        ('kind = "none"\nuser = "user"', "sign_in.user", "There is no such key"),
    ],
)
def test_a_sign_in_that_cannot_work_is_told(sign_in: str, key: str, words: str) -> None:
    """It would be refused by the system, with a sentence that explains nothing."""
    head = HEAD.partition("[sign_in]")[0]

    (sentence,) = refused(f"{head}[sign_in]\n{sign_in}\n{CALL}")

    assert key in sentence
    assert words in sentence


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """One mistake per try would take a person all afternoon."""
    sentences = refused('format = 2\ntitle = ""\n[calls.a]\npath = "a"\n')

    assert len(sentences) == 5
    assert [int(each.split("line ")[1].split(",")[0]) for each in sentences] == [1, 1, 1, 2, 4]


def test_a_secret_that_was_written_into_the_file_is_not_repeated() -> None:
    """The sentence goes to a screen and perhaps into a ticket."""
    sentences = refused(HEAD.replace('password = "word"', 'password = "hunter2"\nscret = "hunter2"') + CALL)

    assert len(sentences) == 2
    assert not any("hunter2" in each for each in sentences)
    assert any("take it out of the file" in each for each in sentences)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b'title = "CRM\n', 1),
        (b"a = 1\na = 2\n", 2),
        (b"a = 1\n\xff", 2),
        (b"a = " + b"[" * 5000, 1),
        (b"a = 1\nb = " + b"9" * 5000, 2),
        (b"#" * (MOST_BYTES + 1), 1),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(raw: bytes, line: int) -> None:
    """A file may come from any editor."""
    with pytest.raises(DescriptionError) as caught:
        read_description(raw, file="crm.toml")

    assert [problem.line for problem in caught.value.problems] == [line]


@pytest.mark.parametrize(
    "url",
    [
        "crm.example.com",
        "ftp://crm.example.com",
        "http://crm.example.com",
        "https://user:word@crm.example.com",
        "https://crm.example.com/?a=1",
        "https://crm.example.com/#a",
        "https://crm.example.com/{tenant}",
        "https://crm.example.com:none",
        "https://crm .example.com",
        "https://",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """Credentials would go there."""
    with pytest.raises(ValueError, match=r"\.$"):
        check_base_url(url)


@pytest.mark.parametrize("url", ["https://crm.example.com/api/", "http://127.0.0.1:8080", "http://localhost"])
def test_an_address_is_taken_without_its_last_slash(url: str) -> None:
    """Paths begin with one."""
    assert check_base_url(url) == url.rstrip("/")


@settings(deadline=None)
@given(st.data())
def test_whatever_stands_in_a_file_it_is_read_or_refused_with_a_line(data: st.DataObject) -> None:
    """A description is edited by hand, and every slip must come out as a sentence."""
    lines = data.draw(st.sampled_from(SHIPPED)).read_text("utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["drop", "swap", "cut", "value"]))
        odd = data.draw(st.integers(0, len(lines) - 1))
        if kind == "drop":
            lines[place] = ""
        elif kind == "swap":
            lines[place], lines[odd] = lines[odd], lines[place]
        elif kind == "cut":
            lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
        else:
            new = data.draw(st.sampled_from(["1", '""', '"{x}"', "[]", "{}", "true", '"@"', "[1, {}]", "1979-05-27"]))
            lines[place] = lines[place].partition("=")[0] + "= " + new
    text = "\n".join(lines)

    problems: Sequence[Problem] = ()

    try:
        read_description(text.encode(), file="crm.toml")
    except DescriptionError as error:
        problems = error.problems

    assert all(1 <= problem.line <= len(lines) + 1 and problem.complaint for problem in problems)


def test_files_are_checked_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever writes a description wants to know before anybody connects."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(HEAD + "[calls.a]\n", "utf-8")

    statuses = [
        main([str(SHIPPED[0])]),
        main([str(SHIPPED[0]), str(wrong)]),
        main([str(tmp_path / "none.toml")]),
        main([]),
    ]

    said = capsys.readouterr().out
    assert statuses == [0, 1, 1, 2]
    assert "crm.toml: Customer relations, 5 calls. Credentials: client_id, client_secret." in said
    assert f'wrong.toml, line {FIRST}, call "a", key "path"' in said
    assert "none.toml: No such file or directory." in said
