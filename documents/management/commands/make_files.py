"""Makes the files that have been asked for and take too long for a page."""

import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from documents.printing.rendering import make_next, tidy

PAUSE = 2  # seconds between two looks
TIDIED_EVERY = 3600


class Command(BaseCommand):
    help = (
        "Makes the papers of long texts as they are asked for, until it is stopped; several may run beside each other."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="make what has been asked for, and stop")
        parser.add_argument(
            "--with-parent", type=int, metavar="PID", help="stop when PID, the process that started it, is gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.parent = options["with_parent"]
        tidied_at = None
        try:
            while True:
                self.stop_with_parent()
                if tidied_at is None or time.monotonic() - tidied_at > TIDIED_EVERY:
                    tidy()
                    tidied_at = time.monotonic()
                made = make_next(self.tell)
                if made:
                    self.say(f"{made.inputs['name']}, {made.inputs['language']}: {made.problem or 'made'}")
                elif options["once"]:
                    return
                else:
                    time.sleep(PAUSE)
        except KeyboardInterrupt:
            return

    def stop_with_parent(self) -> None:
        if self.parent is not None and os.getppid() != self.parent:
            sys.exit()

    def tell(self, key: str, page: int) -> None:
        self.stop_with_parent()
        self.say(f"{key[:8]}: page {page}")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
