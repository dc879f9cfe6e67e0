import pytest

from infra.endpoint import Endpoint


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ({}, {"urls": {}, "images": {"api": "i"}}),
        ({"api": "u"}, {"urls": {"api": "u"}, "images": {"api": "i"}, "url": "u"}),
        ({"api": "u", "web": "v"}, {"urls": {"api": "u", "web": "v"}, "images": {"api": "i"}}),
    ],
    ids=["nothing public", "one public workload", "two public workloads"],
)
def test_a_single_url_is_named_on_its_own(urls: dict[str, str], expected: dict[str, object]) -> None:
    assert Endpoint(urls=urls, images={"api": "i"}).exports() == expected
