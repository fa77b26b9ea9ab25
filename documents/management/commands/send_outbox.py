"""Sends the mails that wait, and sorts what changed into further ones."""

import os
import signal
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

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
        self.is_asked_to_stop = False
        self.doubts_told = 0
        before = {one: signal.signal(one, self.ask_to_stop) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.work(goes_on=options["watch"])
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def work(self, *, goes_on: bool) -> None:
        tidied_at = None
        while not self.must_stop():
            if tidied_at is None or time.monotonic() - tidied_at > TIDIED_EVERY:
                tidy()
                tidied_at = time.monotonic()
            try:
                self.send_all()
                self.tell_of_doubts()
            except (OperationalError, InterfaceError) as error:
                if not goes_on:
                    raise
                self.say(f"the database is away or busy ({error}); trying again")
                connection.close()
            if not goes_on:
                return
            time.sleep(PAUSE)

    def send_all(self) -> None:
        """All that is due now; between two mails it looks whether it should stop."""
        while not self.must_stop() and sort_next():
            pass
        if made := make_mails():
            self.say(f"{made} mails to send")
        while not self.must_stop() and (mail := send_next(compose)):
            self.say(f"{mail.pk}: {state(mail)}{f' ({mail.problem})' if mail.problem else ''}")

    def ask_to_stop(self, number: int, frame: Any) -> None:
        """The mail that is being handed over is seen through: else nobody would know whether it arrived.

        Who asks a second time does not want to wait.
        """
        self.is_asked_to_stop = True
        signal.signal(number, signal.SIG_DFL)

    def must_stop(self) -> bool:
        if self.parent is not None and os.getppid() != self.parent:
            sys.exit()
        return self.is_asked_to_stop

    def tell_of_doubts(self) -> None:
        """When there are more or fewer than it has told."""
        number = in_doubt().count()
        if number != self.doubts_told:
            self.say(f"{number} mails need a decision of the administrator: /admin/ground/mail/?doubt=1")
        self.doubts_told = number

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
