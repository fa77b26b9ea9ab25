"""Plans as files tell them, built by hand; and what is done with them in tests."""

import hashlib
import json
from copy import deepcopy
from typing import Any

from documents.actions.importing import import_plan, proposal_for
from documents.importing.brought import Anomaly, Brought, Place
from documents.importing.proposal import Choices, Proposal, State
from documents.models import ImportedPlan
from mandates.models import WorkingGroup
from mispa.ground.changes import changes
from mispa.ground.models import User
from tests import factories as make

MEASURE = "Measure the depth of each river in the dry season."
PUBLISH = "Publish the depths every year, with a map."
FIRST = "CP/RES. 700 (1100/09)"
SECOND = "AG/RES. 3100 (XLVIII-O/18)"


def said(wording: str, language: str = "en") -> dict[str, Any]:
    return {"original": language, language: wording}


def mandate(wording: str, language: str = "en", **more: Any) -> dict[str, Any]:
    text = said(wording, language)
    return {"id": None, "paragraph": None, "text": text, "areas": [], "deadline": None, **more}


def area(name: str, unit: str = "") -> dict[str, Any]:
    return {"id": None, "name": said(name), "unit": {"id": None, "name": said(unit)} if unit else None}


def row(symbol: str, *mandates: dict[str, Any], areas: Any = (), title: str = "Care of Rivers") -> dict[str, Any]:
    return {
        "id": None,
        "symbol": None,
        "symbol_as_printed": symbol,
        "title": said(title),
        "resolution_title": None,
        "areas": list(areas),
        "mandates": list(mandates),
    }


def session(day: str, *topics: str, room: str = "Rubén Darío Room", language: str = "en") -> dict[str, Any]:
    return {
        "id": None,
        "number": None,
        "kind": "session",
        "title": None,
        "starts": f"{day}T10:00",
        "ends": f"{day}T13:00",
        "all_day": False,
        "precision": "exact",
        "words": None,
        "timezone": None,
        "room": {"id": None, "name": said(room, language)} if room else None,
        "city": None,
        "country": None,
        "basis": [],
        "topics": [
            {"id": None, "kind": None, "text": said(one, language), "mandates": [], "documents": []} for one in topics
        ],
    }


def note(key: str, wording: str) -> dict[str, Any]:
    return {"id": None, "key": key, "number": None, "text": said(wording), "symbols": [], "meeting": None}


def plan_text() -> dict[str, Any]:
    """A small plan: a paragraph with a note, two resolutions with three mandates, two meetings."""
    return {
        "plan": {"id": None, "symbol": None, "title": said("Plan of the Rivers"), "original_language": "en"},
        "narrative": {
            "background": [{"id": None, "text": said("The ministers met twice.[^n1]")}],
            "mandate": [],
            "considerations": [],
        },
        "notes": [note("n1", "Report of both meetings.")],
        "rows": [
            row(FIRST, mandate(MEASURE), mandate(PUBLISH), areas=[area("Water Board", "Office of Maps")]),
            row(SECOND, mandate("Report to the Assembly at its next session.")),
        ],
        "meetings": [
            session("2013-09-05", "Election of the Chair", "Consideration of the depths"),
            session("2013-09-19", "Adoption of the plan"),
        ],
    }


def brought(
    text: dict[str, Any],
    kind: str = "txt",
    language: str = "en",
    anomalies: list[Anomaly] | None = None,
    places: dict[str, Place] | None = None,
) -> Brought:
    sha256 = hashlib.sha256(json.dumps(text, sort_keys=True).encode()).hexdigest()
    return Brought(kind, sha256, language, deepcopy(text), anomalies or [], places or {})


def empty_group(slug: str = "brooks") -> WorkingGroup:
    with changes(by=None, reason="a group for a test", source="command"):
        group: WorkingGroup = make.WorkingGroupFactory(slug=slug)
        make.WorkPlanFactory(group=group)
    return group


def bring(
    group: WorkingGroup, text: dict[str, Any] | Brought, *others: str, by: User | None = None, **more: Any
) -> ImportedPlan:
    """Save a file with what is presumed, but for `others`."""
    file = text if isinstance(text, Brought) else brought(text)
    choices = Choices(frozenset(others), **{name: more.pop(name) for name in ("convene", "oddities") if name in more})
    return import_plan(
        plan=group.plan,
        brought=file,
        file_name="plan.txt",
        choices=choices,
        seen=proposal_for(group.plan, file).digest,
        by=by,
        reason="the plan of the secretariat",
        **more,
    )


def states(proposal: Proposal, kind: str) -> list[State]:
    return [item.state for item in proposal.of(kind)]


def differing(proposal: Proposal) -> dict[str, Any]:
    """By key what the file says otherwise; of a conflict with a mark."""
    return {
        one.key: ("both", one.theirs) if one.is_conflict else one.theirs
        for item in proposal.items
        for one in item.fields
    }
