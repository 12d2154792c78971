"""The blueprint of this family."""

from __future__ import annotations

from store.clients.errors import CredentialsRefused
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.extensions.envelopes import use_envelope
from webapi.limits.groups import Group
from webapi.live.errors import LiveErrorSchema, envelope, not_let_in, not_looked_up
from webapi.services.lookups import LookupRefused


class LiveBlueprint(FamilyBlueprint):
    """Endpoints of one resource."""

    ERROR_SCHEMA = LiveErrorSchema
    INVALID_STATUS = 422

    def __init__(self, name: str, prefix: str, limits: Group, description: str) -> None:
        super().__init__(f"live {name}", __name__, url_prefix=prefix, limits=limits, description=description)
        self.register_error_handler(LookupRefused, not_looked_up)
        self.register_error_handler(CredentialsRefused, not_let_in)
        use_envelope(prefix, envelope)
