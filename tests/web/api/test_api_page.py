"""`docs/api-http.md` says what the API does."""

import doctest

import pytest

from tests.support.paths import ROOT
from tests.support.servers.api import TestClient

PAGE = (ROOT / "docs" / "api-http.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tables(api: TestClient) -> list[str]:
    """The rows of its tables, by the API's own description."""
    document = api.get("/api/openapi.json").json()
    rows = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            sent = operation.get("requestBody", {})
            names = [_name(each) for each in (sent, operation["responses"]["200"])]
            rows.append(f"| {method.upper()} `{path}` | {' | '.join(names)} | {operation['summary']} |")
    answers = document["paths"]["/api/assess"]["post"]["responses"]
    responses = document["components"]["responses"]
    for status, answer in answers.items():
        if "$ref" in answer:
            rows.append(f"| {status} | {responses[answer['$ref'].rsplit('/')[-1]]['description']} |")
    return rows


def _name(holder: dict[str, dict[str, dict[str, dict[str, str]]]]) -> str:
    schema = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return f"`{schema['$ref'].rsplit('/')[-1]}`" if "$ref" in schema else ""


def test_its_tables_are_those_of_the_description(tables: list[str]) -> None:
    told = [line for line in PAGE.splitlines() if line.startswith(("| POST", "| GET", "| 4", "| 5"))]
    assert told == tables


def test_its_limits_are_those_of_the_code() -> None:
    from afterrun_web.api import LARGEST_BODY
    from afterrun_web.api.members import MOST_NAMES
    from afterrun_web.api.operations import MOST_CHANGES, MOST_NEAREST

    words = " ".join(PAGE.split())
    assert f"at most {LARGEST_BODY:,} bytes, a list of names {MOST_NAMES}," in words
    assert f"`nearest` {MOST_NEAREST} names and {MOST_CHANGES} answers to change" in words


@pytest.mark.slow
def test_its_examples_run(api: TestClient) -> None:
    found = doctest.DocTestParser().get_doctest(PAGE, {"client": api}, "api-http.md", "api-http.md", 0)
    assert len(found.examples) > 10
    assert doctest.DocTestRunner(verbose=False).run(found).failed == 0
