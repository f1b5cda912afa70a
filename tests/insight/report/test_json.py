"""The JSON holds what the issue promises, holds to its published schema, and to finite numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hilo.insight import report
from hilo.insight.report import json_text, to_json
from hilo.insight.results import Durations
from tests.insight.report import diagnoses

SCHEMA: dict[str, Any] = json.loads((Path(report.__file__).parent / "schema.json").read_text("utf-8"))
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def faults(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """As much of JSON Schema as schema.json uses."""
    if "$ref" in schema:
        return faults(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], where)
    if "anyOf" in schema:
        tried = [faults(value, each, where) for each in schema["anyOf"]]
        return [] if any(not each for each in tried) else tried[0]
    found = _own_faults(value, schema, where)
    if isinstance(value, dict) and not found:
        for key, inner in value.items():
            known = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
            found += faults(inner, known, f"{where}.{key}") if isinstance(known, dict) else []
    if isinstance(value, list) and "items" in schema:
        for place, inner in enumerate(value):
            found += faults(inner, schema["items"], f"{where}[{place}]")
    return found


def _own_faults(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is none of {schema['enum']}")
    if "type" in schema and not _is_any(value, schema["type"]):
        found.append(f"{where}: {value!r} is no {schema['type']}")
    if isinstance(value, dict):
        found += [f"{where}: without {key}" for key in schema.get("required", ()) if key not in value]
        if schema.get("additionalProperties") is False:
            found += [f"{where}: has {key}" for key in value if key not in schema["properties"]]
    if isinstance(value, list) and not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 1e9):
        found.append(f"{where}: {len(value)} items")
    return found


def _is_any(value: Any, types: str | list[str]) -> bool:
    for one in [types] if isinstance(types, str) else types:
        if one == "integer" and isinstance(value, int) and not isinstance(value, bool):
            return True
        if one == "number" and isinstance(value, int | float) and not isinstance(value, bool):
            return True
        if one in TYPES and isinstance(value, TYPES[one]):
            return True
    return False


@pytest.mark.parametrize("make", (diagnoses.rich, diagnoses.empty, diagnoses.hostile))
@pytest.mark.parametrize("lang", ("es", "en"))
def test_every_diagnosis_holds_to_the_schema(make: Any, lang: str) -> None:
    assert faults(to_json(make(), lang), SCHEMA) == []


def test_the_schema_knows_every_kind_role_and_unit() -> None:
    from hilo.insight.raw import Role
    from hilo.insight.results import Kind, Unit

    finding = SCHEMA["$defs"]["finding"]["properties"]
    assert finding["kind"]["enum"] == [kind.value for kind in Kind]
    assert finding["unit"]["enum"] == [unit.value for unit in Unit]
    assert SCHEMA["properties"]["mapping"]["propertyNames"]["enum"] == [role.value for role in Role]


def test_a_fault_would_be_seen() -> None:
    broken = to_json(diagnoses.rich(), "es")
    broken["log"]["cases"] = "7554"
    del broken["handovers"]["returns"]
    broken["findings"][0]["kind"] = "bad"
    broken["new"] = 1
    assert len(faults(broken, SCHEMA)) == 1  # the stranger at the top hides the rest
    del broken["new"]
    assert len(faults(broken, SCHEMA)) == 3


def test_the_figures_stand_where_the_issue_says() -> None:
    found = to_json(diagnoses.rich(), "es")
    assert found["version"] == 1
    assert found["log"]["cases"] == 7554 and found["log"]["from"].startswith("2010-03-31T14:00:00")
    assert found["durations_days"] == {"mean": 12.0793, "median": 7.5491, "p90": 22.5555, "max": 771.35}
    assert found["variants"]["top"][0] == {
        "activities": ["In progress", "In progress", "Resolved in call"],
        "count": 1754,
    }
    assert found["directly_follows"][0] == {
        "from": "Queued",
        "to": "In progress",
        "count": 10696,
        "cases": 6417,
        "mean_h": 27.4,
        "median_h": 0.72,
    }
    assert found["handovers"]["ping_pong"]["count"] == 1876 and found["handovers"]["returns"]["cases"] == 891
    assert found["rework"][0] == {"activity": "In progress", "cases": 7184}


def test_a_finding_is_told_in_the_language_asked_for_and_has_its_unit() -> None:
    first = to_json(diagnoses.rich(), "es")["findings"][0]
    assert first["text"].startswith("La mayor espera")
    assert first["unit"] == "share" and first["interval"] == [0.319, 0.341]
    assert first["where"] == {"activity": "Wait for user"} and len(first["evidence"]) == 40


def test_no_number_is_infinite_or_none() -> None:
    whole = diagnoses.rich()
    broken = Durations(float("nan"), float("inf"), 1.0, 2.0)
    written = json_text(replace(whole, measures=replace(whole.measures, durations=broken)), "es")
    assert json.loads(written)["durations_days"] == {"mean": None, "median": None, "p90": 1.0, "max": 2.0}


def test_the_file_is_one_line_of_utf_8_whatever_the_names_hold() -> None:
    written = json_text(diagnoses.hostile(), "es")
    assert "\n" not in written
    assert json.loads(written.encode("utf-8"))["log"]["cases"] == 7554
    assert "<script>alert('1')</script>" in written
