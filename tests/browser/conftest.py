"""A real browser before a real server. Playwright's loop runs in this thread; Django must allow queries beside it."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from mandates.models import WorkingGroup
from mispa.ground.models import User
from tests.conftest import signed_in

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

Opener = Callable[..., "Visit"]


class Visit:
    """A page in a browser, and all that the browser complained of while it was open."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base, self.complaints = page, base, list[str]()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type != "log" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, address: str, status: int = 200) -> Page:
        response = self.page.goto(self.base + address)
        assert response
        assert response.status == status, address
        return self.page

    def colours(self, scheme: Literal["light", "dark"]) -> None:
        """Switch the scheme, and wait until no colour is on its way any more."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")

    def runs_over(self, width: int) -> int:
        """By how many pixels the page is wider than a window of this width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any, settings: Any) -> Iterator[Opener]:
    """`visit(user, width=390, scheme="dark")` opens a window; without a user nobody has signed in."""
    settings.ALLOWED_HOSTS = ["*"]
    opened = []

    def open_window(user: User | None = None, width: int = 1280, scheme: Any = "light", **options: Any) -> Visit:
        window = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        opened.append(window)
        if user:
            session = signed_in(user).cookies["sessionid"].value
            window.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return Visit(window.new_page(), live_server.url)

    yield open_window
    for window in opened:
        window.close()
    # The server may stop next, and takes a connection that is still being closed for a fault.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=5)


@pytest.fixture
def live_group(transactional_db: None, mispa_iv: WorkingGroup) -> WorkingGroup:
    """The working group of 2013, where the live server sees it."""
    return mispa_iv
