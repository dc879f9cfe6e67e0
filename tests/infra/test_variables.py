import pytest

from infra.variables import Variables, secret_names, used_secrets, variables
from infra.workload import Datastore, Workload

SECRETS = {"API_KEY": "1", "DATABASE_URL": "2", "REDIS_URL": "3", "UNUSED": "4"}


def of(workload: Workload) -> Variables:
    return variables(
        workload, environment="staging", url_of=lambda callee: f"http://{callee}.test", secrets=SECRETS
    )


def test_every_workload_is_told_where_it_runs() -> None:
    assert of(Workload()) == Variables(plain={"ENVIRONMENT": "staging"}, secret={})


def test_everything_that_is_injected_is_sorted_by_name() -> None:
    workload = Workload(
        environment={"LOG_LEVEL": "INFO", "ALPHA": "1"},
        calls=("stock", "order-api"),
        secrets=("API_KEY",),
        uses=("redis", "postgres"),
    )
    injected = of(workload)
    assert list(injected.plain.items()) == [
        ("ALPHA", "1"),
        ("ENVIRONMENT", "staging"),
        ("LOG_LEVEL", "INFO"),
        ("ORDER_API_URL", "http://order-api.test"),
        ("STOCK_URL", "http://stock.test"),
    ]
    assert list(injected.secret.items()) == [("API_KEY", "1"), ("DATABASE_URL", "2"), ("REDIS_URL", "3")]


@pytest.mark.parametrize(
    ("secrets", "uses", "names"),
    [
        ((), (), []),
        (("API_KEY",), (), ["API_KEY"]),
        ((), ("postgres",), ["DATABASE_URL"]),
        ((), ("redis",), ["REDIS_URL"]),
        (("DATABASE_URL",), ("postgres",), ["DATABASE_URL"]),
        (("Z", "A"), ("redis", "postgres"), ["A", "DATABASE_URL", "REDIS_URL", "Z"]),
    ],
)
def test_a_workload_gets_the_secrets_it_names_and_its_stores_urls(
    secrets: tuple[str, ...], uses: tuple[Datastore, ...], names: list[str]
) -> None:
    assert secret_names(Workload(secrets=secrets, uses=uses)) == names


def test_a_secret_that_no_workload_gets_is_kept_nowhere() -> None:
    workloads = {"a": Workload(uses=("redis",)), "b": Workload(secrets=("API_KEY",), uses=("redis",))}
    assert used_secrets(workloads, SECRETS) == {"API_KEY": "1", "REDIS_URL": "3"}
