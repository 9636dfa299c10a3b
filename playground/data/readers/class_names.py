"""Names of labels that a file keeps beside their numbers, as `datasets` and the Hub write them."""

import json
from collections.abc import Callable, Mapping

Naming = Callable[[object], object]


def namings(metadata: Mapping[bytes, bytes] | None) -> dict[str, Naming]:
    """For each column with named labels, alone or inside lists and objects, what names them."""
    try:
        features = json.loads((metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        return _namings(features)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def rows_of_hub(value: Mapping[str, object]) -> list[dict[str, object]]:
    """The rows of what the Hub's server of rows answers, {"features": […], "rows": [{"row": {…}}]},
    their labels named; none where it is something else."""
    features, items = value.get("features"), value.get("rows")
    if not isinstance(features, list) or not isinstance(items, list):
        return []
    try:
        by_name = _namings({feature["name"]: feature["type"] for feature in features})
        rows = [item["row"] for item in items]
        return [{n: by_name[n](v) if n in by_name else v for n, v in r.items()} for r in rows]
    except (KeyError, TypeError, AttributeError):
        return []


def _namings(features: Mapping[str, object]) -> dict[str, Naming]:
    found = {name: _naming(feature) for name, feature in features.items()}
    return {name: naming for name, naming in found.items() if naming}


def _naming(feature: object) -> Naming | None:
    """What names the labels of a feature; None where it has none."""
    if isinstance(feature, list) and len(feature) == 1:
        return _of_items(_naming(feature[0]))
    if not isinstance(feature, dict):
        return None
    if feature.get("_type") == "ClassLabel":
        return _of_numbers(feature.get("names"))
    if "feature" in feature:  # a list; one of objects is stored as an object of lists
        return _of_items(_naming(feature["feature"]))
    return _of_fields({name: naming for name, f in feature.items() if (naming := _naming(f))})


def _of_numbers(names: object) -> Naming | None:
    if isinstance(names, dict):  # as data cards write them: {"0": "negative", …}
        numbered = all(str(number).isdecimal() for number in names)
        names = [names[number] for number in sorted(names, key=int)] if numbered else []
    if not isinstance(names, list) or not names:
        return None
    # -1 stands for no label, as in unlabelled parts.
    return lambda value: (
        value
        if not isinstance(value, int) or isinstance(value, bool)
        else str(names[value])
        if 0 <= value < len(names)
        else ""
    )


def _of_items(naming: Naming | None) -> Naming | None:
    if naming is None:
        return None

    def name(value: object) -> object:
        if isinstance(value, dict):
            return {key: name(inner) for key, inner in value.items()}
        return [naming(item) for item in value] if isinstance(value, list) else naming(value)

    return name


def _of_fields(fields: Mapping[str, Naming]) -> Naming | None:
    if not fields:
        return None

    def name(value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {key: fields[key](v) if key in fields else v for key, v in value.items()}

    return name
