"""Plain text whose lines a program broke at one width."""

import textwrap

import pytest

from tests.documents.importing.reading import bring, narrative, notes, rows
from tests.documents.importing.test_text_files import SHAPED

LONG = (
    "The rivers of the region were measured twice (CP/CSH-1300/10 rev. 1), as resolution AG/RES. 2900 (XLIV-O/14) "
    "asked on September 5, 2013, and the depths were found wanting by the Committee. The states then agreed on a "
    "calendar, on a budget and on the persons in charge; they asked the Secretariat to keep both, and to report;"
)
PLAN = f"""I. BACKGROUND

{LONG}
/ that is, they asked it to keep all of it, and to say in each of its yearly reports how far it is with its work.

{LONG.replace("rivers", "lakes")}

II. MANDATE

The Assembly asked for a plan.

IV. WORK PLAN

AG/RES. 2900 (XLIV-O/14) Care of Rivers
· To ask the member states for reports on the depth of their rivers in the dry season, with a map of each of them.
· To publish them.

 \ufffd. Report of the meeting of experts on rivers that was held in Lima (CP/INF.3/10), or the Report of the Chair of
that meeting on the lakes (CP/INF.4/10), with the maps, in two volumes.
""".replace("Chair of\n", "Chair of ")


def wrapped(text: str, width: int) -> str:
    lines = (textwrap.wrap(line, width) if len(line) > width else [line] for line in text.split("\n"))
    return "\n".join("\n".join(one) for one in lines)


@pytest.mark.parametrize("width", [60, 66, 72, 80, 100])
def test_paragraphs_mandates_and_notes_are_joined_again(width):
    plain, broken = bring(PLAN), bring(wrapped(PLAN, width))

    assert broken.text == plain.text
    assert (len(narrative(plain, "background")), len(list(notes(plain))), len(rows(plain)[0][2])) == (2, 1, 2)


def test_a_plan_with_all_traps_is_the_same_when_it_is_wrapped():
    long = SHAPED.replace("They were found wanting", "They were found wanting by all of the states that sent a report")
    long = long.replace("The plan  may change.", "The plan may change where the states agree, and so may its calendar.")

    assert bring(wrapped(long, 60)).text["rows"] == bring(long).text["rows"]
    assert bring(wrapped(long, 60)).text["meetings"] == bring(long).text["meetings"]
    assert list(notes(bring(wrapped(long, 60)))) == list(notes(bring(long)))


def test_the_place_of_a_paragraph_is_its_first_line():
    assert bring(wrapped(PLAN, 72)).places["narrative/background/0"].line == 3


def test_short_lines_that_a_person_broke_stay_broken():
    file = """Background
The rivers were measured by
the states in the dry season.
Some lakes were measured too.
Mandate
The Assembly asked for a plan.
"""

    assert narrative(bring(file), "background") == [
        "The rivers were measured by",
        "the states in the dry season.",
        "Some lakes were measured too.",
    ]
