import pytest

from infra.endpoint import Endpoint

IMAGES = {"api": "i"}
SERVICES = {"api": {"target": "aws", "service": "s"}}
ALWAYS = {"images": IMAGES, "services": SERVICES}


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ({}, {"urls": {}, **ALWAYS}),
        ({"api": "u"}, {"urls": {"api": "u"}, **ALWAYS, "url": "u"}),
        ({"api": "u", "web": "v"}, {"urls": {"api": "u", "web": "v"}, **ALWAYS}),
    ],
    ids=["nothing public", "one public workload", "two public workloads"],
)
def test_a_single_url_is_named_on_its_own(urls: dict[str, str], expected: dict[str, object]) -> None:
    assert Endpoint(urls=urls, images=IMAGES, services=SERVICES).exports() == expected
