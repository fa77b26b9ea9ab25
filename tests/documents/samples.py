"""A whole snapshot of a plan, as `documents.editions.snapshot` gives it: the facts of 2013, the wording our own."""

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

from mispa.ground.text import Text

COMMITTEE = {"id": "area-committee", "name": Text.of("Committee on Hemispheric Security"), "unit": None}
SECRETARIAT = {
    "id": "area-secretariat",
    "name": Text.of("Secretariat for Multidimensional Security"),
    "unit": {"id": "unit-public-security", "name": Text.of("Department of Public Security")},
}
GENERAL_SECRETARIAT = {"id": "area-general", "name": Text.of("General Secretariat"), "unit": None}
ROOM = {"id": "room-bolivar", "name": Text.of("Simón Bolívar Room")}
WASHINGTON = {"id": "city-washington", "name": Text.of("Washington")}

_BACKGROUND = [
    "The ministers met for the first time in Mexico City on October 7 and 8, 2008 (MISPA I), called by "
    "CP/RES. 934 (1644/08). Crime and violence was the theme. Three meetings prepared it: academics and experts of "
    "Latin America, in Santiago on November 26 and 27, 2007;[^santiago-2007] academics and experts of the Caribbean, "
    "in Montego Bay on March 6 and 7, 2008;[^montego-bay-2008] and civil society, in Guatemala City on August 6 and "
    "7, 2008.[^guatemala-2008]",
    "They adopted the Commitment to Public Security in the Americas (MISPA/doc.7/08 rev. 4), which sees violence and "
    "crime as a brake on social, economic, and political life, and sets measures in five areas: management of public "
    "security; prevention; police management; participation of citizens and communities; and international "
    "cooperation.",
    "MISPA II was held in Santo Domingo on November 4 and 5, 2009, under AG/RES. 2444 (XXXIX-O/09) and "
    "CP/RES. 957 (1714/09). Experts had met in Montevideo on August 4 and 5,[^montevideo-2009] civil society in Lima "
    "on September 16 and 17.[^lima-2009]",
    "Its Consensus of Santo Domingo on Public Security (MISPA II/doc.8/09 rev. 4) carried the Commitment forward and "
    "made the process a standing one: a ministerial meeting every two years, in odd years, in turn with REMJA, and "
    "experts before each.",
    "MISPA III was held in Port of Spain on November 17 and 18, 2011, under AG/RES. 2540 (XL-O/10) and "
    "AG/RES. 2629 (XLI-O/11), on police management. Experts had met in Santiago on December 18 and 19, "
    "2010,[^santiago-2010] and those of the Caribbean in Montego Bay on May 19 and 20, 2010.[^montego-bay-2010]",
    "It adopted the Port of Spain Recommendations for Police Management (MISPA III/doc.8/11 rev. 2) and the Document "
    "of Port of Spain on the institutions of the process (MISPA III/doc.9/11 rev. 2), and asked for a Subsidiary "
    "Technical Group on Police Management.",
]
_MANDATE = [
    "AG/RES. 2735 (XLII-O/12) called MISPA IV for the second half of 2013 in Colombia, asked for a working group under "
    "the Committee on Hemispheric Security (CSH), and had the Secretariat for Multidimensional Security go on "
    "compiling good practice.",
    "CP/RES. 1014 (1915/13) fixed November 21 and 22, 2013, and had the CSH call the preparatory meetings.",
    "AG/RES. 2809 (XLIII-O/13) asked the Permanent Council to report on the meeting to the General Assembly at its "
    "forty-fourth regular session.",
]
_CONSIDERATIONS = [
    "The Group may change this plan, and may amend it by common accord as the preparations go on, so that MISPA IV "
    "gives the best results.",
]
_NOTES = {
    "santiago-2007": "“Input from Latin American Academics and Experts” (MISPA/INF. /08).",
    "montego-bay-2008": "“Input from Caribbean Academics and Experts” (MISPA/INF.3/08).",
    "guatemala-2008": "“Crime and Violence: Civil Society Perspectives” (MISPA/INF.1/08).",
    "montevideo-2009": "Rapporteur’s Report (MISPA/RE/doc.7/09 rev. 1 corr. 1).",
    "lima-2009": "Meeting of Civil Society Organizations in Preparation for MISPA II (MISPA II/doc. 9/09).",
    "santiago-2010": "Concept Paper (MISPA-III/RE/doc.7/10) or Rapporteur’s Report (MISPA-III/RE/doc.8/10 rev. 1).",
    "montego-bay-2010": "Meeting of Caribbean Academics and Experts: Looking ahead towards MISPA III (CP/CSH-1246/10).",
}
_FIRST_TOPICS = [
    "Election of Vice Chairs of the Working Group",
    "Presentation, consideration, and adoption of the Draft Work Plan of the Working Group",
    "Presentation and consideration of the draft agenda",
    "Presentation and consideration of the draft schedule",
    "Presentation and consideration of the Final Document of MISPA IV",
]


def mandate(id: str, text: str | Text, deadline: dict[str, Any] | None = None) -> dict[str, Any]:
    text = text if isinstance(text, Text) else Text.of(text)
    return {"id": id, "paragraph": None, "text": text, "areas": [], "deadline": deadline}


def row(symbol: str, as_printed: str, title: str, areas: list[Any], mandates: list[Any]) -> dict[str, Any]:
    return {
        "id": f"row-{symbol}",
        "symbol": symbol,
        "symbol_as_printed": as_printed,
        "title": Text.of(title),
        "areas": areas,
        "mandates": mandates,
    }


def _deadline(words: str, earliest: date, latest: date) -> dict[str, Any]:
    return {
        "words": Text.of(words),
        "earliest": earliest,
        "latest": latest,
        "refined_by": None,
        "refined_earliest": None,
        "refined_latest": None,
    }


def _rows() -> list[dict[str, Any]]:
    convening = _deadline("second half of 2013", date(2013, 7, 1), date(2013, 12, 31))
    convening |= {
        "refined_by": "CP/RES. 1014 (1915/13)",
        "refined_earliest": date(2013, 11, 21),
        "refined_latest": date(2013, 11, 22),
    }
    report = _deadline("June 2014", date(2014, 6, 1), date(2014, 6, 30))
    fixed = _deadline("November 21 and 22, 2013", date(2013, 11, 21), date(2013, 11, 22))
    return [
        row(
            "AG/RES. 2735 (XLII-O/12)",
            "AG/RES. 2735 (XLII-O/12)",
            "Advancing Hemispheric Security: A Multidimensional Approach",
            [COMMITTEE, SECRETARIAT],
            [
                mandate(
                    "2735-1",
                    "Endorse the two texts of MISPA III, the Document of Port of Spain (MISPA-III/doc.9/11 rev. 2) and "
                    "the Port of Spain Recommendations for Police Management (MISPA-III/doc.8/11 rev. 2), and urge the "
                    "states to apply them and to go on with the Commitment and the Consensus.",
                ),
                mandate(
                    "2735-2",
                    "Call the Subsidiary Technical Group on Police Management for the second half of 2012; thank "
                    "Colombia for its offer and convene MISPA IV there in the second half of 2013; set up a working "
                    "group, through the CSH, to prepare it.",
                    convening,
                ),
                mandate(
                    "2735-3",
                    "Keep compiling good practice and experience on the five pillars, and present the results at "
                    "MISPA IV.",
                ),
            ],
        ),
        row(
            "CP/RES. 1014 (1915/13)",
            "CP/RES. 1014 (1915-13)",
            "Holding of the Fourth Meeting of Ministers Responsible for Public Security in the Americas",
            [COMMITTEE, GENERAL_SECRETARIAT],
            [
                mandate(
                    "1014-1", "Thank the Republic of Colombia and accept its offer to hold the Fourth Meeting there."
                ),
                mandate("1014-2", "Convene the Fourth Meeting for November 21 and 22, 2013", fixed),
                mandate(
                    "1014-3",
                    "Call the preparatory meetings that are needed, as the Document of Port of Spain provides.",
                ),
                mandate("1014-4", "Ask the member states for whatever information helps the process."),
                mandate(
                    "1014-5",
                    "Provide the technical and administrative secretariat, within the resources at hand for 2013.",
                ),
            ],
        ),
        row(
            "AG/RES. 2809 (XLIII-O/13)",
            "AG/RES. 2809 (XLIII-O/13)",
            "Advancing Hemispheric Security: A Multidimensional Approach",
            [],
            [
                mandate(
                    "2809-1",
                    "Report to the General Assembly, at its forty-fourth regular session, on the Fourth Meeting of "
                    "Ministers.",
                    report,
                ),
            ],
        ),
    ]


def session(number: int, day: date, topics: list[str]) -> dict[str, Any]:
    return {
        "id": f"meeting-{number}",
        "number": number,
        "kind": "session",
        "title": None,
        "starts": datetime(day.year, day.month, day.day, 10),
        "ends": datetime(day.year, day.month, day.day, 13),
        "all_day": False,
        "precision": "exact",
        "words": None,
        "timezone": "America/New_York",
        "room": ROOM,
        "city": WASHINGTON,
        "country": None,
        "topics": [
            {"id": f"topic-{number}-{place}", "kind": "other", "text": Text.of(words), "mandates": [], "documents": []}
            for place, words in enumerate(topics, start=1)
        ],
    }


def ministerial() -> dict[str, Any]:
    return {
        **session(6, date(2013, 11, 21), []),
        "kind": "ministerial",
        "title": Text.of("Fourth Meeting of Ministers Responsible for Public Security in the Americas (MISPA IV)"),
        "starts": date(2013, 11, 21),
        "ends": date(2013, 11, 22),
        "all_day": True,
        "precision": "all-day",
        "timezone": "America/Bogota",
        "room": None,
        "city": None,
        "country": Text.of("Colombia"),
    }


def _paragraphs(section: str, wordings: list[str]) -> list[dict[str, Any]]:
    return [{"id": f"{section}-{place}", "text": Text.of(wording)} for place, wording in enumerate(wordings, start=1)]


def plan_text() -> dict[str, Any]:
    """The `text` of a snapshot; a fresh one each time, to be changed at will."""
    days = [date(2013, 9, 19), date(2013, 9, 26), date(2013, 10, 3), date(2013, 10, 24)]
    later = [session(number, day, ["Consideration of the documents of MISPA IV"]) for number, day in enumerate(days, 2)]
    return deepcopy(
        {
            "group": {
                "id": "group",
                "slug": "mispa-iv",
                "name": Text.of(
                    "Working Group to Prepare the Fourth Meeting of Ministers Responsible for Public Security in the "
                    "Americas"
                ),
                "short_name": Text.of("Working Group to Prepare MISPA IV"),
                "body": Text.of("Committee on Hemispheric Security"),
                "bodies": [Text.of("Permanent Council"), Text.of("Committee on Hemispheric Security")],
                "place": Text.of("Washington"),
                "timezone": "America/New_York",
            },
            "plan": {
                "id": "plan",
                "symbol": None,
                "title": Text.of(
                    "Work plan of the Working Group to Prepare the Fourth Meeting of Ministers Responsible for Public "
                    "Security in the Americas"
                ),
                "original_language": "en",
            },
            "narrative": {
                "background": _paragraphs("background", _BACKGROUND),
                "mandate": _paragraphs("mandate", _MANDATE),
                "considerations": _paragraphs("considerations", _CONSIDERATIONS),
            },
            "notes": [
                {
                    "id": f"note-{key}",
                    "key": key,
                    "number": number,
                    "text": Text.of(wording),
                    "symbols": [],
                    "meeting": None,
                }
                for number, (key, wording) in enumerate(_NOTES.items(), start=1)
            ],
            "rows": _rows(),
            "meetings": [session(1, date(2013, 9, 5), _FIRST_TOPICS), *later, ministerial()],
            "process": [],
            "documents": [],
        }
    )


def plan_record(edition: int | None = 1, **others: Any) -> dict[str, Any]:
    """The `record` of a draft whose text changed last on September 12, 2013, at 11:42 in Washington."""
    return {
        "status": "issued" if edition else "working",
        "edition": edition,
        "corrigendum": None,
        "last_change_at": datetime(2013, 9, 12, 15, 42, 31, tzinfo=UTC),
        "issued_on": date(2013, 9, 13) if edition else None,
        "considered": [],
        "adopted": None,
        "corrections": [],
        "audiences": [],
        "languages": ["en"],
        **others,
    }


CONSIDERED = [{"on": date(2013, 9, 5), "meeting": 1}, {"on": date(2013, 9, 19), "meeting": 2}]


def adoption(how: str = "consensus", confirmed_on: date | None = None) -> dict[str, Any]:
    """What a record says of an adoption on September 19, 2013."""
    return {
        "on": date(2013, 9, 19),
        "how": how,
        "meeting": 2,
        "confirmed_on": confirmed_on,
        "presiding": {"name": "Ana Ruiz", "role": "chair"},
        "note": "",
    }


def corrigendum_record() -> dict[str, Any]:
    """The record of an adopted text of which two wordings were mended on October 3, 2013."""
    corrections = [
        {"where": "mandate 2 of CP/RES. 1014", "language": "es", "before": "noviembre de 2012", "after": "noviembre"},
        {"where": "symbol of AG/RES. 2809", "language": "", "before": "AG/RES. 2809", "after": "AG/RES. 2809 (XLIII)"},
    ]
    others = {"adopted": adoption(), "considered": CONSIDERED, "issued_on": date(2013, 10, 3)}
    return plan_record(2, corrigendum=1, corrections=corrections, **others)


def translated(value: Any, *languages: str) -> Any:
    """A snapshot, or a part of one, with up-to-date translations: the original and a word for the language."""
    if isinstance(value, Text):
        wording = value.wordings[value.original]
        return Text.of(wording, value.original, **{language: f"{wording} {language}" for language in languages})
    if isinstance(value, dict):
        return {key: translated(item, *languages) for key, item in value.items()}
    return [translated(item, *languages) for item in value] if isinstance(value, list) else value


def long_plan_text(rows: int = 20) -> dict[str, Any]:
    """A plan whose rows run over pages: every third one holds more mandates than a page can."""
    text = plan_text()
    wording = (
        "Ask office no. {number} of those named in the plan to gather, from the member states and from the "
        "secretariats that work with them, whatever shows how the measures of the Commitment have been applied, to "
        "compare it with what was reported to MISPA III (MISPA III/doc.8/11 rev. 2), and to bring the result before "
        "the Group in time for its next meeting."
    )
    text["rows"] = [
        row(
            f"AG/RES. {2700 + place} (XLII-O/12)",
            f"AG/RES. {2700 + place} (XLII-O/12)",
            f"Resolution {place} on the follow-up to the meetings of ministers",
            [COMMITTEE, SECRETARIAT],
            [
                mandate(f"{2700 + place}-{number}", wording.format(number=number))
                for number in range(1, 14 if place % 3 == 1 else 3)
            ],
        )
        for place in range(1, rows + 1)
    ]
    return text


def set_meetings_otherwise(text: dict[str, Any]) -> None:
    """Meetings abroad, in words, on whole days and without a day; and papers of a topic."""
    abroad, in_words, whole_days, unknown = text["meetings"][1:5]
    abroad |= {
        "timezone": "America/Bogota",
        "city": {"id": "city-medellin", "name": Text.of("Medellín")},
        "country": Text.of("Colombia"),
        "room": None,
        "title": Text.of("Meeting of experts"),
    }
    in_words |= {
        "starts": None,
        "ends": None,
        "precision": "imprecise",
        "words": Text.of("Early October"),
        "room": None,
    }
    whole_days |= {"starts": date(2013, 10, 3), "ends": date(2013, 10, 4), "all_day": True, "topics": []}
    unknown |= {"starts": None, "ends": None, "precision": "imprecise", "room": None}
    text["meetings"][0]["topics"][1]["documents"] = ["MISPA IV/doc.3/13", "MISPA IV/doc.4/13 rev. 1"]
