"""A text that was sealed under schema 1 is read for ever: `snapshot-v1.json` never changes, the code around it may.

When a meaning in the shape changes, `schema` counts up, and there will be a snapshot-v2.json beside it.
"""

import json
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

from documents.editions.seals import chain_of, seal_of
from documents.editions.snapshot import complete_languages
from documents.models import Edition
from meetings.models import Meeting
from mispa.ground.changes import changes
from tests import factories as make

pytestmark = pytest.mark.django_db

KEPT: dict[str, Any] = json.loads((Path(__file__).parent / "snapshot-v1.json").read_text(encoding="utf-8"))
SEAL = "bd411af5ee33a2b1cc1da8e007bbe6c0f1616d5f3bcfa1888005b7b1864b399a"
CHAIN = "08c42a8ea06632ce1d5094b37d9817e8f3a43fd3d20ee220e887aad9d6edd09d"

# Of the title, a mandate, a note, a meeting’s room and a responsible area.
SAID = {
    "en": ["Work plan of the Working Group", "Endorse the two texts of MISPA III", "Input from Caribbean Academics"],
    "es": [
        "Plan de trabajo del Grupo de Trabajo",
        "Respaldar los dos textos de la MISPA III",
        "Aportación de académicos",
    ],
    "fr": [
        "Plan de travail du Groupe de travail",
        "Entériner les deux textes de la MISPA III",
        "Contribution d’univers",
    ],
    "pt": ["Plano de trabalho do Grupo de Trabalho", "Endossar os dois textos da MISPA III", "Input from Caribbean"],
}
SIMON_BOLIVAR = {"en": "Simón Bolívar Room", "es": "Salón Simón Bolívar", "fr": "Salle Simón Bolívar", "pt": "Salão"}


@pytest.fixture(scope="module")
def edition(module_db: None) -> Edition:
    """The row as it was sealed then, adopted at the first meeting."""
    group = make.whole_group(slug="mispa-iv")
    record, text = KEPT["record"], KEPT["text"]
    adopted = record["adopted"]
    issued_at = datetime.fromisoformat(record["last_change_at"])
    with changes(by=None, reason="issued then", source="command", at=issued_at):
        document = make.DocumentFactory(group=group, plan=group.plan)
        edition = make.EditionFactory(
            plan=group.plan,
            revision__document=document,
            revision__symbol__canonical=None,
            revision__symbol__slug=None,
            revision__symbol__printed="",
            revision__symbol__state="pending",
            schema=KEPT["schema"],
            text=text,
            sha256=KEPT["seal"]["sha256"],
            chain=KEPT["seal"]["chain"],
            last_change_at=issued_at,
        )
        where = {"edition": edition, "meeting": Meeting.objects.get(group=group, number=1), "on": adopted["on"]}
        make.ReleaseFactory(edition=edition, audience="public")
        make.ConsiderationFactory(**where)
        make.AdoptionFactory(**where, presiding_name=adopted["presiding"]["name"])
    return edition


def address(edition: Edition, kind: str, language: str) -> str:
    return f"{edition.address(kind)}?lang={language}"


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_its_seal_is_what_it_was():
    assert seal_of(KEPT["text"]) == KEPT["seal"]["sha256"] == SEAL
    assert chain_of("", SEAL) == KEPT["seal"]["chain"] == CHAIN


def test_it_has_an_old_translation_and_lacks_one():
    """French is complete but old in one place, Portuguese is not complete; a text that is not is in no such list."""
    assert complete_languages(KEPT["text"]) == KEPT["record"]["languages"] == ["en", "es"]


@pytest.mark.parametrize("language", SAID)
def test_its_page_is_read_in_four_languages(language, edition, client):
    answer = client.get(edition.get_absolute_url(), headers={"accept-language": language})

    said = words(answer.text)
    assert answer.status_code == 200
    assert [part for part in [*SAID[language], SIMON_BOLIVAR[language]] if part not in said] == []
    assert SEAL[:8] in said


def test_its_page_marks_what_is_old_and_what_is_missing(edition, client):
    marks = {
        language: client.get(edition.get_absolute_url(), headers={"accept-language": language}).text.count(
            'class="lang"'
        )
        for language in SAID
    }

    assert marks == {"en": 0, "es": 0, "fr": 1, "pt": 1}


def test_its_json_is_the_same(edition, client):
    assert client.get(edition.address("json")).json() == KEPT


@pytest.mark.parametrize("language", SAID)
def test_its_paper_is_made_in_four_languages(language, edition, client):
    answer = client.get(address(edition, "pdf", language))

    pages = pypdf.PdfReader(BytesIO(answer.content)).pages
    said = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert answer.status_code == 200
    assert [part for part in SAID[language] if part.casefold() not in said.casefold()] == []


def test_its_word_file_is_made(edition, client):
    assert client.get(edition.address("docx")).content.startswith(b"PK\x03\x04")


def test_its_seal_leads_to_it(edition, client):
    answer = client.get(f"/verify/{SEAL}/")

    assert f'href="{edition.get_absolute_url()}"' in answer.text
    assert "adopted at the meeting of September 5, 2013" in words(answer.text)
