"""The MISPA IV group of 2013, number by number: what its draft work plan says, with its peculiarities kept."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from documents.models import Document, Edition, Release
from mandates.models import Delegation, Mandate, Paragraph, Pillar, RegisteredSymbol, Resolution, WorkingGroup
from mandates.symbols import find_all
from meetings.models import Meeting, Topic
from mispa.ground.models import ChangeSet, Tracked

pytestmark = pytest.mark.django_db
FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "mispa_iv.json"

RESOLUTIONS = {
    "AG/RES. 2444 (XXXIX-O/09)": "Meeting of Ministers Responsible for Public Security in the Americas",
    "AG/RES. 2540 (XL-O/10)": "Follow-Up to the Meetings of Ministers Responsible for Public Security in the Americas",
    "AG/RES. 2629 (XLI-O/11)": "Follow-up to the Meetings of Ministers Responsible for Public Security in the Americas",
    "AG/RES. 2735 (XLII-O/12)": "Advancing Hemispheric Security: A Multidimensional Approach",
    "AG/RES. 2809 (XLIII-O/13)": "Advancing Hemispheric Security: A Multidimensional Approach",
    "CP/RES. 934 (1644/08)": "Convocation of the First Meeting of Ministers on Public Security of the Americas",
    "CP/RES. 957 (1714/09)": (
        "Date and Place of the Second Meeting of Ministers Responsible for Public Security in the Americas"
    ),
    "CP/RES. 1014 (1915/13)": (
        "Holding of the Fourth Meeting of Ministers Responsible for Public Security in the Americas (MISPA)"
    ),
}
# printed, canonical where it differs; in the order of mention
DOCUMENTS = [
    ("MISPA/doc.7/08 rev. 4", ""),
    ("MISPA II/doc.8/09 rev. 4", ""),
    ("MISPA III/doc.8/11 rev. 2", ""),
    ("MISPA III/doc.9/11 rev. 2", ""),
    ("MISPA/INF. /08", None),
    ("MISPA/INF.3/08", ""),
    ("MISPA/INF.1/08", ""),
    ("MISPA/RE/doc.7/09 rev. 1 corr. 1", ""),
    ("MISPA II/doc. 9/09", "MISPA II/doc.9/09"),
    ("MISPA-III/RE/doc.7/10", "MISPA III/RE/doc.7/10"),
    ("MISPA-III/RE/doc.8/10 rev. 1", "MISPA III/RE/doc.8/10 rev. 1"),
    ("CP/CSH-1246/10", ""),
]
TWICE = {  # the symbols that the plan prints twice; every other one stands in it once
    "AG/RES. 2735 (XLII-O/12)",
    "AG/RES. 2809 (XLIII-O/13)",
    "CP/RES. 1014 (1915/13)",
    "MISPA III/doc.8/11 rev. 2",
    "MISPA III/doc.9/11 rev. 2",
}


@pytest.fixture(scope="module")
def said(module_db) -> str:
    """What the command says when it has loaded the group."""
    out = StringIO()
    call_command("load_mispa_iv", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def text(said) -> dict[str, Any]:
    return Edition.objects.get().text


def english(value: Any) -> str:
    return value["en"]


# ---- loading


def test_loading_says_what_it_did(said):
    assert said == "The MISPA IV group is loaded: 187 records, edition 1 of its draft work plan released.\n"


def test_everything_is_loaded_through_one_change_set(said):
    change_set = ChangeSet.objects.get()

    rows = [row for model in apps.get_models() if issubclass(model, Tracked) for row in model.history.all()]

    assert {row.change_set for row in rows} == {change_set}
    assert (change_set.by, change_set.source) == (None, ChangeSet.Source.COMMAND)


def test_loading_again_changes_nothing_and_says_so(said, django_assert_num_queries):
    out = StringIO()

    with django_assert_num_queries(3):  # a savepoint, the question, its release
        call_command("load_mispa_iv", stdout=out)

    assert out.getvalue() == "The MISPA IV group is there already; nothing was changed.\n"
    assert ChangeSet.objects.count() == 1


def test_ids_are_those_of_the_fixture(said):
    listed = json.loads(FIXTURE.read_text(encoding="utf-8"))
    by_model: dict[str, set[str]] = {}
    for item in listed:
        by_model.setdefault(item["model"], set()).add(item["pk"])

    known = {name: {str(pk) for pk in apps.get_model(name).objects.values_list("pk", flat=True)} for name in by_model}

    # Issuing the plan adds its own document, a revision and a symbol that is pending.
    added = {name: len(known[name] - ids) for name, ids in by_model.items() if known[name] != ids}
    assert added == {"documents.document": 1, "documents.revision": 1, "mandates.registeredsymbol": 1}
    assert all(ids <= known[name] for name, ids in by_model.items())


def test_the_draft_is_released_to_everybody_with_its_symbol_pending(text):
    release = Release.objects.get()

    assert (release.audience, release.edition.number, text["plan"]["symbol"]) == ("public", 1, None)
    assert "Presumed" in release.consent
    assert Document.objects.get(plan__isnull=False).is_public


# ---- the narrative, and the symbols in all that is printed


def test_the_sections_have_six_three_and_one_paragraphs(text):
    assert {section: len(paragraphs) for section, paragraphs in text["narrative"].items()} == {
        "background": 6,
        "mandate": 3,
        "considerations": 1,
    }
    assert Paragraph.objects.count() == 10


def test_twenty_symbols_are_mentioned_twenty_five_times(text):
    printed = [english(one["text"]) for paragraphs in text["narrative"].values() for one in paragraphs]
    printed += [english(note["text"]) for note in text["notes"]]
    printed += [row["symbol_as_printed"] for row in text["rows"]]
    printed += [english(mandate["text"]) for row in text["rows"] for mandate in row["mandates"]]

    mentions = Counter(str(hit.symbol or hit.printed) for passage in printed for hit in find_all(passage))

    assert (len(mentions), mentions.total()) == (20, 25)
    assert {symbol for symbol, count in mentions.items() if count == 2} == TWICE


def test_eight_resolutions_are_cited_with_their_titles(said):
    found = {str(one.symbol): str(one.title) for one in Resolution.objects.select_related("symbol")}

    assert found == RESOLUTIONS


# ---- section IV: the table


def test_the_table_has_three_rows_with_nine_mandates(text):
    assert [(row["symbol"], len(row["mandates"])) for row in text["rows"]] == [
        ("AG/RES. 2735 (XLII-O/12)", 3),
        ("CP/RES. 1014 (1915/13)", 5),
        ("AG/RES. 2809 (XLIII-O/13)", 1),
    ]
    assert Mandate.objects.count() == 9


def test_a_resolution_printed_otherwise_keeps_its_print(text):
    printed = [(row["symbol_as_printed"], english(row["title"])) for row in text["rows"]]

    assert printed == [
        ("AG/RES. 2735 (XLII-O/12)", "Advancing Hemispheric Security: A Multidimensional Approach"),
        (
            "CP/RES. 1014 (1915-13)",
            "Holding of the Fourth Meeting of Ministers Responsible for Public Security in the Americas",
        ),
        ("AG/RES. 2809 (XLIII-O/13)", "ADVANCING HEMISPHERIC SECURITY: A MULTIDIMENSIONAL APPROACH"),
    ]


def test_two_two_and_no_areas_stand_beside_the_rows(text):
    areas = [
        [(english(area["name"]), english(area["unit"]["name"]) if area["unit"] else None) for area in row["areas"]]
        for row in text["rows"]
    ]

    assert areas == [
        [
            ("Committee on Hemispheric Security", None),
            ("Secretariat for Multidimensional Security", "Department of Public Security"),
        ],
        [("Committee on Hemispheric Security", None), ("General Secretariat", None)],
        [],
    ]
    assert not any(mandate["areas"] for row in text["rows"] for mandate in row["mandates"])


# ---- section V: the calendar


def test_five_sessions_are_on_thursdays_from_14_to_17_utc_in_one_room(said):
    sessions = Meeting.objects.filter(kind=Meeting.Kind.SESSION).select_related("room").in_order()

    assert [f"{one.starts:%A %Y-%m-%d %H:%M} {one.ends:%H:%M}" for one in sessions] == [
        "Thursday 2013-09-05 14:00 17:00",
        "Thursday 2013-09-19 14:00 17:00",
        "Thursday 2013-09-26 14:00 17:00",
        "Thursday 2013-10-03 14:00 17:00",
        "Thursday 2013-10-24 14:00 17:00",
    ]
    assert {(f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}", one.timezone) for one in sessions} == {
        ("10:00", "13:00", "America/New_York")
    }
    assert {str(one.room) for one in sessions} == {"Simón Bolívar Room"}


def test_nine_topics_have_six_wordings(text):
    sessions = [meeting for meeting in text["meetings"] if meeting["kind"] == "session"]

    topics = [[english(topic["text"]) for topic in meeting["topics"]] for meeting in sessions]

    assert [len(wordings) for wordings in topics] == [5, 1, 1, 1, 1]
    assert len({wording for wordings in topics for wording in wordings}) == 6
    assert {wording for wordings in topics[1:] for wording in wordings} == {
        "Consideration of the documents of MISPA IV"
    }
    assert Topic.objects.count() == 9


# ---- the process


def days(meeting: dict[str, Any]) -> tuple[str, str]:
    return meeting["starts"], meeting["ends"]


def place(meeting: dict[str, Any]) -> tuple[str | None, str | None]:
    city, country = meeting["city"], meeting["country"]
    return (english(city["name"]) if city else None, english(country) if country else None)


def test_three_ministerial_meetings_came_before(text):
    assert [(one["ordinal"], *days(one), *place(one)) for one in text["process"]] == [
        (1, "2008-10-07", "2008-10-08", "Mexico City", None),  # the country is not printed
        (2, "2009-11-04", "2009-11-05", "Santo Domingo", "Dominican Republic"),
        (3, "2011-11-17", "2011-11-18", "Port of Spain", "Trinidad and Tobago"),
    ]


def test_each_ministerial_meeting_has_its_basis_theme_and_outcomes(text):
    found = [
        (one["basis"], english(one["theme"]) if one["theme"] else None, [paper["symbol"] for paper in one["outcomes"]])
        for one in text["process"]
    ]

    assert found == [
        (["CP/RES. 934 (1644/08)"], "Crime and violence", ["MISPA/doc.7/08 rev. 4"]),
        (["AG/RES. 2444 (XXXIX-O/09)", "CP/RES. 957 (1714/09)"], None, ["MISPA II/doc.8/09 rev. 4"]),
        (
            ["AG/RES. 2540 (XL-O/10)", "AG/RES. 2629 (XLI-O/11)"],
            "Police management",
            ["MISPA III/doc.8/11 rev. 2", "MISPA III/doc.9/11 rev. 2"],
        ),
    ]


def test_the_coming_meeting_is_in_colombia_and_no_city_is_guessed(text):
    (coming,) = [meeting for meeting in text["meetings"] if meeting["kind"] == "ministerial"]

    assert (*days(coming), *place(coming)) == ("2013-11-21", "2013-11-22", None, "Colombia")
    assert coming["basis"] == ["AG/RES. 2735 (XLII-O/12)", "CP/RES. 1014 (1915/13)"]
    assert Meeting.objects.get(number=6).short_title == "MISPA IV"


def test_seven_preparatory_meetings_have_each_a_note_and_their_papers(text):
    number = {note["id"]: note["number"] for note in text["notes"]}
    meeting_of = {note["number"]: note["meeting"] for note in text["notes"]}

    preparatory = [
        (one["ordinal"], number[before["note"]], *days(before), *place(before), len(before["documents"]))
        for one in text["process"]
        for before in one["preparatory"]
    ]

    assert preparatory == [
        (1, 1, "2007-11-26", "2007-11-27", "Santiago", "Chile", 1),
        (1, 2, "2008-03-06", "2008-03-07", "Montego Bay", "Jamaica", 1),
        (1, 3, "2008-08-06", "2008-08-07", "Guatemala City", "Guatemala", 1),
        (2, 4, "2009-08-04", "2009-08-05", "Montevideo", "Uruguay", 1),
        (2, 5, "2009-09-16", "2009-09-17", "Lima", "Peru", 1),
        (3, 6, "2010-12-18", "2010-12-19", "Santiago", "Chile", 2),
        (3, 7, "2010-05-19", "2010-05-20", "Montego Bay", "Jamaica", 1),
    ]
    assert [meeting_of[number] for number in range(1, 8)] == [
        before["id"] for one in text["process"] for before in one["preparatory"]
    ]


def test_the_days_that_the_record_contradicts_stand_as_printed_with_the_record_beside(said):
    meeting = Meeting.objects.get(checked_starts_on__isnull=False)

    printed, checked = (meeting.starts_on, meeting.ends_on), (meeting.checked_starts_on, meeting.checked_ends_on)

    assert [f"{day:%a %Y-%m-%d}" for day in (*printed, *checked)] == [
        "Sat 2010-12-18",
        "Sun 2010-12-19",
        "Thu 2010-11-18",
        "Fri 2010-11-19",
    ]
    assert "rapporteur’s report" in str(meeting.checked_source)


def test_five_pillars_are_in_their_order(said):
    assert [str(pillar) for pillar in Pillar.objects.order_by("position")] == [
        "Public security management",
        "Prevention of crime, violence, and insecurity",
        "Police management",
        "Citizen and community participation",
        "International cooperation",
    ]


# ---- documents and delegations


def test_twelve_documents_are_cited_as_printed(text):
    assert [(paper["as_printed"], paper["symbol"]) for paper in text["documents"]] == [
        (printed, printed if canonical == "" else canonical) for printed, canonical in DOCUMENTS
    ]


def test_the_paper_without_a_number_is_to_be_checked_and_not_guessed(text):
    flagged = [(paper["as_printed"], paper["review"]) for paper in text["documents"] if paper["review"]]

    assert flagged == [("MISPA/INF. /08", "no number")]
    assert not RegisteredSymbol.objects.filter(canonical="MISPA/INF.2/08").exists()


def test_thirty_four_delegations_take_part(said):
    delegations = Delegation.objects.filter(group=WorkingGroup.objects.get())

    codes = {delegation.code for delegation in delegations}

    assert len(delegations) == len(codes) == 34
    assert {"CO", "US", "VE"} < codes
    assert "CU" not in codes
