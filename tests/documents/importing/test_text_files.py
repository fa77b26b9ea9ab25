"""Plans saved as plain text: tabs where borders were, notes without numbers, every habit of line ends and letters."""

import pytest

from documents.importing.brought import NoPlan, Place
from documents.importing.reading import read
from mandates.symbols import REGISTERED
from tests.documents.importing.reading import bring, meetings, narrative, notes, odd, rows

# The shape of the plans of 2013, with all of their traps, in words of our own.
SHAPED = """ I. BACKGROUND
The ports were looked at twice: in Lima on May 6 and 7, 2009;
/ in Quito, under CP/RES.\u00a0934 (1644/08), on June 3, 2010;
/ and in Bogotá on July 1 and 2, 2010).
/
They were found wanting (CP/CSH-1300/10), as MISPA II/doc.8/09 rev. 4 says.
II. MANDATE
CP/RES. 1050 (2000/14) asked for a plan.
III. OTHER CONSIDERATIONS
The plan  may change.
IV. WORK PLAN OF THE WORKING GROUP ON PORTS
\tRESOLUTION
\tMANDATE
\tAREA RESPONSIBLE

\tAG/RES. 2900 (XLIV-O/14)
Safer Ports:  A First Look
\t· To ask the states for reports (MISPA-II/doc.8/09 rev. 4).
· To publish them.


\tCommittee on Ports
Secretariat of Harbours (Office of Piers)

\tCP/RES. 1050 (2000-14)
Ports and Customs
\t· To meet.
· To report
\tCommittee on Ports

\tAG/RES. 2901 (XLIV-O/14)\u0020
SAFER PORTS: A FIRST LOOK

\t· To report to the Assembly.
\t


V. CALENDAR OF ACTIVITIES AND MEETINGS
\tDATE
\tTOPIC

\tThursday

September 5, 2013

10:00 a.m. – 1:00 p.m.

Simón Bolívar Room
\t· Election of the Chair
· Consideration of the draft plan

\tThursday

September 20, 2013
10:00 a.m. – 1:00 p.m.

Simón Bolívar Room


\t· Other business\u0020
 \ufffd.\tReport of Lima (CP/INF. /09).


\ufffd.\tReport of Quito (CP/INF.3/10) or its draft (CP/INF.4/10).


\ufffd.\tReport of Bogotá (CP/INF.5/10).


"""


def test_a_plan_of_that_shape_is_read_whole():
    brought = bring(SHAPED)

    assert (brought.kind, brought.language) == ("txt", "en")
    assert narrative(brought, "background") == [
        "The ports were looked at twice: in Lima on May 6 and 7, 2009;[^n1] in Quito, under CP/RES.\u00a0934 "
        "(1644/08), on June 3, 2010;[^n2] and in Bogotá on July 1 and 2, 2010).[^n3]",
        "They were found wanting (CP/CSH-1300/10), as MISPA II/doc.8/09 rev. 4 says.",
    ]
    assert narrative(brought, "mandate") == ["CP/RES. 1050 (2000/14) asked for a plan."]
    assert narrative(brought, "considerations") == ["The plan  may change."]
    assert list(notes(brought)) == [
        ("n1", "Report of Lima (CP/INF. /09)."),
        ("n2", "Report of Quito (CP/INF.3/10) or its draft (CP/INF.4/10)."),
        ("n3", "Report of Bogotá (CP/INF.5/10)."),
    ]
    assert rows(brought) == [
        (
            "AG/RES. 2900 (XLIV-O/14)",
            "Safer Ports:  A First Look",
            ["To ask the states for reports (MISPA-II/doc.8/09 rev. 4).", "To publish them."],
            ["Committee on Ports", "Secretariat of Harbours (Office of Piers)"],
        ),
        ("CP/RES. 1050 (2000/14)", "Ports and Customs", ["To meet.", "To report"], ["Committee on Ports"]),
        ("AG/RES. 2901 (XLIV-O/14)", "SAFER PORTS: A FIRST LOOK", ["To report to the Assembly."], []),
    ]
    assert meetings(brought) == [
        (
            "2013-09-05T10:00 2013-09-05T13:00",
            "Simón Bolívar Room",
            ["Election of the Chair", "Consideration of the draft plan"],
        ),
        ("2013-09-20T10:00 2013-09-20T13:00", "Simón Bolívar Room", ["Other business"]),
    ]


def test_what_is_odd_in_it_is_told_and_nothing_else():
    brought = bring(SHAPED)

    assert odd(brought) == [
        ("area with unit", "Secretariat of Harbours (Office of Piers)"),
        ("bracket", "010; and in Bogotá on July 1 and 2, 2010)."),
        ("capitals", "SAFER PORTS: A FIRST LOOK"),
        ("doubtful symbol", "CP/INF. /09"),
        ("no area", ""),
        ("same title", "SAFER PORTS: A FIRST LOOK"),
        ("two documents", "CP/INF.3/10) or its draft (CP/INF.4/10"),
        ("two forms", "CP/RES. 1050 (2000-14)"),
        ("two forms", "MISPA-II/doc.8/09 rev. 4"),
        ("weekday", "Thursday"),
    ]
    [weekday] = [one for one in brought.anomalies if one.oddity == "weekday"]
    assert weekday.candidates == ("2013-09-20", "2013-09-19")


def test_each_part_knows_where_it_stood():
    places = bring(SHAPED).places

    assert places["narrative/background/1"] == Place(line=6)
    assert places["rows/1"] == Place(table=1, row=3, column=1, line=25)
    assert places["rows/1/mandates/1"] == Place(table=1, row=3, column=2, line=28)
    assert places["meetings/1"] == Place(table=2, row=3, column=1, line=52)
    assert places["notes/2"] == Place(line=67)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_letters_of_every_habit_give_the_same_plan(end, code):
    data = SHAPED.replace("\n", end).encode(code)

    assert read(data, "plan.txt", REGISTERED).text == bring(SHAPED).text


def test_letters_of_windows_are_read_where_they_are_no_utf_8():
    lost = SHAPED.replace("\ufffd.\t", "").partition(" Report of Lima")[0].replace("\n/ ", " ").replace("\n/\n", "\n")

    brought = read(lost.encode("cp1252"), "plan.txt", REGISTERED)

    assert brought.text["rows"] == bring(SHAPED).text["rows"]
    assert brought.text["meetings"][0]["room"]["name"]["en"] == "Simón Bolívar Room"


def test_notes_that_keep_their_numbers_are_called_by_them():
    numbered = (
        SHAPED.replace(";\n/ in Quito", ";[1] in Quito").replace(";\n/ and", ";[2] and").replace("\n/\n", "[3]\n")
    )
    for number in "123":
        numbered = numbered.replace("\ufffd.\t", f"[{number}] ", 1)

    assert bring(numbered).text == bring(SHAPED).text


def test_marks_and_notes_that_do_not_fit_each_other_are_told():
    one_note_less = SHAPED[: SHAPED.index("\ufffd.\tReport of Bogotá")]
    one_mark_less = SHAPED.replace(";\n/ and", "; and")

    assert ("mark without note", "/") in odd(bring(one_note_less))
    assert narrative(bring(one_note_less), "background")[0].endswith("July 1 and 2, 2010).")
    assert ("note without mark", "Report of Bogotá (CP/INF.5/10).") in odd(bring(one_mark_less))


def test_tabs_between_the_cells_of_a_line_are_borders_too():
    file = """Plan de trabajo
RESOLUCIÓN\tMANDATO\tÁREA RESPONSABLE
AG/RES. 2900 (XLIV-O/14)
Puertos seguros\t·\tPedir informes.
·\tPublicarlos.\tComité de Puertos
Secretaría General
CP/RES. 1050 (2000/14) Aduanas\t1. Reunirse.
2. Informar.\t
Calendario
FECHA\tTEMA
jueves 5 de septiembre de 2013
10:00-13:00\t- Elección
- Otros asuntos
19 de septiembre de 2013\tConsideración de los documentos
"""

    brought = bring(file)

    assert rows(brought) == [
        (
            "AG/RES. 2900 (XLIV-O/14)",
            "Puertos seguros",
            ["Pedir informes.", "Publicarlos."],
            ["Comité de Puertos", "Secretaría General"],
        ),
        ("CP/RES. 1050 (2000/14)", "Aduanas", ["Reunirse.", "Informar."], []),
    ]
    assert meetings(brought) == [
        ("2013-09-05T10:00 2013-09-05T13:00", None, ["Elección", "Otros asuntos"]),
        ("2013-09-19 2013-09-19", None, ["Consideración de los documentos"]),
    ]
    assert odd(brought) == [("no area", "")]


def test_a_paragraph_that_begins_with_a_tab_is_no_cell():
    file = (
        "Background\n\tThe ports were looked at.\n\tThey were found wanting.\nMandate\n1. A first one.\n2. A second.\n"
    )

    brought = bring(file)

    assert narrative(brought, "background") == ["The ports were looked at.", "They were found wanting."]
    assert narrative(brought, "mandate") == ["1\\. A first one.", "2\\. A second."]
    assert odd(brought) == []


def test_cells_without_headings_are_parted_where_rows_begin():
    file = """Work plan
\tAG/RES. 2900 (XLIV-O/14)
Safer ports
\tTo ask.
\tCommittee on Ports
\tCP/RES. 1050 (2000/14)
Customs
\tTo meet.
\t
"""

    brought = bring(file)

    assert rows(brought) == [
        ("AG/RES. 2900 (XLIV-O/14)", "Safer ports", ["To ask."], ["Committee on Ports"]),
        ("CP/RES. 1050 (2000/14)", "Customs", ["To meet."], []),
    ]
    assert odd(brought) == [("no area", "")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"Background\x00\x01\x02", "not a text file"),
        (b"\xff\xfeB", "letters of this file cannot be read"),
        (b"Antecedentes \x81\x8d", "letters of this file cannot be read"),
        ("Antecedentes\nSimón Bolívar\nMandato\n".encode("cp850"), "letters of this file cannot be read"),
        ("Antécédents\nLa première réunion\nMandat\n".encode("mac-roman"), "letters of this file cannot be read"),
        (b"Dear Madam,\nplease find the plan enclosed.\n", "No part of a work plan"),
        (b"Background\n" + b"words " * 200_000, "more text than a plan can have"),
        (b"%PDF-1.7 ...", "This is a PDF file"),
        (rb"{\rtf1 Background}", "This is a RTF file"),
    ],
)
def test_what_is_no_plan_in_plain_text_is_refused_with_its_reason(data, words):
    with pytest.raises(NoPlan, match=words):
        read(data, "plan.txt", REGISTERED)


def test_a_resolution_with_its_symbol_alone_has_no_title_and_says_so():
    brought = bring("Work plan\nRESOLUTION\tMANDATE\nAG/RES. 2900 (XLIV-O/14)\t· To ask.\n")

    assert brought.text["rows"][0]["title"] is None
    assert odd(brought) == [("no title", "AG/RES. 2900 (XLIV-O/14)")]


def test_brackets_with_nothing_in_them_name_no_unit():
    brought = bring("Work plan\nRESOLUTION\tMANDATE\tAREA\nAG/RES. 2900 (XLIV-O/14) Ports\t· To ask.\tBoard ( )\n")

    assert rows(brought)[0][3] == ["Board ( )"]
