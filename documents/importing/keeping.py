"""What was read of a file as JSON, for keeping it between the preview and saving, and with the import."""

from dataclasses import asdict
from typing import Any

from documents.importing.brought import Anomaly, Brought, Oddity, Place


def as_json(brought: Brought) -> dict[str, Any]:
    return {
        "kind": brought.kind,
        "sha256": brought.sha256,
        "language": brought.language,
        "text": brought.text,
        "anomalies": anomalies_as_json(brought),
        "places": {path: _place(place) for path, place in brought.places.items()},
    }


def anomalies_as_json(brought: Brought) -> list[dict[str, Any]]:
    return [
        {
            "oddity": str(one.oddity),
            "printed": one.printed,
            "place": _place(one.place),
            "candidates": list(one.candidates),
        }
        for one in brought.anomalies
    ]


def from_json(kept: dict[str, Any]) -> Brought:
    return Brought(
        kind=kept["kind"],
        sha256=kept["sha256"],
        language=kept["language"],
        text=kept["text"],
        anomalies=anomalies_from_json(kept["anomalies"]),
        places={path: Place(**place) for path, place in kept["places"].items()},
    )


def anomalies_from_json(kept: list[dict[str, Any]]) -> list[Anomaly]:
    return [
        Anomaly(Oddity(one["oddity"]), one["printed"], Place(**one["place"]), tuple(one["candidates"])) for one in kept
    ]


def _place(place: Place) -> dict[str, Any]:
    return {name: value for name, value in asdict(place).items() if value}
