"""Sends the mails that wait, and sorts what changed into further ones."""

import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from documents.mailing import compose, make_mails, sort_next
from mispa.ground.outbox import in_doubt, send_next, state, tidy

PAUSE = 5  # seconds between two looks
TIDIED_EVERY = 24 * 3600


class Command(BaseCommand):
    help = "Tells followers by mail what changed, once, or with --watch until it is stopped; several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on looking for what is to be sent")
        parser.add_argument(
            "--with-parent", type=int, metavar="PID", help="stop when PID, the process that started it, is gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.parent = options["with_parent"]
        self.tell_of_doubts()
        tidied_at = None
        try:
            while True:
                self.stop_with_parent()
                if tidied_at is None or time.monotonic() - tidied_at > TIDIED_EVERY:
                    tidy()
                    tidied_at = time.monotonic()
                self.send_all()
                if not options["watch"]:
                    return
                time.sleep(PAUSE)
        except KeyboardInterrupt:
            return

    def send_all(self) -> None:
        """All that is due now; between two mails it looks whether it should stop."""
        while sort_next():
            self.stop_with_parent()
        if made := make_mails():
            self.say(f"{made} mails to send")
        while mail := send_next(compose):
            self.say(f"{mail.pk}: {state(mail)}{f' ({mail.problem})' if mail.problem else ''}")
            self.stop_with_parent()

    def stop_with_parent(self) -> None:
        if self.parent is not None and os.getppid() != self.parent:
            sys.exit()

    def tell_of_doubts(self) -> None:
        if number := in_doubt().count():
            self.say(f"{number} mails need a decision of the administrator: /admin/ground/mail/?doubt=1")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
