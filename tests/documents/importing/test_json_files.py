"""Our own JSON, brought in again: its ids are kept, and a wrong shape is told by the key."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents.importing.brought import NoPlan
from documents.importing.reading import read
from mandates.symbols import REGISTERED

PARTS = ("plan", "narrative", "notes", "rows", "meetings")


@pytest.fixture(scope="module")
def original() -> str:
    return (Path(__file__).parents[1] / "snapshot-v1.json").read_text()


@pytest.fixture
def whole(original) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(original)
    return loaded


def brought(value: Any) -> Any:
    return read(json.dumps(value).encode(), "plan.json", REGISTERED)


def test_a_whole_file_keeps_its_ids_and_words(whole):
    one = brought(whole)

    assert (one.kind, one.language, list(one.anomalies)) == ("json", "en", [])
    assert one.text == {part: whole["text"][part] for part in PARTS}


def test_the_text_alone_is_enough(whole):
    assert brought(whole["text"]).text == brought(whole).text


def test_ids_may_be_missing_for_what_is_new(whole):
    whole["text"]["rows"][0]["mandates"][0]["id"] = None
    del whole["text"]["rows"][0]["mandates"][1]["id"]

    assert [one["id"] for one in brought(whole).text["rows"][0]["mandates"]][:2] == [None, None]


def changed(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(text: Any) -> None:
        for key in path[:-1]:
            text = text[key]
        text[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (changed("plan", to=[]), "“plan” must be an object"),
        (changed("plan", "original_language", to="de"), "“plan/original_language” must be one of: en, es, fr, pt"),
        (changed("plan", "title", "en", to=" "), "“plan/title/en” must not be empty"),
        (changed("plan", "title", "es", to="a\0b"), "“plan/title/es” holds a sign that cannot be kept"),
        (changed("plan", "title", "fr", to="\ud800"), "“plan/title/fr” holds a sign that cannot be kept"),
        (changed("narrative", "mandate", to={}), "“narrative/mandate” must be a list"),
        (changed("notes", 0, "key", to="Lima 1"), "“notes/0/key” must be made of small letters, digits and hyphens"),
        (changed("rows", 1, "id", to="row-2"), "“rows/1/id” must be an id"),
        (changed("rows", 0, "areas", 0, "name", to="A"), "“rows/0/areas/0/name” must be a text in languages"),
        (changed("rows", 0, "mandates", 0, "deadline", to={"words": None}), "deadline/words” must be a text"),
        (changed("meetings", 0, "starts", to="2013-09-31T10:00"), "“meetings/0/starts” must be a day, or a day and"),
        (changed("meetings", 0, "number", to=True), "“meetings/0/number” must be a number"),
        (changed("meetings", 0, "topics", 0, "kind", to="x"), "“meetings/0/topics/0/kind” must be one of: election"),
        (changed("meetings", 0, "all_day", to=0), "“meetings/0/all_day” must be true or false"),
    ],
)
def test_a_wrong_shape_is_refused_with_the_path_of_its_key(whole, change, words):
    change(whole["text"])

    with pytest.raises(NoPlan, match=words):
        brought(whole)


def test_nothing_may_stand_in_it_twice(whole):
    text = whole["text"]
    text["rows"][1]["mandates"][0]["id"] = text["rows"][0]["mandates"][0]["id"]

    with pytest.raises(NoPlan, match="“rows/1/mandates/0/id” is there twice"):
        brought(whole)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"schema": 2, "text": {}}', "another form"),
        (b'{"schema": true, "text": {}}', "another form"),
        (b'{"text": {}}', "another form"),
        (b'{"schema": 1, "text": []}', "“{}” must be an object"),
        (b'{"schema": 1', "line 1, column 13"),
        (b'{"plan": NaN}', "cannot be read"),
        (b"[1]", "not that of a plan"),
        (b'{"a": 1}', "not that of a plan"),
        (b'{"a": "\xff"}', "encoding UTF-8"),
        (b'{"plan": ' + b"[" * 200_000, "cannot be read"),
        (b'{"plan": ' + b"9" * 5_000 + b"}", "cannot be read"),
        (b'{"plan": "' + b"x" * 5_000_000 + b'"}', "larger than 5 megabytes"),
    ],
)
def test_what_is_no_json_of_a_plan_is_refused_with_its_reason(data, words):
    with pytest.raises(NoPlan, match=words):
        read(data, "plan.json", REGISTERED)
