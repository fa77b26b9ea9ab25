"""Reads a register in from a file that mispa or a spreadsheet wrote."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from documents.actions.importing import NothingToImport
from documents.actions.importing_register import RegisterRefused, Report, State, import_register
from documents.importing.register_file import LARGEST, NoRegister, read_register
from mandates.models import WorkingGroup, registered_organs
from mispa.ground.models import User


class Command(BaseCommand):
    help = (
        "Reads a register in from the JSON or CSV that its page gives, also after a spreadsheet had it, as one change "
        "or nothing of it. What the file leaves out stays; what is issued stays as it is. The second run of a file "
        "changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--group", required=True, metavar="SLUG")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="in whose name: one who registers papers")
        parser.add_argument("--dry-run", action="store_true", help="print what would change, and save nothing")
        parser.add_argument("--json", action="store_true", help="print it for programs")
        parser.add_argument("--reason", default="", help="printed in the history; default: the name of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        file, group, by = Path(options["file"]), _group(options["group"]), _person(options["by"])
        said, report, refused = "", None, False
        try:
            with file.open("rb") as opened:
                data = opened.read(LARGEST + 1)
            register = read_register(data, group.name.original, registered_organs())
            reason = options["reason"] or f"Read in from {file.name}"
            report = import_register(group=group, register=register, by=by, reason=reason, only_try=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except NoRegister as error:
            raise CommandError(str(error)) from error
        except PermissionDenied as error:
            raise CommandError(f"“{by}” does not register papers in “{group.slug}”.") from error
        except ValidationError as error:  # such as a reason that is too short
            raise CommandError(" ".join(error.messages)) from error
        except NothingToImport as nothing:
            said = str(nothing)
        except RegisterRefused as error:
            report, refused = error.report, True
        if report:
            self.show(report, options["json"])
        if said:
            (self.stderr if options["json"] else self.stdout).write(said, style_func=str)
        if refused:
            raise CommandError("Nothing was saved. Mend what is refused, and read the file in again.")

    def show(self, report: Report, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(_as_json(report), ensure_ascii=False, indent=1, sort_keys=True))
            return
        self.stdout.write("; ".join(f"{report.count(state)} {state}" for state in State))
        for one in report.outcomes:
            if one.state in {State.NEW, State.CHANGED, State.LEFT_OUT}:
                self.stdout.write(f"{one.state}: {one.name} · {one.place}")
                for sentence in one.done:
                    self.stdout.write(f"  {sentence}")
        for fault in report.faults:
            self.stdout.write(f"refused: {fault.place}: {fault.sentence}")


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "papers": [
            {"place": one.place, "name": one.name, "state": one.state.value, "done": one.done}
            for one in report.outcomes
        ],
        "refused": [{"place": fault.place, "why": fault.sentence} for fault in report.faults],
    }


def _group(slug: str) -> WorkingGroup:
    group: WorkingGroup | None = WorkingGroup.objects.standing().filter(slug=slug).first()
    if group is None:
        raise CommandError(f"There is no group “{slug}”.")
    return group


def _person(username: str) -> User:
    user: User | None = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no account “{username}”.")
    return user
