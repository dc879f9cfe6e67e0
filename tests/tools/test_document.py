"""A YAML file changed in places."""

from tools.document import Document


def test_every_other_value_stays_as_it_is_written() -> None:
    text = "config:\n  airfield:a: on\n  airfield:b: 010\n  airfield:c: 2024-01-01\n  airfield:d: '17'\n"
    document = Document(text)
    document.put("gcp", "config", "airfield:target")
    assert document.text() == text + '  airfield:target: "gcp"\n'


def test_a_value_is_replaced_where_it_is() -> None:
    document = Document("runtime: {name: nodejs}\nmain: src\n")
    document.put("python", "runtime")
    document.drop("main")
    assert document.text() == 'runtime: "python"\n'
    assert document.get("runtime") == "python"
    assert document.get("main") is None


def test_secrets_are_replaced_wherever_they_are() -> None:
    document = Document(
        "config:\n"
        "  airfield:token: {secure: v1:a}\n"
        "  airfield:secrets: {KEY: {secure: v1:b}, a.b: {secure: v1:c}, plain: x}\n"
        "  airfield:list: [{secure: v1:d}, y]\n"
        "  airfield:two: {secure: one, other: two}\n"
    )
    document.put_for_secrets("v1:z", "config")
    document.put_for_secrets("v1:z", "missing")
    assert document.text() == (
        "config:\n"
        '  airfield:token: {secure: "v1:z"}\n'
        '  airfield:secrets: {KEY: {secure: "v1:z"}, a.b: {secure: "v1:z"}, plain: x}\n'
        '  airfield:list: [{secure: "v1:z"}, y]\n'
        "  airfield:two: {secure: one, other: two}\n"
    )


def test_an_empty_file_can_be_filled() -> None:
    document = Document("")
    document.put("aws", "config", "airfield:target")
    assert document.text() == 'config:\n  airfield:target: "aws"\n'
