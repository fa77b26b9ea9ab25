"""Four languages: whole catalogues, pages in the reader’s language, papers in those that are complete."""

import io
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pypdf
import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from documents.editions.snapshot import complete_languages
from documents.models import EditionFile
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

ROOT = Path(settings.BASE_DIR)
OTHERS = ["es", "fr", "pt"]
PUBLIC = [
    "/",
    "/mispa-iv/",
    "/mispa-iv/work-plan/",
    "/mispa-iv/work-plan/editions/",
    "/mispa-iv/calendar/",
    "/mispa-iv/meetings/1/",
    "/mispa-iv/meetings/6/",
    "/mispa-iv/process/",
    "/mispa-iv/documents/",
    "/documents/mispa-iii-doc-9-11-rev-2/",
    "/resolutions/cp-res-1014-1915-13/",
    "/areas/general-secretariat/",
    "/accounts/sign-in/",
    "/nothing/here/",
]


def catalogue(language, root=ROOT):
    with (root / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def wordings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def sources(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def placeholders(text):
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_every_string_is_translated_for_good(language):
    messages = catalogue(language)

    assert [message.id for message in messages if message.fuzzy or not all(wordings(message))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_what_is_filled_in(language):
    lost = [
        message.id
        for message in catalogue(language)
        if any(set(placeholders(one)) - set(placeholders(sources(message)[-1])) for one in wordings(message))
        or placeholders(wordings(message)[-1]) != placeholders(sources(message)[-1])
    ]

    assert lost == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_use_only_signs_that_the_fonts_have(language):
    missing = {"\N{NON-BREAKING HYPHEN}", "\N{NARROW NO-BREAK SPACE}"}

    assert [message.id for message in catalogue(language) if missing & set("".join(wordings(message)))] == []


def test_no_string_of_the_code_is_missing(tmp_path):
    for name in ("mispa", "mandates", "meetings", "documents", "templates", "locale"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc", "static"))

    command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-obsolete"]
    for language in OTHERS:
        command += ["-l", language]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)

    for language in OTHERS:
        new = catalogue(language, tmp_path)
        assert [message.id for message in new if message.fuzzy or not all(wordings(message))] == []


def shown(response):
    """The words that a reader of the page sees or hears, without what is marked as another language's."""
    html = re.sub(r"(?s)<(style|script|head).*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_says_a_word_of_ours_in_english(mispa_iv, language):
    client = Client(headers={"accept-language": language})
    ours = {
        message.id: message.string
        for message in catalogue(language)
        if isinstance(message.id, str) and len(message.id) > 14 and "%" not in message.id and "<" not in message.id
    }

    for address in PUBLIC:
        words = shown(client.get(address))
        found = [english for english, own in ours.items() if english in words and english not in own]
        assert (address, found) == (address, [])


@pytest.mark.parametrize(
    ("language", "title"), [("es", "Plan de trabajo"), ("fr", "Plan de travail"), ("pt", "Plano de trabalho")]
)
def test_browser_decides_the_language_of_a_stranger(mispa_iv, language, title):
    response = Client(headers={"accept-language": language}).get("/mispa-iv/work-plan/")

    assert f'<html lang="{language}">' in response.content.decode()
    assert title in response.content.decode()
    assert response["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].replace(" ", "").split(","))


def test_choice_comes_before_the_browser_and_keeps_the_address(mispa_iv):
    client = Client(headers={"accept-language": "fr"})

    answer = client.post("/accounts/language/", {"language": "pt", "next": "/mispa-iv/calendar/?a=1"})

    assert answer["Location"] == "/mispa-iv/calendar/?a=1"
    assert '<html lang="pt">' in client.get("/mispa-iv/calendar/").content.decode()


def test_account_comes_before_everything(group, delegate):
    delegate.language = "es"
    delegate.save()
    client = signed_in(delegate)
    client.cookies["django_language"] = "fr"

    assert '<html lang="es">' in client.get(f"/{group.slug}/").content.decode()


def test_text_without_a_translation_is_marked_as_what_it_is(group):
    page = Client(headers={"accept-language": "es"}).get(f"/{group.slug}/meetings/1/").content.decode()

    assert '<span lang="en">Consideration of the depths</span>' in page
    assert "<b>EN</b>" in page


def test_papers_are_made_in_every_language_that_is_complete(mispa_iv):
    edition = mispa_iv.plan.editions.get()

    assert complete_languages(edition.text) == ["en", "es", "fr", "pt"]
    assert EditionFile.objects.filter(edition=edition).count() == 12


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "DRAFT · edition 1"), ("es", "jueves"), ("fr", "jeudi"), ("pt", "quinta-feira")],
)
def test_paper_speaks_the_language_that_its_address_names(mispa_iv, client, language, words):
    response = client.get(f"/mispa-iv/work-plan.pdf?lang={language}")

    reader = pypdf.PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert words.casefold() in text.casefold()
    assert reader.trailer["/Root"]["/Lang"] == language
    assert f"_{language}.pdf" in response["Content-Disposition"]


def test_paper_of_an_incomplete_language_marks_what_is_in_the_original(group, secretariat):
    client = signed_in(secretariat)

    paper = client.get(f"/{group.slug}/work-plan/draft.pdf?lang=es").content
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)

    assert "Área responsable" in text
    assert "EN" in text.split()
    assert client.get(f"/{group.slug}/work-plan/draft.pdf?lang=xx").status_code == 404


def test_calendar_file_speaks_the_language_that_its_address_names(mispa_iv, client):
    spanish = client.get("/mispa-iv/calendar.ics?lang=es").content.decode().replace("\r\n ", "")

    assert "Elección" in spanish
    assert client.get("/mispa-iv/calendar.ics?lang=xx").status_code == 404
