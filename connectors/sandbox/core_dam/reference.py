"""What rarely changes: lookup domains, metadata models, security policies, the current user (core-dam 5.10-5.13)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.errors import not_found
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.policies import POLICIES
from connectors.sandbox.core_dam.schema import FieldDef, TableDef
from connectors.sandbox.core_dam.state import stamp


class Reference:
    """Read-only lists."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    def routes(self, access: Access) -> list[Route]:
        """All of them."""
        return [
            access.guarded("/lookupdomains", self.domains),
            access.guarded("/lookupdomains/{domain_id}", self.domain),
            access.guarded("/metadatamodels", self.models),
            access.guarded("/metadatamodels/{model_id}", self.model),
            access.guarded("/securitypolicies", self.policies),
            access.guarded("/users/me", self.me),
        ]

    async def domains(self, request: Request) -> Response:
        """Every vocabulary with its values."""
        del request
        domains = [domain.as_json() for domain in self._library.vocabulary.domains.values()]
        return JSONResponse({"lookup_domains_resource": {"lookup_domains": domains}})

    async def domain(self, request: Request) -> Response:
        """One vocabulary."""
        domain = self._library.vocabulary.domains.get(request.path_params["domain_id"])
        if domain is None:
            raise not_found(f"The lookup domain {request.path_params['domain_id']}")
        return JSONResponse({"lookup_domain_resource": {"lookup_domain": domain.as_json()}})

    async def models(self, request: Request) -> Response:
        """The site's one model (path and envelope CHOSEN)."""
        del request
        return JSONResponse({"metadata_models_resource": {"metadata_models": [_model_json()]}})

    async def model(self, request: Request) -> Response:
        """Its categories, fields, tables and columns, with the vocabulary of each."""
        if request.path_params["model_id"] != schema.MODEL_ID:
            raise not_found(f"The metadata model {request.path_params['model_id']}")
        return JSONResponse({"metadata_model_resource": {"metadata_model": _model_json()}})

    async def policies(self, request: Request) -> Response:
        """The site's policies."""
        del request
        began = stamp(self._library.world.began)
        policies = [
            {
                "id": policy.policy_id,
                "name": policy.name,
                "description": policy.description,
                "status": "ACTIVE",
                "ownership_type": "SYSTEM",
                "create_date": began,
                "last_update_date": began,
                "last_updated_by": "tsuper",
            }
            for policy in POLICIES.values()
        ]
        return JSONResponse({"security_policies_resource": {"security_policy_list": policies}})

    async def me(self, request: Request) -> Response:
        """Who is signed in."""
        return JSONResponse({"user_resource": {"user": self._library.people.user_json(request.state.login)}})


def _model_json() -> dict[str, object]:
    categories = [
        {
            "id": category.id,
            "name": category.name,
            "metadata_element_list": [_element_json(element) for element in category.elements],
        }
        for category in schema.CATEGORIES
    ]
    return {"id": schema.MODEL_ID, "name": schema.MODEL_NAME, "metadata_element_list": categories}


def _element_json(element: FieldDef | TableDef) -> dict[str, object]:
    described: dict[str, object] = {"id": element.id, "name": element.name}
    if isinstance(element, TableDef):
        described["type"] = "com.artesia.metadata.MetadataTable"
        described["metadata_element_list"] = [_element_json(column) for column in element.columns]
        return described
    described |= {"type": "com.artesia.metadata.MetadataField", "data_type": element.data_type}
    if element.domain:
        described["domain_id"] = element.domain
    return described
