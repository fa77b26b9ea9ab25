"""Plans and calendars in lines, without a table: read where the shape is plain, told where it is not."""

import pytest

from tests.documents.importing.reading import bring, meetings, odd, rows, said
from tests.documents.importing.word import docx, p

ENGLISH = """I. BACKGROUND
The rivers were measured.
IV. WORK PLAN
AG/RES. 2900 (XLIV-O/14), “Care of Rivers: A First Look”
· To ask the states for reports (MISPA-II/doc.8/09 rev. 4).
· To publish them.
(Committee on Rivers; Secretariat of Waters (Office of Maps))
CP/RES. 1050 (2000/14) – Rivers and Customs
1. To meet.
2. To report
V. CALENDAR
Thursday, September 5, 2013, 10:00 a.m. – 1:00 p.m., Simón Bolívar Room: Election of the Chair
September 19, 2013: Consideration of the draft; other business
Friday, September 26, 2013:
10:00 a.m. – 1:00 p.m.
Simón Bolívar Room
- Adoption of the plan
- Closing
Second half of October 2013: Last meeting
"""
SPANISH = """II. MANDATO
La Asamblea pidió un plan.
IV. PLAN DE TRABAJO
Resolución AG/RES. 2900 (XLIV-O/14): “Cuidado de los ríos”
· Pedir informes a los Estados. (Comité de Ríos)
· Publicarlos cada año. (Secretaría de Aguas)
V. CALENDARIO
jueves 5 de septiembre de 2013: Elección de la Presidencia
19 de septiembre de 2013, 10:00 a 13:00 horas, Salón Simón Bolívar – Consideración del proyecto
octubre de 2013: Clausura
"""
FRENCH = """II. MANDAT
L’Assemblée a demandé un plan.
IV. PLAN DE TRAVAIL
AG/RES. 2900 (XLIV-O/14) Soin des fleuves
• Demander des rapports aux États
• Les publier chaque année
Entité responsable : Comité des fleuves
V. CALENDRIER
jeudi 5 septembre 2013 : Élection de la présidence
Le 19 septembre 2013, de 10 h 00 à 13 h 00, salle Simón Bolívar : Examen du projet
"""
PORTUGUESE = """II. MANDATO
A Assembleia pediu um plano.
IV. PLANO DE TRABALHO
AG/RES. 2900 (XLIV-O/14) “Cuidado dos rios”
- Pedir relatórios aos Estados [Comitê dos Rios]
- Publicá-los todo ano [Secretaria de Águas]
V. CALENDÁRIO
quinta-feira, 5 de setembro de 2013: Eleição da Presidência
19 de setembro de 2013
· Consideração do projeto
· Outros assuntos
"""


def test_a_plan_in_lines_is_read_as_its_table_would_be():
    brought = bring(ENGLISH)

    assert rows(brought) == [
        (
            "AG/RES. 2900 (XLIV-O/14)",
            "Care of Rivers: A First Look",
            ["To ask the states for reports (MISPA-II/doc.8/09 rev. 4).", "To publish them."],
            ["Committee on Rivers", "Secretariat of Waters (Office of Maps)"],
        ),
        ("CP/RES. 1050 (2000/14)", "Rivers and Customs", ["To meet.", "To report"], []),
    ]
    assert meetings(brought) == [
        ("2013-09-05T10:00 2013-09-05T13:00", "Simón Bolívar Room", ["Election of the Chair"]),
        ("2013-09-19 2013-09-19", None, ["Consideration of the draft; other business"]),
        ("2013-09-26T10:00 2013-09-26T13:00", "Simón Bolívar Room", ["Adoption of the plan", "Closing"]),
        ("Second half of October 2013", None, ["Last meeting"]),
    ]
    assert odd(brought) == [
        ("area with unit", "Secretariat of Waters (Office of Maps)"),
        ("imprecise", "Second half of October 2013"),
        ("no area", ""),
        ("weekday", "Friday"),
    ]
    assert brought.places["rows/1/mandates/0"].line == 9
    assert brought.places["meetings/2/topics/1"].line == 18


@pytest.mark.parametrize(
    ("file", "row", "calendar"),
    [
        (
            SPANISH,
            (
                "Cuidado de los ríos",
                ["Pedir informes a los Estados. | Comité de Ríos", "Publicarlos cada año. | Secretaría de Aguas"],
                [],
            ),
            [
                ("2013-09-05 2013-09-05", None, ["Elección de la Presidencia"]),
                ("2013-09-19T10:00 2013-09-19T13:00", "Salón Simón Bolívar", ["Consideración del proyecto"]),
                ("octubre de 2013", None, ["Clausura"]),
            ],
        ),
        (
            FRENCH,
            (
                "Soin des fleuves",
                ["Demander des rapports aux États", "Les publier chaque année"],
                ["Comité des fleuves"],
            ),
            [
                ("2013-09-05 2013-09-05", None, ["Élection de la présidence"]),
                ("2013-09-19T10:00 2013-09-19T13:00", "salle Simón Bolívar", ["Examen du projet"]),
            ],
        ),
        (
            PORTUGUESE,
            (
                "Cuidado dos rios",
                ["Pedir relatórios aos Estados | Comitê dos Rios", "Publicá-los todo ano | Secretaria de Águas"],
                [],
            ),
            [
                ("2013-09-05 2013-09-05", None, ["Eleição da Presidência"]),
                ("2013-09-19 2013-09-19", None, ["Consideração do projeto", "Outros assuntos"]),
            ],
        ),
    ],
    ids=["es", "fr", "pt"],
)
def test_lines_are_read_in_the_other_languages(file, row, calendar):
    brought = bring(file)

    assert rows(brought) == [("AG/RES. 2900 (XLIV-O/14)", *row)]
    assert meetings(brought) == calendar


def test_lists_of_word_are_read_too():
    brought = bring(
        docx(
            p("Work plan", style="H1"),
            p("AG/RES. 2900 (XLIV-O/14) Care of Rivers"),
            p("To ask for\nreports.", num="1"),
            p("To publish them.", num="1"),
            p("Calendar", style="H1"),
            p("September 5, 2013\n10:00 a.m. – 1:00 p.m."),
            p("Election of the Chair", num="1"),
        )
    )

    assert rows(brought) == [
        ("AG/RES. 2900 (XLIV-O/14)", "Care of Rivers", ["To ask for reports.", "To publish them."], [])
    ]
    assert meetings(brought) == [("2013-09-05T10:00 2013-09-05T13:00", None, ["Election of the Chair"])]
    assert odd(brought) == []


def test_sentences_are_no_lists_and_are_told():
    brought = bring(
        """II. MANDATE
The Assembly asked for a plan.
IV. WORK PLAN
AG/RES. 2900 (XLIV-O/14) asked the Secretariat for a report.
· A bullet.
V. CALENDAR
September 5, 2013 is the day of the first meeting.
The Chair may call others.
"""
    )

    assert (rows(brought), meetings(brought)) == ([], [])
    assert [one.printed for one in brought.anomalies] == [
        "AG/RES. 2900 (XLIV-O/14) asked the Secretariat for a report.\nA bullet.",
        "September 5, 2013 is the day of the first meeting.\nThe Chair may call others.",
    ]


def test_a_paragraph_after_the_last_bullet_belongs_to_no_mandate_and_to_no_topic():
    brought = bring(
        """IV. WORK PLAN
AG/RES. 2900 (XLIV-O/14) Care of Rivers
· To ask.
This plan may be amended.
V. CALENDAR
September 5, 2013
· Election of the Chair
The Chair may call other meetings.
"""
    )

    assert rows(brought)[0][2] == ["To ask."]
    assert meetings(brought)[0][2] == ["Election of the Chair"]
    assert {one.printed for one in brought.anomalies} == {
        "This plan may be amended.",
        "The Chair may call other meetings.",
    }


@pytest.mark.parametrize("end", ["(MISPA-II/doc.8/09 rev. 4)", "(see Annex 2)", "(CSH)", "(2013)"])
def test_a_bracket_that_may_say_something_else_stays_in_the_mandate(end):
    brought = bring(f"IV. WORK PLAN\nAG/RES. 2900 (XLIV-O/14) Rivers\n· To ask for reports {end}\n· To publish.\n")

    assert rows(brought)[0][2] == [f"To ask for reports {end}", "To publish."]


def test_beside_a_table_lines_are_no_second_plan():
    brought = bring(
        "IV. WORK PLAN\nRESOLUTION\tMANDATE\nAG/RES. 2900 (XLIV-O/14) Rivers\t· To ask.\n"
        "V. CALENDAR\nDATE\tTOPIC\nSeptember 5, 2013\t· Election\n"
    )

    assert [said(row["title"]) for row in brought.text["rows"]] == ["Rivers"]
    assert len(brought.text["meetings"]) == 1
