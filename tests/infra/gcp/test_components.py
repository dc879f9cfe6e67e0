from functools import cache
from ipaddress import IPv4Network

from infra.gcp.network import Network, NetworkArgs
from infra.gcp.secrets import Secrets, SecretsArgs
from tests.synth import Synthesis, synthesise


@cache
def network() -> Synthesis:
    args = NetworkArgs(cidr=IPv4Network("10.8.0.0/20"), region="europe-west1")
    return synthesise(lambda: Network("network", args))


def test_the_network_has_the_one_subnet_that_it_is_given() -> None:
    assert network()["compute/network:Network", "network"].inputs == {"autoCreateSubnetworks": False}
    subnet = network()["Subnetwork", "network-subnet"].inputs
    assert {key: value for key, value in subnet.items() if key != "network"} == {
        "ipCidrRange": "10.8.0.0/20",
        "region": "europe-west1",
        "privateIpGoogleAccess": True,
    }


def test_everything_in_the_network_reaches_the_internet_without_an_address_of_its_own() -> None:
    nat = network()["RouterNat", "network-nat"].inputs
    assert {key: value for key, value in nat.items() if key != "router"} == {
        "region": "europe-west1",
        "natIpAllocateOption": "AUTO_ONLY",
        "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
    }
    assert network()["RouterNat", "network-nat"].waits_for == {"Router network-router"}


def test_no_firewall_opens_the_network() -> None:
    (closed,) = network().of_type("Firewall")
    assert ("denies" in closed.inputs, "allows" in closed.inputs) == (True, False)


def test_a_secret_is_told_apart_from_another_stacks_and_stays_secret() -> None:
    said = synthesise(lambda: Secrets("secrets", SecretsArgs(values={"API_KEY": "hush"}, suffix="ab12")))
    assert said["Secret", "secrets-API_KEY"].inputs == {
        "secretId": "API_KEY-ab12",
        "replication": {"auto": {}},
    }
    version = said["SecretVersion", "secrets-API_KEY"]
    assert version.inputs["secretData"] == {"secret": "hush"}
    assert version.waits_for == {"Secret secrets-API_KEY"}
