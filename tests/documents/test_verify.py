"""What a seal or a file is: said to everybody, and only of what they may read."""

import hashlib
import json
import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.actions import confirm_adoption, consider_plan
from documents.models import Edition, EditionFile
from documents.verifying.claims import MOST_PARTS, read_seal
from documents.views import shared, verify
from mandates.models import WorkingGroup
from meetings.models import Meeting
from mispa.ground.models import User
from mispa.ground.text import Text
from tests import factories as make
from tests import world as worlds
from tests.world import World

pytestmark = pytest.mark.django_db

NOBODYS = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    return worlds.build()


@pytest.fixture
def edition(world: World) -> Edition:
    """Edition 1, open to everybody."""
    return world.editions[1]


def dropped(client: Client, content: bytes, name: str = "paper.pdf") -> Any:
    return client.post("/verify/", {"file": SimpleUploadedFile(name, content)})


def words(answer: Any) -> str:
    """What the page says, in one line and without its tags."""
    main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def alike(answer: Any, seal: str = NOBODYS) -> str:
    """A page without what is another's by nature: the token of its forms and the seal that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text)
    groups = " ".join(seal[start : start + 8] for start in range(0, 64, 8))
    return page.replace(seal, "").replace(groups, "")


def as_file(edition: Edition, **changed: Any) -> bytes:
    """The JSON that everybody gets of an edition, with some parts of it changed."""
    return json.dumps(Client().get(edition.address("json")).json() | changed).encode()


def paper(edition: Edition, name: str = "work-plan.pdf") -> bytes:
    return bytes(edition.files.get(name=name, language="en", standing="draft").content)


# ---- a seal that is typed

SEAL = "3f0a91c2" + "deadbeef" * 7


@pytest.mark.parametrize(
    "typed",
    [
        SEAL,
        SEAL.upper(),
        f"  {SEAL}\n",
        " ".join(SEAL[start : start + 8] for start in range(0, 64, 8)),
        "\u00a0".join(SEAL[start : start + 8] for start in range(0, 64, 8)),
        "-".join(SEAL[start : start + 4] for start in range(0, 64, 4)),
        f"{SEAL[:30]}\n{SEAL[30:]}",
        f"https://plans.example.org/verify/{SEAL}/",
        f"plans.example.org/verify/{SEAL}",
        f"http://localhost:8000/verify/{SEAL[:20]}\n{SEAL[20:]}/?lang=es",
        f"mispa:seal:{SEAL}",
        f"/verify/{SEAL}/ and /verify/{SEAL}/",
        SEAL.replace("dead", "\uff44ead"),
    ],
)
def test_a_seal_is_read_as_people_write_it(typed):
    assert read_seal(typed) == SEAL


@pytest.mark.parametrize(
    "typed",
    ["", "seal", SEAL[:63], SEAL + "0", SEAL[:63] + "g", f"{SEAL} {NOBODYS}", "0x" + SEAL[:62], "é" * 64, "\x00"],
)
def test_what_is_no_seal_is_read_as_none(typed):
    assert read_seal(typed) == ""


def test_two_letters_that_were_copied_as_one_are_two():
    assert read_seal("ab" * 31 + "\ufb00") == "ab" * 31 + "ff"


def test_a_typed_seal_leads_to_its_address(client):
    answer = client.get("/verify/", {"seal": f" {SEAL.upper()[:8]} {SEAL[8:]} "})

    assert (answer.status_code, answer.url) == (302, f"/verify/{SEAL}/")


def test_an_address_with_capitals_or_spaces_leads_to_the_right_one(client):
    answer = client.get(f"/verify/{SEAL.upper()[:8]} {SEAL[8:]}/")

    assert (answer.status_code, answer.url) == (302, f"/verify/{SEAL}/")


@pytest.mark.parametrize("typed", ["", "nonsense", SEAL[:60], "<script>", "a" * 2001])
def test_what_is_no_seal_is_answered_by_how_one_looks(typed, client):
    answer = client.get("/verify/", {"seal": typed})

    assert answer.status_code == 400
    assert "A seal has 64 digits from 0 to 9 and a to f" in words(answer)
    assert "<script>" not in answer.text


def test_an_address_that_is_no_seal_says_how_one_looks(client):
    answer = client.get("/verify/nonsense/")

    assert answer.status_code == 404
    assert "A seal has 64 digits" in words(answer)


def test_the_page_without_a_question_asks_for_a_seal_or_a_file(client):
    answer = client.get("/verify/")

    assert answer.status_code == 200
    assert 'enctype="multipart/form-data"' in answer.text
    assert "Answer" not in words(answer)


# ---- what a seal is of


def test_a_seal_says_which_edition_it_is_of_and_leads_there(edition, client):
    answer = client.get(f"/verify/{edition.sha256}/")

    said = words(answer)
    assert answer.status_code == 200
    assert f'href="{edition.get_absolute_url()}"' in answer.text
    assert '<div class="seal"><svg' in answer.text
    for part in [
        "This is the seal of edition 1.",
        "Work plan of the Rivers Group",
        "Working Group on Rivers",
        "It is a draft; the Group has not adopted it.",
        "Issued on",
        "Corrected by: DRAFT · edition 1, corrigendum 1",
    ]:
        assert part in said


@pytest.mark.parametrize(
    ("role", "newer"), [("anonymous", ""), ("outsider", ""), ("neighbour", ""), ("delegate", "2"), ("secretariat", "3")]
)
def test_a_reader_hears_of_the_newer_editions_that_she_may_read(role, newer, world, edition):
    said = words(world.client(role).get(f"/verify/{edition.sha256}/"))

    assert re.findall(r"Issued since: DRAFT · edition (\d)", said) == ([newer] if newer else [])


@pytest.mark.parametrize(("role", "number"), [("anonymous", 2), ("delegate", 3), ("outsider", 3), ("neighbour", 2)])
def test_the_seal_of_what_she_may_not_read_is_answered_like_one_of_nothing(role, number, world):
    client, hidden = world.client(role), world.editions[number].sha256

    of_nothing, of_hidden = client.get(f"/verify/{NOBODYS}/"), client.get(f"/verify/{hidden}/")

    assert (of_nothing.status_code, of_hidden.status_code) == (404, 404)
    assert alike(of_hidden, hidden) == alike(of_nothing)
    assert "No text that you may read has this seal." in words(of_hidden)


def test_an_edition_that_everybody_may_read_of_a_hidden_group_is_hidden(world):
    hidden = Edition.objects.get(plan__group=world.lakes)

    answers = [world.client(role).get(f"/verify/{hidden.sha256}/").status_code for role in ("anonymous", "neighbour")]

    assert answers == [404, 200]


# ---- a text that has gone through the Group


@pytest.fixture
def group(world: World) -> WorkingGroup:
    return make.whole_group(slug="ponds")


@pytest.fixture
def chair(group: WorkingGroup) -> User:
    return make.member(group, "chair", username="chair-of-ponds")


@pytest.fixture
def session(group) -> Meeting:
    return Meeting.objects.get(group=group, kind="session")


def test_the_seal_of_an_adopted_edition_says_at_which_meetings_and_that_it_is_in_force(group, session, chair, client):
    edition = make.issue(group)
    consider_plan(edition=edition, meeting=session, topic=None, on=make.ON, note="", by=chair)
    make.adopt(edition, session, chair)

    said = words(client.get(f"/verify/{edition.sha256}/"))

    assert "Considered at the meeting of September 5, 2013 and adopted at the meeting of September 5, 2013." in said
    assert "It is in force." in said


def test_an_adoption_ad_referendum_is_not_in_force_until_it_is_confirmed(group, session, chair, client):
    edition = make.issue(group, "public")
    adoption = make.adopt(edition, session, chair, how="ad referendum")
    before = words(client.get(f"/verify/{edition.sha256}/"))
    confirm_adoption(adoption=adoption, meeting=None, on=date(2013, 9, 20), note="", by=chair)

    after = words(client.get(f"/verify/{edition.sha256}/"))

    assert "It is not in force until it is confirmed." in before
    assert "It is in force." in after
    assert "confirmed on September 20, 2013" in after


def test_a_superseded_edition_leads_to_the_one_in_force(group, session, chair, client):
    first = make.issue(group)
    make.adopt(first, session, chair)
    make.reword(group.plan, title=Text.of("Second title"))
    second = make.issue(group)
    make.adopt(second, session, chair)

    answer = client.get(f"/verify/{first.sha256}/")

    assert "It was in force until a later one took its place." in words(answer)
    assert "In force today: Adopted · edition 2" in words(answer)
    assert f'href="{second.get_absolute_url()}">Adopted · edition 2' in answer.text


def test_edition_and_corrigendum_lead_to_each_other(group, client):
    edition = make.issue(group, "public")
    make.reword(group.plan, title=Text.of("Work plan of the Rivers Group, corrected"))
    corrigendum = make.correct(edition, None)

    of_edition, of_corrigendum = (client.get(f"/verify/{one.sha256}/") for one in (edition, corrigendum))

    assert "Corrected by: DRAFT · edition 1, corrigendum 1" in words(of_edition)
    assert "This is the seal of edition 1, corrigendum 1." in words(of_corrigendum)
    assert "It corrects: DRAFT · edition 1" in words(of_corrigendum)


def test_a_text_that_came_back_has_one_seal_for_two_editions(group, client):
    title = group.plan.title
    first = make.issue(group, "public")
    make.reword(group.plan, title=Text.of("Another title"))
    make.issue(group, "public")
    make.reword(group.plan, title=title)
    third = make.issue(group, "public")

    said = words(client.get(f"/verify/{first.sha256}/"))

    assert first.sha256 == third.sha256
    assert re.findall(r"This is the seal of (edition \d)", said) == ["edition 3", "edition 1"]


# ---- a file


@pytest.mark.parametrize("name", ["work-plan.pdf", "calendar.pdf", "work-plan.docx"])
def test_a_paper_of_ours_is_known_byte_for_byte(name, edition, client):
    answer = dropped(client, paper(edition, name))

    assert answer.status_code == 200
    assert "This is, byte for byte, a file that mispa made of edition 1." in words(answer)
    assert f"{name} · draft · EN" in words(answer)
    assert f'href="{edition.get_absolute_url()}"' in answer.text


def test_a_paper_of_the_draft_says_that_the_text_has_been_adopted_since(group, session, chair, client):
    edition = make.issue(group)
    make.adopt(edition, session, chair)

    answer = dropped(client, paper(edition))

    assert "It was made before the Group decided on the text; the paper of today is here: PDF" in words(answer)
    assert f'href="{edition.address("pdf")}"' in answer.text


@pytest.mark.parametrize("change", ["one byte", "longer"])
def test_a_paper_that_somebody_changed_is_not_to_be_relied_on(change, edition, client):
    content = paper(edition)
    changed = content + b"\n" if change == "longer" else content.replace(b"endobj", b"endobk", 1)

    answer = dropped(client, changed)

    assert answer.status_code == 200
    assert "It says of itself that it is edition 1, but it is none of the files that mispa made of it" in words(answer)
    assert "Do not rely on it; the paper is here: PDF" in words(answer)
    assert f'href="{edition.address("pdf")}"' in answer.text


def test_a_word_file_in_which_somebody_went_on_writing_is_not_to_be_relied_on(edition, client):
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(paper(edition, "work-plan.docx"))) as ours, zipfile.ZipFile(changed, "w") as theirs:
        for name in ours.namelist():
            theirs.writestr(name, ours.read(name).replace(b"Rivers", b"Lakes"), zipfile.ZIP_DEFLATED)

    answer = dropped(client, changed.getvalue(), "plan.docx")

    assert "It says of itself that it is edition 1" in words(answer)


def test_a_paper_in_an_incomplete_language_is_ours_while_it_is_kept(edition, client):
    made = client.get(edition.address("pdf") + "?lang=pt").content

    assert "This is, byte for byte, a file that mispa made of edition 1." in words(dropped(client, made))
    assert not EditionFile.objects.filter(sha256=hashlib.sha256(made).hexdigest()).exists()


@pytest.mark.parametrize("number", [2, 3])
def test_a_file_of_what_she_may_not_read_is_answered_like_any_file(number, world, client):
    hidden = world.editions[number]
    of_nothing = dropped(client, b"%PDF-1.7 of somebody else")
    files = [
        paper(hidden),
        paper(hidden) + b"\n",
        paper(hidden, "work-plan.docx"),
        json.dumps({"text": hidden.text}).encode(),
        json.dumps({"text": {}, "seal": {"sha256": hidden.sha256}}).encode(),
    ]

    answers = [dropped(client, content) for content in files]

    assert {(answer.status_code, alike(answer)) for answer in answers} == {(200, alike(of_nothing))}
    assert "In this file is no text of ours that you may read." in words(of_nothing)


def test_the_reader_of_a_file_is_told_what_she_may_read(world):
    answer = dropped(world.client("delegate"), paper(world.editions[2]))

    assert "a file that mispa made of edition 2." in words(answer)


# ---- JSON


def test_the_text_of_a_json_file_is_known_word_for_word(edition, client):
    answer = dropped(client, as_file(edition), "plan.json")

    assert "The text in this file is, word for word, edition 1." in words(answer)
    assert "not what mispa gave" not in words(answer)
    assert "earlier day" not in words(answer)


def test_order_and_space_do_not_matter_to_a_text(edition, client):
    turned = json.dumps({"text": dict(reversed(edition.text.items()))}, indent=7, ensure_ascii=False).encode(
        "utf-8-sig"
    )

    assert "word for word, edition 1." in words(dropped(client, turned, "plan.json"))


@pytest.mark.parametrize(
    ("beside", "wrong"),
    [
        ({"seal": {"sha256": NOBODYS}}, ["seal: sha256"]),
        ({"seal": None}, ["seal"]),
        ({"record": {"status": "adopted"}}, ["record: status"]),
        ({"record": {"adopted": {"on": "2013-09-05"}}}, ["record: adopted"]),
        ({"record": {"edition": 7, "considered": [{"on": "2013-09-05", "meeting": 1}]}}, ["edition", "considered"]),
        ({"record": "adopted by consensus"}, ["record"]),
        ({"schema": 2}, ["schema"]),
        ({"remark": "adopted"}, ["remark"]),
        ({"record": {"remark": {"deep": "adopted"}}}, ["record: remark"]),
    ],
)
def test_what_stands_beside_a_text_and_is_not_ours_is_named(beside, wrong, edition, client):
    said = words(dropped(client, as_file(edition, **beside), "plan.json"))

    assert "word for word, edition 1." in said
    after = said.partition("What stands beside the text in the file is not what mispa gave. Do not rely on it:")[2]
    assert [part for part in wrong if part not in after] == []
    assert after


def test_a_record_of_an_earlier_day_is_no_forgery(group, session, chair, client):
    edition = make.issue(group, "public")
    before = as_file(edition)
    make.adopt(edition, session, chair)

    said = words(dropped(client, before, "plan.json"))

    assert "What stands beside the text in the file is of an earlier day" in said
    assert "not what mispa gave" not in said
    assert "It is in force." in said


def test_another_word_in_a_text_with_our_seal_is_warned_of(edition, client):
    text = json.loads(json.dumps(edition.text).replace("Measure the depth", "Forget the depth"))

    said = words(dropped(client, as_file(edition, text=text), "plan.json"))

    assert "It says of itself that it is edition 1" in said
    assert "Do not rely on it" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * 100_000, "nested more deeply"),
        (b'{"text":' * 100_000, "nested more deeply"),
        (b'{"text":' + b"[" * 900 + b"]" * 900 + b"}", "nested more deeply"),
        (b"[" + b"0," * MOST_PARTS + b"0]", "more parts than a work plan"),
        (b'{"text": {"a": 1, "a": 2}}', "names the same thing twice"),
        (b'{"text": NaN}', "cannot hold"),
        (b'{"text": {"a": 1e999}}', "cannot hold"),
        (b'{"text": {"a": 9007199254740993}}', "cannot hold"),
        (b'{"text": {"a": ' + b"9" * 5000 + b"}}", "cannot hold"),
        (b'{"text": {"a": "\\ud800"}}', "cannot hold"),
        (b'{"text": {"\\ud800": 1}}', "cannot hold"),
        (b'{"text": "\xe9"}', "not written in UTF-8"),
        ('{"text": {}}'.encode("utf-16-le"), "no correct JSON"),
        (b'{"text": {},\n}', "no correct JSON: see line 2"),
        (b"{", "no correct JSON"),
    ],
)
def test_a_json_file_that_is_none_is_answered_in_words(content, says, client):
    answer = dropped(client, content, "plan.json")

    assert answer.status_code == 200
    assert "This JSON file cannot be read." in words(answer)
    assert says in words(answer)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{}",
        b'{"text": []}',
        b'{"text": {}, "seal": [], "record": 1}',
        b'{"seal": {"sha256": {}}}',
        b'{"seal": {"sha256": "x"}}',
        b"PK\x03\x04 and no more",
        b"PK\x03\x04" + b"PK\x01\x02" * 6000,
        b"\x00" * 1000,
        b"\xff\xfe{\x00",
        b"mispa:seal:" + b"0" * 64,
        b"mispa:seal:" + b"0" * 70,
        b"%PDF-1.7",
    ],
)
def test_a_file_of_no_use_is_answered_in_words(content, client):
    answer = dropped(client, content)

    assert answer.status_code == 200
    assert "In this file is no text of ours that you may read." in words(answer)


def test_a_word_file_that_unpacks_without_end_is_read_no_further_than_we_need(client):
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _mebibyte in range(64):
            part.write(b" " * 1024 * 1024)

    assert "no text of ours" in words(dropped(client, bomb.getvalue(), "plan.docx"))


# ---- sending


def test_an_empty_file_is_said_so(client):
    answer = dropped(client, b"")

    assert answer.status_code == 400
    assert "This file is empty." in words(answer)


@pytest.mark.parametrize("data", [{}, {"file": "no file"}, {"other": SimpleUploadedFile("a.pdf", b"a")}])
def test_no_file_is_said_so(data, client):
    answer = client.post("/verify/", data)

    assert answer.status_code == 400
    assert "Choose a file." in words(answer)


def test_a_file_that_is_too_large_is_not_held(monkeypatch, client):
    for module in (verify, shared):
        monkeypatch.setattr(module, "LARGEST", 100_000)

    answers = [dropped(client, b"x" * size) for size in (100_000, 100_001, 1_000_000)]

    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert "This file has more than 20 MB" in words(answers[2])


def test_a_file_goes_nowhere_but_into_memory(tmp_path, monkeypatch, settings, client):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "there-is-no-such-folder"  # writing into it would fail

    answer = dropped(client, b"x" * 3_000_000)

    assert answer.status_code == 200


def test_a_file_is_taken_only_from_our_own_form(client):
    careful = Client(enforce_csrf_checks=True)
    without = dropped(careful, b"%PDF-1.7")
    page = careful.get("/verify/").text
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]

    with_it = careful.post(
        "/verify/", {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("paper.pdf", b"%PDF-1.7")}
    )

    assert (without.status_code, with_it.status_code) == (403, 200)


@pytest.mark.parametrize("language", ["es", "fr", "pt"])
def test_the_page_speaks_the_language_of_the_reader(language, edition, client):
    answer = client.get(f"/verify/{edition.sha256}/", headers={"accept-language": language})

    assert f'<html lang="{language}">' in answer.text
    assert edition.sha256[:8] in answer.text
