"""Three meetings: one is convened and moved twice, one cancelled, one put off; readers see it at once, everywhere."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from mandates.models import WorkingGroup
from meetings.models import Meeting
from mispa.ground import dates
from mispa.ground.models import User
from tests import factories
from tests.browser.conftest import Opener, Visit
from tests.writing import made

pytestmark = pytest.mark.browser

GROUP = "/mispa-iv/"
MOVED, CANCELLED, PUT_OFF = 7, 8, 9


class Story:
    """A secretary at her desk and a reader on her telephone, both in one language."""

    def __init__(self, group: WorkingGroup, visit: Opener, language: str) -> None:
        self.group, self.language = group, language
        secretary = factories.member(group, "secretariat")
        User.objects.filter(pk=secretary.pk).update(language=language)
        self.desk, self.reader = visit(secretary), visit(width=390, locale=language)

    def step(self, number: int, verb: str, **typed: str) -> None:
        page = self.desk.go(f"{GROUP}meetings/{number}/{verb}/")
        for name, value in (typed | {"reason": "agreed by telephone"}).items():
            page.fill(f"#id_{name}", value)
        page.locator("main form .btn-main").click()
        page.wait_for_url(f"**/meetings/{number}/")

    def says(self, address: str, part: str = "main") -> str:
        return " ".join(self.reader.go(address).inner_text(part).split())

    def word(self, message: str) -> str:
        with override(self.language):
            return gettext(message)

    def count(self, one: str, more: str, number: int) -> str:
        with override(self.language):
            return ngettext(one, more, number) % {"number": number}

    def day(self, day: date) -> str:
        with override(self.language):
            return " ".join(dates.day(day).split())

    def in_feed(self, number: int) -> dict[str, str]:
        """What a calendar programme reads of a meeting."""
        feed = self.reader.page.request.get(f"{self.reader.base}{GROUP}calendar.ics?lang={self.language}").text()
        events = feed.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
        event = next(one for one in events if f"/meetings/{number}/" in one)
        names = ("UID", "SEQUENCE", "STATUS", "DTSTART")
        return {name: re.findall(rf"^{name}[^:\n]*:(.*?)\r$", event, re.MULTILINE)[0] for name in names}

    def news(self) -> str:
        """The latest that the page of changes tells."""
        return " ".join(self.reader.go(f"{GROUP}changes/").locator(".history > li").first.inner_text().split())

    def month(self, day: date) -> Any:
        """The words of a day in the grid, as the wide page has them."""
        page = self.reader.go(f"{GROUP}calendar/{day:%Y/%m}/")
        return " ".join(page.locator(f"#day-{day} .ev").all_text_contents())


def _faultless(*windows: Visit) -> bool:
    return all(window.complaints == [] for window in windows)


@pytest.mark.parametrize("language", ["en", "es"])
def test_convene_move_twice_cancel_one_postpone_one(live_group: WorkingGroup, visit: Opener, language: str) -> None:
    today = timezone.now().astimezone(live_group.zone).date()
    first, second, third, later = (today + timedelta(days=days) for days in (20, 27, 34, 50))
    for number in (MOVED, CANCELLED, PUT_OFF):
        day = later + timedelta(days=number)
        made(factories.MeetingFactory, group=live_group, number=number, status="proposed", starts_on=day, ends_on=day)
    planned = {one.number: one.starts_on for one in Meeting.objects.filter(group=live_group, number__gte=MOVED)}
    story = Story(live_group, visit, language)
    name = story.word("Meeting %(number)s")

    # Convened: nobody knew of it before, everybody does now.
    story.reader.go(f"{GROUP}meetings/{MOVED}/", status=404)
    story.reader.complaints.clear()  # of the 404
    for number in (MOVED, CANCELLED, PUT_OFF):
        story.step(number, "convene")
    assert story.word("Convened") in story.says(f"{GROUP}meetings/{MOVED}/")
    overview = story.says(GROUP, "section.next")
    assert story.word("Next meeting") in overview
    assert story.day(planned[MOVED]) in overview
    assert story.count("in %(number)s day", "in %(number)s days", 57) in overview
    convened = story.in_feed(MOVED)
    assert (convened["STATUS"], convened["DTSTART"]) == ("CONFIRMED", f"{planned[MOVED]:%Y%m%d}T100000")
    assert story.day(planned[PUT_OFF]) in story.news()

    # Moved, and moved again: one UID, a higher number each time, and the first day is never forgotten.
    sequence, before = int(convened["SEQUENCE"]), planned[MOVED]
    for day in (first, second):
        story.step(MOVED, "move", starts_on=f"{day}", ends_on=f"{day}")
        page = story.says(f"{GROUP}meetings/{MOVED}/")
        assert story.word("This meeting has moved.") in page
        assert story.day(before) in page
        assert story.day(day) in story.says(GROUP, "section.next")
        assert story.word("Moved") in story.says(f"{GROUP}calendar/")
        assert name % {"number": MOVED} in story.month(day)
        news = story.news()
        assert (story.day(before) in news, story.day(day) in news) == (True, True)
        feed = story.in_feed(MOVED)
        assert (feed["UID"], feed["STATUS"]) == (convened["UID"], "CONFIRMED")
        assert feed["DTSTART"] == f"{day:%Y%m%d}T100000"
        assert int(feed["SEQUENCE"]) > sequence
        sequence, before = int(feed["SEQUENCE"]), day
    assert story.day(planned[MOVED]) in story.says(f"{GROUP}meetings/{MOVED}/")

    # Cancelled: it keeps its page and its day, and the feed says so.
    story.step(CANCELLED, "cancel")
    assert story.word("This meeting has been cancelled.") in story.says(f"{GROUP}meetings/{CANCELLED}/")
    assert story.word("Cancelled") in story.month(planned[CANCELLED])
    assert story.day(planned[CANCELLED]) in story.news()
    cancelled = story.in_feed(CANCELLED)
    assert (cancelled["STATUS"], cancelled["DTSTART"]) == ("CANCELLED", f"{planned[CANCELLED]:%Y%m%d}T100000")
    assert story.day(second) in story.says(GROUP, "section.next")

    # Put off: it has no day, and is told as waiting for one.
    story.step(PUT_OFF, "postpone")
    put_off = story.word("This meeting has been postponed. No new day is set yet.")
    assert put_off in story.says(f"{GROUP}meetings/{PUT_OFF}/")
    assert story.word("Postponed") in story.month(planned[PUT_OFF])
    assert story.word("no new day yet") in story.says(f"{GROUP}calendar/")
    assert name % {"number": PUT_OFF} in story.news()
    assert story.in_feed(PUT_OFF)["STATUS"] == "CANCELLED"

    # It comes back on a new day.
    story.step(PUT_OFF, "move", starts_on=f"{third}", ends_on=f"{third}")
    assert story.in_feed(PUT_OFF)["STATUS"] == "CONFIRMED"
    assert story.day(third) in story.says(f"{GROUP}meetings/{PUT_OFF}/")
    assert _faultless(story.desk, story.reader)
