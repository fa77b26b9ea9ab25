"""Plans as other people write them in Word: each with its traps, and nothing found odd but what is."""

import pytest

from documents.importing.brought import NoPlan, Place
from tests.documents.importing.reading import areas, bring, meetings, narrative, notes, odd, rows, said
from tests.documents.importing.word import (
    GOES_ON,
    MERGED_ON,
    call,
    cell,
    docx,
    p,
    run,
    table,
)
from tests.documents.importing.word import notes as notes_xml

DRUGS = "AG/RES. 2900 (XLIV-O/14)"
PORTS = "CP/RES. 1050 (2000/14)"
HEADS = ("Resolution", "Mandate", "Area responsible")


def plan(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> str:
    return table(heads, *rows)


def calendar(*rows: tuple[str, ...], heads: tuple[str, ...] = ("Date", "Topic")) -> str:
    return table(heads, *rows)


# ---- whole plans in four languages


def test_a_plan_in_english_with_typed_headings_and_its_order_changed():
    file = docx(
        p("V. CALENDAR OF ACTIVITIES"),
        calendar(
            ("Tuesday, March 4, 2014\n3:00 – 5:30 p.m.\nRubén Darío Room", "• Election of the Chair\n• Other business")
        ),
        p("I. BACKGROUND"),
        p("Harbours were first looked at in 2012."),
        p("A second look followed."),
        p("III. OTHER CONSIDERATIONS"),
        p("The plan may change."),
        p("IV. WORK PLAN OF THE GROUP ON PORTS"),
        plan((f"{DRUGS}\nSafer ports", "· Ask states for reports.\n· Publish them.", "General Secretariat")),
    )

    brought = bring(file)

    assert brought.language == "en"
    assert narrative(brought, "background") == ["Harbours were first looked at in 2012.", "A second look followed."]
    assert narrative(brought, "mandate") == []
    assert narrative(brought, "considerations") == ["The plan may change."]
    assert rows(brought) == [
        (DRUGS, "Safer ports", ["Ask states for reports.", "Publish them."], ["General Secretariat"])
    ]
    assert meetings(brought) == [
        ("2014-03-04T15:00 2014-03-04T17:30", "Rubén Darío Room", ["Election of the Chair", "Other business"])
    ]
    assert odd(brought) == []


def test_a_plan_in_spanish_with_columns_in_another_order_and_a_wrong_weekday():
    file = docx(
        p("Antecedentes", style="H1"),
        p("Los puertos se examinaron por primera vez en 2012."),
        p("Mandato", style="H1"),
        p("La Asamblea pidió un plan para los puertos."),
        p("Otras consideraciones", style="H1"),
        p("El plan puede cambiar."),
        p("Plan de trabajo", style="H1"),
        plan(
            ("Secretaría General", f"Resolución {DRUGS}\n“Puertos seguros”", "1. Pedir informes.\n2. Publicarlos."),
            ("", f"{PORTS}\nPuertos y aduanas", "a) Reunirse.\nb) Informar."),
            heads=("Área responsable", "Resolución", "Mandato"),
        ),
        p("Calendario de reuniones", style="Kap"),
        calendar(
            ("Consideración del temario", "viernes 5 de septiembre de 2013\nde 10:00 a 13:00 h\nSalón Bolívar"),
            heads=("Tema", "Fecha"),
        ),
    )

    brought = bring(file)

    assert brought.language == "es"
    assert narrative(brought, "mandate") == ["La Asamblea pidió un plan para los puertos."]
    assert rows(brought) == [
        (DRUGS, "“Puertos seguros”", ["Pedir informes.", "Publicarlos."], ["Secretaría General"]),
        (PORTS, "Puertos y aduanas", ["Reunirse.", "Informar."], []),
    ]
    assert meetings(brought) == [("2013-09-05T10:00 2013-09-05T13:00", "Salón Bolívar", ["Consideración del temario"])]
    assert odd(brought) == [("no area", ""), ("weekday", "viernes")]
    [weekday] = [one for one in brought.anomalies if one.oddity == "weekday"]
    assert weekday.candidates == ("2013-09-05", "2013-09-06")
    assert weekday.place == Place(table=2, row=2, column=1)


def test_a_plan_in_french_with_merged_cells_and_an_area_beside_each_mandate():
    merged = cell(f"{DRUGS}", "Des ports sûrs", looks=MERGED_ON)
    file = docx(
        p("I. CONTEXTE"),
        p("Les ports ont été examinés pour la première fois en 2012."),
        p("II. MANDAT"),
        p("L’Assemblée a demandé un plan pour les ports."),
        p("IV. PLAN DE TRAVAIL DU GROUPE"),
        table(
            ("Résolution", "Mandat", "Entité responsable"),
            (merged, "– Demander des rapports.", "Secrétariat général"),
            (cell(looks=GOES_ON), "– Les publier.", "Commission de la sécurité (Département des ports)"),
        ),
        p("V. CALENDRIER DES RÉUNIONS"),
        calendar(
            ("Le 1er octobre 2013\n10h00-13h00\nSalle Bolívar", "Examen des documents"),
            ("Début novembre", "Examen des rapports"),
            heads=("Date", "Point"),
        ),
    )

    brought = bring(file)

    assert brought.language == "fr"
    assert rows(brought) == [
        (
            DRUGS,
            "Des ports sûrs",
            [
                "Demander des rapports. | Secrétariat général",
                "Les publier. | Commission de la sécurité (Département des ports)",
            ],
            [],
        )
    ]
    assert meetings(brought) == [
        ("2013-10-01T10:00 2013-10-01T13:00", "Salle Bolívar", ["Examen des documents"]),
        ("Début novembre", None, ["Examen des rapports"]),
    ]
    assert odd(brought) == [
        ("area with unit", "Commission de la sécurité (Département des ports)"),
        ("imprecise", "Début novembre"),
    ]


def test_a_plan_in_portuguese_with_lists_of_word_and_no_column_of_areas():
    file = docx(
        p("ANTECEDENTES"),
        p("Os portos foram examinados em 2012."),
        p("MANDATO"),
        p("A Assembleia pediu um plano para os portos."),
        p("PLANO DE TRABALHO"),
        plan(
            (
                cell(f"{DRUGS}: Portos seguros"),
                cell(p("Pedir relatórios:", num="1"), p("anuais", num="1", level=1), p("Publicar.", num="1")),
            ),
            (cell(PORTS, "Portos e aduanas"), cell(p("Reunir-se.", num="3"), p("Relatar.", num="3"))),
            heads=("Resolução", "Mandato"),
        ),
        p("CRONOGRAMA"),
        calendar(
            ("quinta-feira, 5 de setembro de 2013\n14.30 – 17.30", cell(p("Eleição", num="2"), p("Outros", num="2"))),
            heads=("Data", "Temas"),
        ),
    )

    brought = bring(file)

    assert brought.language == "pt"
    assert rows(brought) == [
        (DRUGS, "Portos seguros", ["Pedir relatórios: a) anuais", "Publicar."], []),
        (PORTS, "Portos e aduanas", ["Reunir-se.", "Relatar."], []),
    ]
    assert [one["paragraph"] for one in brought.text["rows"][1]["mandates"]] == ["14", "15"]
    assert meetings(brought) == [("2013-09-05T14:30 2013-09-05T17:30", None, ["Eleição", "Outros"])]
    assert odd(brought) == []


# ---- tables


def test_tables_without_headings_are_known_by_what_stands_in_them():
    file = docx(
        p("Work plan", style="H1"),
        table(("General Secretariat", f"{DRUGS}\nSafer ports", "Ask all of the states for their reports.")),
        p("Calendar", style="H1"),
        table(("Other business", "September 5, 2013")),
    )

    brought = bring(file)

    assert rows(brought) == [
        (DRUGS, "Safer ports", ["Ask all of the states for their reports."], ["General Secretariat"])
    ]
    assert meetings(brought) == [("2013-09-05 2013-09-05", None, ["Other business"])]
    assert odd(brought) == []


def test_headings_that_come_again_and_cells_that_go_on_are_no_rows():
    file = docx(
        plan(
            (f"{DRUGS}\nSafer ports", "· One.", cell("General Secretariat", looks=MERGED_ON)),
            HEADS,
            ("", "· Two.", cell(looks=GOES_ON)),
            (f"{PORTS}\nCustoms", "· Three.", "—"),
        ),
    )

    brought = bring(file)

    assert rows(brought) == [
        (DRUGS, "Safer ports", ["One.", "Two."], ["General Secretariat"]),
        (PORTS, "Customs", ["Three."], []),
    ]
    assert odd(brought) == [("no area", "—")]
    assert [one.place for one in brought.anomalies] == [Place(table=1, row=5, column=3)]


def test_cells_that_span_columns_and_tables_in_cells_keep_their_place():
    inner = table(("Committee A",), ("Committee B; Committee C",))
    wide = cell("Adopted by the General Assembly", looks='<w:gridSpan w:val="4"/>')
    file = docx(
        table(
            ("Resolution", cell("Mandate", looks='<w:gridSpan w:val="2"/>'), "Area"),
            (wide,),
            (f"{DRUGS}\nSafer ports", cell("· One.", looks='<w:gridSpan w:val="2"/>'), cell(inner, p(""))),
        ),
    )

    brought = bring(file)

    assert rows(brought) == [(DRUGS, "Safer ports", ["One."], ["Committee A", "Committee B", "Committee C"])]
    assert odd(brought) == [("not understood", "Adopted by the General Assembly")]


def test_a_plan_inside_of_a_table_for_the_layout_is_found():
    file = docx(table((cell(p("Background", style="H1"), p("It began."), plan((DRUGS, "· One.", "CSH")), p("")),)))

    brought = bring(file)

    assert narrative(brought, "background") == ["It began."]
    assert rows(brought) == [(DRUGS, None, ["One."], ["CSH"])]


def test_columns_of_their_own_give_deadline_number_hours_and_room():
    file = docx(
        plan(
            ("1", DRUGS, "7", "Report.", "June 30, 2014", "CSH", "done"),
            heads=("No.", "Resolution", "Paragraph", "Mandate", "Deadline", "Area", "Status"),
        ),
        calendar(
            ("March 4, 2014", "10:00-12:00", "Room 2", "Agenda"),
            heads=("Date", "Time", "Place", "Topics"),
        ),
    )

    brought = bring(file)

    [mandate] = brought.text["rows"][0]["mandates"]
    assert (mandate["paragraph"], said(mandate["deadline"]["words"])) == ("7", "June 30, 2014")
    assert (mandate["deadline"]["earliest"], mandate["deadline"]["latest"]) == ("2014-06-30", "2014-06-30")
    assert meetings(brought) == [("2014-03-04T10:00 2014-03-04T12:00", "Room 2", ["Agenda"])]
    assert odd(brought) == [("no title", DRUGS), ("not understood", "done")]


def test_symbols_that_are_doubtful_or_missing_are_told_and_nothing_is_made_up():
    file = docx(
        plan(
            ("XYZ/RES. 12 (XLII-O/12)\nOf an organ that nobody knows", "One.", "A"),
            ("AG/RES. 2900\nWithout its session", "Two.", "A"),
            ("A resolution on ports", "Three.", "A"),
            (f"{DRUGS}\nSAFER PORTS FOR ALL", "Four.", "A"),
            (
                "AG/RES. 2901 (XLIV-O/14)\nSafer  ports for all",
                "Five, as AG/RES 2900 (XLIV-0/14) asks (see below.",
                "A",
            ),
        ),
    )

    brought = bring(file)

    assert [(row["symbol"], row["symbol_as_printed"], said(row["title"])) for row in brought.text["rows"]] == [
        (None, "XYZ/RES. 12 (XLII-O/12)", "Of an organ that nobody knows"),
        (None, "AG/RES. 2900", "Without its session"),
        (None, "", "A resolution on ports"),
        (DRUGS, DRUGS, "SAFER PORTS FOR ALL"),
        ("AG/RES. 2901 (XLIV-O/14)", "AG/RES. 2901 (XLIV-O/14)", "Safer  ports for all"),
    ]
    assert odd(brought) == [
        ("bracket", "Five, as AG/RES 2900 (XLIV-0/14) asks (see below."),
        ("capitals", "SAFER PORTS FOR ALL"),
        ("doubtful symbol", "AG/RES. 2900"),
        ("doubtful symbol", "XYZ/RES. 12 (XLII-O/12)"),
        ("no symbol", "A resolution on ports"),
        ("same title", "Safer  ports for all"),
        ("two forms", "AG/RES 2900 (XLIV-0/14)"),
    ]


def test_marks_of_every_kind_begin_a_mandate_and_numbers_of_paragraphs_are_kept():
    mandates = [
        "• One.\n\N{BULLET}\tTwo,\nand more of it.",
        "- One.\n– Two.\n* Three.",
        "1. One.\n2. Two:\na) this;\nb) that.\n3. Three.",
        "14. One.\n16. Two.",
        "Paragraph 3: One.\nOP 4. Two.",
        "One.\nTwo.",
    ]
    file = docx(
        plan(*((f"AG/RES. {2900 + place} (XLIV-O/14)\n{place}", said, "A") for place, said in enumerate(mandates)))
    )

    brought = bring(file)

    read = [[(one["paragraph"], said(one["text"])) for one in row["mandates"]] for row in brought.text["rows"]]
    assert read == [
        [(None, "One."), (None, "Two, and more of it.")],
        [(None, "One."), (None, "Two."), (None, "Three.")],
        [(None, "One."), (None, "Two: a) this; b) that."), (None, "Three.")],
        [("14", "One."), ("16", "Two.")],
        [("3", "One."), ("4", "Two.")],
        [(None, "One."), (None, "Two.")],
    ]
    assert odd(brought) == []


# ---- what Word puts into paragraphs


def test_runs_links_fields_boxes_and_soft_breaks_are_read_and_hidden_words_are_not():
    box = "<w:txbxContent>" + p("In a box.") + "</w:txbxContent>"
    drawing = f"<mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
    drawing += f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("May 1")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    file = docx(
        p("Contents", style="Toc"),
        p("Mandate", style="Toc"),
        p(run("Back"), run("ground"), style="H1"),
        p(
            run("Ha"),
            run("rb"),
            run("ours on "),
            field,
            run(" "),
            f'<w:hyperlink r:id="x">{run("here")}</w:hyperlink>',
            run("\nand there"),
            run("hidden", "<w:vanish/>"),
            "<w:r><w:noBreakHyphen/><w:commentReference w:id='1'/></w:r>",
            "<w:commentRangeStart w:id='1'/>",
            f"<w:sdt><w:sdtContent>{run('end.')}</w:sdtContent></w:sdt>",
            f"<w:r>{drawing}</w:r>",
        ),
        p(
            run("Bold ", "<w:b/>"),
            run("and "),
            run("not", "<w:b w:val='0'/>"),
            run(" strong", '<w:rStyle w:val="Strong"/>'),
            run(", "),
            run("it", "<w:i/>"),
        ),
        p("an item", num="1"),
        p("another", num="1"),
        p("Mandate", style="H1"),
        p("It is one."),
    )

    brought = bring(file)

    assert narrative(brought, "background") == [
        "Harbours on May 1 here\\\nand there\N{NON-BREAKING HYPHEN}end.",
        "In a box.",
        "**Bold** and not **strong**, *it*\n\n- an item\n- another",
    ]
    assert odd(brought) == []


def test_notes_of_word_at_the_foot_and_at_the_end_are_called_where_they_stand():
    file = docx(
        p("Background", style="H1"),
        p(run("One"), call(2), run(" two"), call(5, "endnote"), run(" three"), call(9)),
        p("Mandate", style="H1"),
        p("It is one."),
        footnotes=notes_xml(n2="First (CP/CSH-1246/10) or second (CP/CSH-1247/10).", n3="Forgotten."),
        endnotes=notes_xml("endnote", n5="At the end."),
    )

    brought = bring(file)

    assert narrative(brought, "background") == ["One[^n1] two[^n2] three"]
    assert list(notes(brought)) == [
        ("n1", "First (CP/CSH-1246/10) or second (CP/CSH-1247/10)."),
        ("n2", "At the end."),
        ("n3", "Forgotten."),
    ]
    assert odd(brought) == [
        ("mark without note", "3"),
        ("note without mark", "Forgotten."),
        ("two documents", "CP/CSH-1246/10) or second (CP/CSH-1247/10"),
    ]


@pytest.mark.parametrize("mark", ["¹", "[1]", "1/", "raised"])
def test_typed_notes_are_called_by_typed_marks(mark):
    mark_run = run("1", '<w:vertAlign w:val="superscript"/>') if mark == "raised" else run(mark)
    file = docx(
        p("Background", style="H1"),
        p(run("They met in Lima,"), mark_run, run(" and in Quito.")),
        p("Mandate", style="H1"),
        p("It is one."),
        p("Calendar", style="H1"),
        calendar(("September 5, 2013", "Agenda")),
        p("1. Report of Lima."),
    )

    brought = bring(file)

    assert narrative(brought, "background") == ["They met in Lima,[^n1] and in Quito."]
    assert list(notes(brought)) == [("n1", "Report of Lima.")]
    assert odd(brought) == []


@pytest.mark.parametrize(
    "change", ["<w:ins w:id='1'>{}</w:ins>", "<w:del w:id='1'/>{}", "<w:moveFrom w:id='1'>{}</w:moveFrom>"]
)
def test_a_file_with_tracked_changes_is_refused_with_what_to_do(change):
    file = docx(p("Background", style="H1"), p(change.format(run("new"))), plan((DRUGS, "One.", "A")))

    with pytest.raises(NoPlan, match="Accept or reject all changes in Word, save, and bring it in again"):
        bring(file)


# ---- what stands around a plan


def test_the_head_of_a_paper_gives_symbol_title_and_original_and_is_no_part_of_the_plan():
    file = docx(
        table(
            ("PERMANENT COUNCIL\nCOMMITTEE ON PORTS", "OEA/Ser.G\nCP/CSH/GT-1/13\n5 September 2013\nOriginal: Spanish")
        ),
        p("DRAFT WORK PLAN OF THE GROUP ON PORTS"),
        p("(Presented by the Chair)"),
        p("This note goes with the draft, and asks the delegations for all of their remarks before the next meeting."),
        p("Background", style="H1"),
        p("It began."),
        p("Annexes", style="H1"),
        p("A list of ports."),
        p("Another list."),
        p("Work plan", style="H1"),
        p("The table follows."),
        plan((f"{DRUGS} Safer ports", "One.", "A")),
    )

    brought = bring(file)

    plan_part = brought.text["plan"]
    assert (plan_part["symbol"], said(plan_part["title"]), plan_part["original_language"]) == (
        "CP/CSH/GT-1/13",
        "DRAFT WORK PLAN OF THE GROUP ON PORTS",
        "es",
    )
    assert narrative(brought, "background") == ["It began."]
    assert odd(brought) == [
        ("not understood", "Annexes\nA list of ports.\nAnother list."),
        ("not understood", "The table follows."),
        (
            "not understood",
            "This note goes with the draft, and asks the delegations for all of their remarks before the next meeting.",
        ),
    ]


def test_areas_are_told_apart_and_an_abbreviation_is_no_unit():
    file = docx(
        plan((DRUGS, "One.", "• Committee on Hemispheric Security (CSH)\n• General Secretariat (Legal Office); IACHR"))
    )

    brought = bring(file)

    assert areas(brought.text["rows"][0]) == [
        "Committee on Hemispheric Security (CSH)",
        "General Secretariat (Legal Office)",
        "IACHR",
    ]
    assert brought.text["rows"][0]["areas"][0]["unit"] is None
    assert odd(brought) == [("area with unit", "General Secretariat (Legal Office)"), ("no title", DRUGS)]


def test_lines_under_a_mandate_say_when_and_who():
    file = docx(plan((DRUGS, "· One.\nDeadline: second half of 2014\nResponsible: A; B", "")))

    brought = bring(file)

    [mandate] = brought.text["rows"][0]["mandates"]
    assert (said(mandate["text"]), said(mandate["deadline"]["words"]), areas(mandate)) == (
        "One.",
        "second half of 2014",
        ["A", "B"],
    )
    assert odd(brought) == [("no title", DRUGS)]


def test_meetings_merged_over_rows_have_all_their_topics():
    file = docx(
        calendar(
            (cell("September 5, 2013", looks=MERGED_ON), "One"),
            (cell(looks=GOES_ON), "Two"),
            ("", "Three"),
            ("05/09/2013", "Four\nCP/CSH-1246/10"),
        ),
    )

    brought = bring(file)

    assert meetings(brought) == [
        ("2013-09-05 2013-09-05", None, ["One", "Two", "Three"]),
        ("05/09/2013", None, ["Four"]),
    ]
    assert brought.text["meetings"][1]["topics"][0]["documents"] == ["CP/CSH-1246/10"]
    [imprecise] = brought.anomalies
    assert (imprecise.oddity, imprecise.candidates) == ("imprecise", ("2013-09-05", "2013-05-09"))


def test_a_letter_is_no_plan():
    with pytest.raises(NoPlan, match="No part of a work plan is in this file"):
        bring(docx(p("Dear Madam,"), p("Please find enclosed the work plan of the Group."), p("Yours sincerely")))
