import pytest

from infra.image import Image, repository

DIGEST = f"@sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("airfield", "airfield"),
        ("airfield:dev", "airfield"),
        (f"airfield{DIGEST}", "airfield"),
        ("acme/airfield:1.2", "acme/airfield"),
        ("ghcr.io/acme/airfield:latest", "ghcr.io/acme/airfield"),
        (f"ghcr.io/acme/airfield{DIGEST}", "ghcr.io/acme/airfield"),
        (f"ghcr.io/acme/airfield:1.2{DIGEST}", "ghcr.io/acme/airfield"),
        ("localhost:5000/airfield", "localhost:5000/airfield"),
        (f"registry:5000/team/api:1.2{DIGEST}", "registry:5000/team/api"),
        (
            "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/api:1",
            "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/api",
        ),
    ],
)
def test_the_repository_is_the_reference_without_tag_and_digest(reference: str, expected: str) -> None:
    assert repository(reference) == expected


def test_a_named_image_is_used_as_it_is() -> None:
    assert Image.named(f"ghcr.io/acme/airfield{DIGEST}") == Image(
        reference=f"ghcr.io/acme/airfield{DIGEST}", repository="ghcr.io/acme/airfield"
    )
