"""The handful of JSON Schema keywords that stumper's forms use, checked independently of how they are built."""

import re


def check(value, schema):
    assert isinstance(value, {"object": dict, "array": list, "string": str}[schema["type"]])
    if "enum" in schema:
        assert value in schema["enum"]
    if "pattern" in schema:
        assert re.search(schema["pattern"], value), (value, schema["pattern"])
    if schema["type"] == "object":
        assert set(schema["required"]) <= set(value) <= set(schema["properties"])
        assert schema["additionalProperties"] is False
        for key, item in value.items():
            check(item, schema["properties"][key])
    if schema["type"] == "array":
        assert schema["minItems"] == schema["maxItems"] == len(value) == len(schema["prefixItems"])
        for item, inner in zip(value, schema["prefixItems"], strict=True):
            check(item, inner)
