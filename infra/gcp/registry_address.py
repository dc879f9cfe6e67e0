"""Where Artifact Registry keeps images. Pure, and without the SDK, for those who read settings."""


def registry_address(project: str, region: str, repository_id: str) -> str:
    """`us-central1-docker.pkg.dev/acme/airfield`: https://cloud.google.com/artifact-registry/docs/docker/names."""
    return f"{region}-docker.pkg.dev/{project}/{repository_id}"
