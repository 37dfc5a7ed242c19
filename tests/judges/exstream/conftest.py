"""One stranger for each file of lines, on a sandbox that nobody else has touched."""

from collections.abc import Iterator

import pytest

from tests.judges.bench import Ready
from tests.judges.exstream.stranger import Stranger, stranger


@pytest.fixture(scope="module")
def someone(judged_sandbox: Ready) -> Iterator[Stranger]:
    """Signed in by the contract's form."""
    with stranger(judged_sandbox) as signed_in:
        yield signed_in
