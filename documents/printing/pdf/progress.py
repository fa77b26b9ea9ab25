"""How far a paper is: WeasyPrint says in its log which page it is laying out."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic


@contextmanager
def told_of_pages(on_page: Callable[[int], None]) -> Iterator[None]:
    """While papers are made, `on_page` hears the page that is being laid out, at most once a second.

    It hears of every paper in the process: for workers and commands, which make one at a time.
    """
    log = logging.getLogger("weasyprint.progress")
    handler, level = _Pages(on_page), log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False  # a line for each page is nothing for the log of mispa
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = True


class _Pages(logging.Handler):
    def __init__(self, on_page: Callable[[int], None]) -> None:
        super().__init__()
        self.on_page, self.told_at = on_page, monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        _head, _mark, number = record.getMessage().rpartition("Page ")
        if number.isdigit() and monotonic() - self.told_at > 1:
            self.told_at = monotonic()
            self.on_page(int(number))
