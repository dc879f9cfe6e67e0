"""The comment: what endangers data first, nothing that could be markup, and never too long."""

import pytest

from tools.engine.recording import Operation, Step
from tools.review.changes import Change, Reviewed
from tools.review.comment import LIMIT, MARKER, Review, comment

DATABASE, SERVICE = "aws:rds/instance:Instance", "aws:ecs/service:Service"


def change(
    name: str, operation: Operation = "update", type_: str = SERVICE, *, protected: bool = False
) -> Change:
    replacing = ("region",) if operation == "replace" else ()
    step = Step(
        operation=operation,
        urn=f"urn:pulumi:prod::airfield::{type_}::{name}",
        type=type_,
        parent=None,
        paths=("region",),
        replacing=replacing,
        values={"region": ("here", "there")},
    )
    return Change(step, ("`aws:region` `here` → `there`",), protected)


def said(**stacks: Reviewed) -> str:
    return comment(Review(base="main (1234567)", stacks=stacks, elsewhere={}))


def on_aws(*changes: Change, failure: str = "") -> Reviewed:
    return Reviewed(before="aws", after="aws", changes=changes, failure=failure)


def test_what_endangers_data_comes_first_and_is_marked() -> None:
    text = said(prod=on_aws(change("api"), change("database", "replace", DATABASE, protected=True)))
    assert text.index("CAUTION") < text.index("Because of")
    assert "| `prod` | aws |  | 1 | 1 |  | ⚠️ 1 at risk |" in text
    assert (
        "> `database` rds Instance would be **replaced** by `region` `here` → `there`,"
        " and the database lost with it; it is protected, so `pulumi up` refuses." in text
    )
    assert text.index("`±` `database`") < text.index("`~` `api`")


def test_a_replaced_service_endangers_no_data() -> None:
    text = said(prod=on_aws(change("api", "replace")))
    assert "CAUTION" not in text
    assert "at risk" not in text


def test_the_order_of_what_was_found_does_not_matter() -> None:
    found = [change("b"), change("a", "create"), change("c", "delete", DATABASE)]
    assert said(prod=on_aws(*found)) == said(prod=on_aws(*reversed(found)))


def test_stacks_that_stay_as_they_are_share_a_line() -> None:
    text = said(dev=on_aws(), prod=on_aws(change("api")), staging=on_aws())
    assert text.endswith("Nothing changes for `dev`, `staging`.\n")


def test_many_alike_are_counted_and_the_few_beside_them_named() -> None:
    text = said(prod=on_aws(change("api"), *(change(f"s{n:03}", "create") for n in range(99))))
    assert "- … and 87 more to create" in text
    assert "`~` `api`" in text


def test_a_stack_that_fails_says_why_and_ends_no_block() -> None:
    text = said(prod=on_aws(failure="airfield:target: ```\n@everyone"))
    assert "### `prod` could not be planned\n\n```\nairfield:target: '''\n@everyone\n```" in text
    assert "| `prod` | aws | failed |" in text


def test_a_removed_stack_says_what_stays() -> None:
    assert "until `pulumi destroy -s old` is run" in said(old=Reviewed(before="aws"))


def test_names_cannot_be_markup() -> None:
    text = said(**{"a`|b": on_aws(change("x`\n# title"))})
    assert "`a'¦b`" in text
    assert "\n# title" not in text


def test_a_picture_is_left_out_before_a_word_is() -> None:
    picture = "```mermaid\nflowchart TB\n```\n"
    reviewed = Reviewed(before="aws", after="aws", changes=[change("api")], picture=picture)
    review = Review(base="main", stacks={"prod": reviewed}, elsewhere={})
    whole = comment(review)
    assert f"<details><summary>As it would be</summary>\n\n{picture}\n</details>" in whole
    without = comment(review, len(whole) - 1)
    assert "mermaid" not in without
    assert "says all of it" not in without
    assert "`~` `api`" in without


@pytest.mark.parametrize("limit", [1500, 3000, LIMIT])
def test_a_comment_is_never_longer_than_a_comment_may_be(limit: int) -> None:
    names = [f"{'n' * 50}{number}" for number in range(300)]
    stacks = {name: on_aws(change(name), change("x", "create")) for name in names}
    elsewhere = {(name, "gcp"): on_aws(change("api")) for name in names}
    text = comment(Review(base="main", stacks=stacks, elsewhere=elsewhere), limit)
    assert len(text) <= limit
    assert text.startswith(MARKER)
    assert "says all of it" in text
    assert text.count("<details>") == text.count("</details>")
