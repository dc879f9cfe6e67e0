"""Names of secrets and configs follow their content, and fit."""

from base64 import b64decode

from infra.swarm.names import content_name, encoded


def test_another_content_has_another_name_and_the_same_has_the_same() -> None:
    first, second = content_name("airfield", "API_KEY", "a"), content_name("airfield", "API_KEY", "b")
    assert first != second
    assert first == content_name("airfield", "API_KEY", "a")
    assert first.startswith("airfield_API_KEY-")


def test_two_names_that_begin_alike_stay_apart() -> None:
    long = "A" * 80
    assert content_name("airfield", f"{long}1", "x") != content_name("airfield", f"{long}2", "x")
    assert len(content_name("airfield", long, "x")) == 64


def test_the_engine_gets_the_content_as_it_was() -> None:
    assert b64decode(encoded("pässword\n")).decode() == "pässword\n"
