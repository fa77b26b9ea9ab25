import hashlib
import re
from math import cos, hypot, pi, sin
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import Resolver404
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from meetings.models import Meeting
from mispa import pages
from mispa.ground.templatetags import looks
from tests import factories

SHA = hashlib.sha256(b"one text").hexdigest()
OTHER = hashlib.sha256(b"one text, with a comma").hexdigest()
COUNTING = "0123456789abcdef" * 4


def drawn(text: str, **context: object) -> str:
    return Template("{% load looks %}" + text).render(Context(context))


def lines(path: str) -> list[tuple[float, ...]]:
    """The ticks of a path: x and y of the inner end, x and y of the outer end."""
    found = re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", path)
    return [tuple(float(number) for number in tick) for tick in found]


def asked_for(path: str = "/rivers/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


def page(response: HttpResponse) -> str:
    return response.content.decode()


# ---- icons, states, marks


def test_icon_is_hidden_from_screen_readers():
    drawing = drawn('{% icon "flag" %}')

    assert drawing.startswith('<svg class="i" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2.5')


def test_icon_without_a_drawing_is_refused():
    with pytest.raises(KeyError):
        looks.icon("unicorn")


@pytest.mark.parametrize("status", Meeting.Status.values)
def test_state_says_every_status_of_a_meeting_as_the_meeting_does(status):
    meeting = Meeting(status=status)

    shown = drawn("{% state meeting %}", meeting=meeting)

    assert re.sub("<[^>]+>", "", shown) == meeting.get_status_display()
    assert "<svg" in shown


def test_state_shapes_differ():
    shapes = [re.findall("<svg.*</svg>", looks.state(status))[0] for status in Meeting.Status.values]

    assert len(set(shapes)) == len(Meeting.Status.values)


def test_state_takes_words_of_its_own():
    shown = drawn('{% state "moved" words %}', words="Moved to October <10>")

    assert shown.startswith('<span class="state state-moved"><svg')
    assert shown.endswith("</svg>Moved to October &lt;10&gt;</span>")


def test_state_of_a_meeting_in_session_is_a_label_without_shape():
    assert looks.state("now") == '<span class="state state-now">In session</span>'


def test_state_reads_anything_that_has_a_status():
    assert looks.state(SimpleNamespace(status="held")) == looks.state("held")


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("working", '<span class="mark mark-draft">Draft</span>'),
        ("draft", '<span class="mark mark-draft">Draft</span>'),
        ("issued", '<span class="mark mark-issued">Issued</span>'),
        ("released", '<span class="mark mark-issued">Released</span>'),
        ("adopted", '<span class="mark mark-adopted">Adopted</span>'),
        ("superseded", '<span class="mark mark-gone">Superseded</span>'),
        ("withdrawn", '<span class="mark mark-gone">Withdrawn</span>'),
    ],
)
def test_mark_says_how_settled_a_text_is(status, shown):
    assert drawn("{% mark status %}", status=status) == shown


def test_mark_takes_words_of_its_own():
    assert drawn('{% mark "draft" "Draft rev. 1" %}') == '<span class="mark mark-draft">Draft rev. 1</span>'


def test_only_adopted_has_the_double_rule():
    doubled = [status for status in looks.MARKS if looks.rule(status) == "rule-adopted"]

    assert doubled == ["adopted"]


# ---- the seal


def test_ring_has_a_tick_for_each_digit():
    assert len(lines(looks.ticks(SHA))) == 64


def test_ring_of_the_same_text_is_the_same():
    assert looks.seal_ring(SHA, 1) == looks.seal_ring(hashlib.sha256(b"one text").hexdigest(), 1)


def test_ring_of_one_more_comma_is_another():
    assert looks.ticks(SHA) != looks.ticks(OTHER)


@pytest.mark.parametrize("place", [0, 17, 63])
def test_ring_changes_in_one_tick_where_one_digit_changes(place):
    changed = SHA[:place] + ("0" if SHA[place] != "0" else "f") + SHA[place + 1 :]

    pairs = zip(lines(looks.ticks(SHA)), lines(looks.ticks(changed)), strict=True)

    assert [number for number, (before, after) in enumerate(pairs) if before != after] == [place]


def test_ticks_grow_by_the_same_step_from_0_to_f():
    lengths = [hypot(x2 - x1, y2 - y1) for x1, y1, x2, y2 in lines(looks.ticks(COUNTING))[:16]]

    # Ends are rounded to a tenth, so a length is right to 0.15.
    assert lengths == pytest.approx([1.9 + 0.8 * digit for digit in range(16)], abs=0.15)


def test_ticks_go_clockwise_from_the_top():
    ticks = lines(looks.ticks(COUNTING))

    for place, (x, y, _x, _y) in enumerate(ticks):
        angle = 2 * pi * place / 64
        assert (x, y) == pytest.approx((48 + 32.2 * sin(angle), 48 - 32.2 * cos(angle)), abs=0.06)
    assert ticks[0][0] == 48.0
    assert ticks[0][1] < ticks[32][1]
    assert ticks[16][0] > ticks[48][0]


def test_ticks_stay_inside_the_drawing():
    ends = [end for tick in lines(looks.ticks("f" * 64)) for end in tick]

    assert min(ends) > 0.85  # half the width of a tick
    assert max(ends) < 96 - 0.85


def test_ring_names_itself_for_who_cannot_see_it():
    ring = looks.seal_ring(SHA, 2)

    assert f'role="img" aria-label="Seal of edition 2: begins {SHA[:8]}"' in ring
    assert ring.count("<circle ") == 2
    assert ">Ed. 2</text>" in ring


def test_ring_carries_its_colour_in_attributes():
    ring = looks.seal_ring(SHA, 1, colour="#0d5a48")

    assert ring.count('"#0d5a48"') == 4
    assert "currentColor" not in ring


@pytest.mark.parametrize("digits", ["", SHA[:63], SHA + "0", SHA[:63] + "g", SHA.upper()])
def test_ring_of_what_is_no_seal_is_refused(digits):
    with pytest.raises(ValueError, match="is no SHA-256"):
        looks.seal_ring(digits, 1)


def test_seal_shows_all_digits_in_eights():
    shown = drawn("{% seal sha 1 %}", sha=SHA)

    eights = re.findall(r'<p class="hash">(.*)</p>', shown)[0].split(" ")

    assert [len(group) for group in eights] == [8] * 8
    assert "".join(eights) == SHA


# ---- the frame of every page


@pytest.mark.parametrize("place", ["overview", "plan", "calendar", "papers", "process"])
def test_frame_of_a_group_marks_the_place_where_the_reader_is(group, place):
    shown = render_to_string("base.html", {"group": group, "place": place}, asked_for())

    assert shown.count('aria-current="page"') == 1
    assert f'aria-current="page">{looks.icon(place)}' in shown


def test_frame_of_a_group_names_it_and_its_hours(group):
    shown = render_to_string("base.html", {"group": group}, asked_for())

    assert re.findall(r'class="name" href="([^"]+)"[^>]*>([^<]+)<', shown) == [(f"/{group.slug}/", "Rivers Group")]
    assert '<span lang="en">Committee on Rivers</span>' in shown
    assert "All hours are Washington time unless marked." in shown


def test_frame_names_the_body_above_the_committee(writing):
    council = factories.BodyFactory(name=factories.Text.of("Council of Waters"))
    group = factories.WorkingGroupFactory(body=factories.BodyFactory(parent=council))

    shown = render_to_string("base.html", {"group": group}, asked_for())

    assert '<span lang="en">Council of Waters</span> · <span lang="en">Committee on Rivers</span>' in shown


def test_frame_without_a_group_has_no_places():
    shown = render_to_string("base.html", {}, asked_for())

    assert '<a class="name" href="/">mispa</a>' in shown
    assert "<nav" not in shown


def test_frame_leads_a_stranger_to_the_sign_in_and_back():
    shown = render_to_string("base.html", {}, asked_for("/rivers/?as_of=2013-09-05"))

    assert '/accounts/sign-in/?next=%2Frivers%2F%3Fas_of%3D2013-09-05"' in shown
    assert "Sign out" not in shown


def test_frame_shows_languages_only_where_there_is_a_choice(settings):
    settings.LANGUAGES = [("en", "English")]
    alone = render_to_string("base.html", {}, asked_for())
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]

    shown = render_to_string("base.html", {}, asked_for())

    assert 'class="langs"' not in alone
    assert re.findall(r'name="language" value="(..)" lang="(..)" aria-label="([^"]+)"', shown) == [
        ("en", "en", "English"),
        ("es", "es", "Español"),
    ]


def test_no_page_has_a_style_or_a_script_inside(settings):
    folder = settings.BASE_DIR / "templates"
    templates = [path for path in folder.rglob("*.html") if path.parent != folder / "pdf"]

    inside = [path for path in templates if re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)", path.read_text())]

    assert inside == []


# ---- when something is wrong


def test_bad_request_says_what_to_do_without_any_context():
    response = bad_request(asked_for(), PermissionDenied())

    assert response.status_code == 400
    assert "<h1>This request cannot be read</h1>" in page(response)


def test_server_error_renders_without_context_and_without_the_list_of_files(settings):
    # A deployment in which collectstatic never ran: base.html would fail here, and a stranger would see a bare page.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    response = server_error(asked_for())

    assert response.status_code == 500
    assert "<h1>Something is broken here</h1>" in page(response)
    assert 'href="/static/mispa/mispa.css"' in page(response)


def test_refusal_says_why():
    response = permission_denied(asked_for(), PermissionDenied("Only the secretariat issues <editions>."))

    assert response.status_code == 403
    assert "Only the secretariat issues &lt;editions&gt;." in page(response)


def test_refusal_without_a_reason_says_what_is_so():
    response = permission_denied(asked_for(), PermissionDenied())

    assert "belongs to another role. Nothing was changed." in page(response)


def test_expired_form_says_how_to_save_what_was_typed():
    response = pages.csrf_failure(asked_for())

    assert response.status_code == 403
    assert "Go back and copy what you typed." in page(response)


def test_missing_page_shows_our_own_words_safely():
    response = page_not_found(asked_for(), Http404("There is no edition <7>; the latest is 2."))

    assert response.status_code == 404
    assert "There is no edition &lt;7&gt;; the latest is 2." in page(response)


@pytest.mark.parametrize(
    "exception",
    [Http404(), Http404("No Meeting matches the given query."), Resolver404({"path": "nowhere", "tried": []})],
)
def test_missing_page_does_not_repeat_the_words_of_the_machine(exception):
    response = page_not_found(asked_for(), exception)

    assert "The address has a slip in it" in page(response)
    assert "query" not in page(response)


def test_missing_page_is_shown_at_an_address_that_never_was(client: Client, db: None):
    response: Any = client.get("/nowhere/at/all/")

    assert response.status_code == 404
    assert "/accounts/sign-in/?next=%2Fnowhere%2Fat%2Fall%2F" in page(response)
