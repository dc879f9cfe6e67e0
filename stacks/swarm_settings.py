"""What a stack file may say of Docker Swarm. Reads no configuration and declares no resource."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from infra.model import Model
from infra.workload import VariableName, WorkloadName

Monitoring = Literal["bundled", "none"]
LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"


class SwarmSettings(Model):
    """What only Docker Swarm knows."""

    namespace: WorkloadName = "airfield"
    """Before the name of everything that is made, as the name of a stack that `docker stack ls` shows."""
    encrypted_networks: bool = True
    """Whether networks encrypt what goes from node to node; false where the nodes' own network does."""
    address: str = "localhost"
    """Name or address of a manager, where no domain is set."""
    http_port: int = Field(default=80, ge=1, le=65000)
    """Port of plain HTTP on managers; without a domain, further public workloads have those after it."""
    https_port: int = Field(default=443, ge=1, le=65535)
    """Port of TLS on managers."""
    certificate_secret: VariableName | None = None
    """Secret with the domain's certificate and its chain, PEM; left out, one is obtained by ACME."""
    certificate_key_secret: VariableName | None = None
    """Secret with the key of that certificate, PEM."""
    acme_email: str | None = None
    """Whom the certificate authority writes to."""
    acme_directory: str = LETS_ENCRYPT
    """The certificate authority's ACME directory."""
    requests_per_minute: int = Field(default=600, ge=6)
    """How many one address may send before it is told to wait."""
    dashboard_domain: str | None = None
    """Name at which Traefik shows its dashboard, with TLS and a drawn password; left out, it is off."""
    monitoring: Monitoring = "bundled"
    """Bundled brings Prometheus and what belongs to it; none brings nothing."""
    grafana_domain: str | None = None
    """Name at which Grafana is met, with TLS and a drawn password; left out, nobody outside meets it."""
    alert_webhook_secret: VariableName | None = None
    """Secret with the URL that Alertmanager sends alerts to; left out, it shows them only."""
    retention_days: int = Field(default=15, ge=1, le=365)
    """How long metrics and logs are kept."""
    registry: str | None = None
    """Registry whose login, by `docker login` where Pulumi runs, the nodes get; left out, none."""

    def contradictions(self) -> Iterator[str]:
        """Half a certificate."""
        if (self.certificate_secret is None) != (self.certificate_key_secret is None):
            yield "certificateSecret and certificateKeySecret are set together, or neither is"
        if self.monitoring == "none" and self.grafana_domain:
            yield "grafanaDomain needs monitoring: bundled, of which Grafana is a part"
