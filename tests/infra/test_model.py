import pytest
from pydantic import ValidationError

from infra.model import Model


class Room(Model):
    ceiling_height_cm: int = 250
    number: str = "1"


class House(Model):
    rooms: dict[str, Room] = {}


def test_a_value_is_written_in_camel_case_and_read_in_snake_case() -> None:
    assert Room.model_validate({"ceilingHeightCm": 300}).ceiling_height_cm == 300


def test_python_writes_snake_case_too() -> None:
    assert Room(ceiling_height_cm=300) == Room.model_validate({"ceilingHeightCm": 300})


@pytest.mark.parametrize("key", ["ceilingHeight", "CeilingHeightCm", "ceiling-height-cm"])
def test_an_unknown_key_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Room.model_validate({key: 300})


def test_a_stack_file_cannot_mix_in_snake_case() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Room.model_validate({"ceiling_height_cm": 300}, by_alias=True, by_name=False)


def test_an_unknown_key_is_refused_however_deep_it_stands() -> None:
    with pytest.raises(ValidationError, match=r"rooms\.kitchen\.colour"):
        House.model_validate({"rooms": {"kitchen": {"colour": "red"}}})


def test_a_value_cannot_change_once_it_is_read() -> None:
    with pytest.raises(ValidationError, match="frozen_instance"):
        Room().__setattr__("number", "2")


def test_a_number_without_quotes_is_still_text() -> None:
    assert Room.model_validate({"number": 7}).number == "7"


def test_a_model_has_nothing_to_say_against_itself_by_default() -> None:
    assert list(Room().contradictions()) == []


def test_a_default_is_each_values_own() -> None:
    first, second = House(), House()
    first.rooms["kitchen"] = Room()
    assert second.rooms == {}
