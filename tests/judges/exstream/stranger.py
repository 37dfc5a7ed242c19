"""How the stranger asks: plain HTTP, the contract's own words, a token like anybody's, and nothing of the desk's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import httpx

from tests.judges.bench import Ready

AGENT: Final = "stranger/1"
PATIENCE_S: Final = 20.0
FINAL: Final = frozenset({"complete", "error", "canceled", "deleted"})


@dataclass(slots=True, kw_only=True)
class Stranger:
    """Signed in to one installation; remembers what it has learnt on the way."""

    http: httpx.Client = field(repr=False)
    otds: str
    facts: Mapping[str, str] = field(repr=False)

    @property
    def domain(self) -> str:
        """The Exstream domain."""
        return self.facts["domain"]

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request, with ``{domain}`` and ``{tenant}`` filled in."""
        told = path.replace("{domain}", self.domain).replace("{tenant}", self.facts["tenant"])
        return self.http.request(method, told, **request)

    def get(self, path: str, **request: Any) -> Any:
        """What a successful read answers, as JSON."""
        reply = self.ask("GET", path, **request)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def communication(self, name: str) -> dict[str, Any]:
        """The newest version of a communication."""
        query = "filter.types=exstrapplication&filter.latestVersion=true&count=100&offset=0"
        listed = self.get(f"/design/api/v1/resources/{{domain}}?{query}")["data"]
        return next(each for each in listed if each["name"] == name)

    def sample(self, communication_id: str) -> dict[str, Any]:
        """Driver data out of a sample file of the communication."""
        query = f"linkSubjectId={communication_id}&linkDepth=2&filter.types=samplefile"
        link = self.get(f"/design/api/v1/links/{{domain}}?{query}")["data"][0]
        return dict(self.get(f"/design/api/v1/resources/{{domain}}/{link['linkObjectId']}/content"))

    def data_source(self, communication_id: str) -> str:
        """What ``driverDataSource`` must say, by way of the communication set."""
        query = f"linkSubjectId={communication_id}&linkDepth=2&filter.types=exstrcommunicationset"
        link = self.get(f"/design/api/v1/links/{{domain}}?{query}")["data"][0]
        manifest = self.get(f"/design/api/v1/manifests/{{domain}}/communication-set/{link['linkObjectId']}")
        return str(manifest["dsnlist"][0]["prodDsn"])

    def job(self, job_id: str) -> dict[str, Any]:
        """A job as a poll tells it, whether ``data`` is an object or a list."""
        data = self.get(f"/orchestration/api/v1/runtime/{{domain}}/jobs/{job_id}")["data"]
        return next(each for each in data if each["id"] == job_id) if isinstance(data, list) else data

    def wait(self, job_id: str, *statuses: str) -> dict[str, Any]:
        """The job once it stands in one of ``statuses``, or has ended."""
        end = monotonic() + PATIENCE_S
        while (job := self.job(job_id))["status"] not in (statuses or FINAL):
            assert monotonic() < end, f"the job still stands in {job['status']}"
        return job


@contextmanager
def stranger(ready: Ready) -> Iterator[Stranger]:
    """Somebody with the credentials of the ready file and a token by the contract's form."""
    facts, otds = ready["exstream"], ready["exstream"]["otds_url"]
    form = {
        "grant_type": "client_credentials",
        "client_id": facts["client_id"],
        "client_secret": facts["client_secret"],
        "scope": f"search otds:groups subscription:{facts['subscription']}",
    }
    headers = {"User-Agent": AGENT}
    with httpx.Client(base_url=facts["base_url"], headers=headers, timeout=60, trust_env=False) as http:
        token = http.post(f"{otds}/otdstenant/{facts['tenant']}/oauth2/token", data=form).json()
        http.headers["Authorization"] = f"Bearer {token['access_token']}"
        yield Stranger(http=http, otds=otds, facts=facts)
