"""Brings a work plan in from a file, as the page does it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from documents.actions.importing import NothingToImport, import_plan, proposal_for
from documents.importing import words
from documents.importing.brought import Brought, NoPlan
from documents.importing.proposal import Choices, Item, Proposal, State
from documents.importing.reading import LARGEST, read
from documents.reading.proposals import has_meetings_to_convene, headlines
from mandates.models import Body, WorkingGroup, WorkPlan, registered_organs
from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.text import Text


class Command(BaseCommand):
    help = (
        "Brings a plan in from .docx, .txt or .json as one change, or nothing of it. What was changed here stays where "
        "the file says otherwise. The second run of a file changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--group", required=True, metavar="SLUG")
        parser.add_argument("--create", action="store_true", help="enter the group and its plan if they are missing")
        parser.add_argument("--name", default="", help="of a group that is entered; default: what the file says")
        parser.add_argument("--convene", action="store_true", help="convene the meetings that the file brings")
        parser.add_argument("--dry-run", action="store_true", help="print what would change, and save nothing")
        parser.add_argument("--json", action="store_true", help="print it for programs")
        parser.add_argument("--by", metavar="USERNAME", help="in whose name; without it, in that of the system")
        parser.add_argument("--reason", default="", help="printed in the history; default: the name of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"])
        try:
            with file.open("rb") as opened:
                data = opened.read(LARGEST + 1)
            brought = read(data, file.name, registered_organs())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except NoPlan as refused:
            raise CommandError(str(refused)) from refused
        by = _person(options["by"]) if options["by"] else None
        reason = options["reason"] or f"Brought in from {file.name}"
        try:
            with transaction.atomic():
                group = _group(options, brought, data, by)
                proposal = proposal_for(group.plan, brought)
                self.show(proposal, options["json"])
                if options["dry_run"]:
                    transaction.set_rollback(True)
                    return
                self.save(proposal, file.name, Choices(convene=options["convene"]), by, reason, options["json"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def save(
        self, proposal: Proposal, file: str, choices: Choices, by: User | None, reason: str, is_json: bool
    ) -> None:
        try:
            imported = import_plan(
                plan=proposal.plan,
                brought=proposal.brought,
                file_name=file,
                choices=choices,
                seen=proposal.digest,
                by=by,
                reason=reason,
                tell=self.tell,
            )
        except NothingToImport as nothing:
            said = str(nothing)
        else:
            said = f"Brought in: import {imported.number} of this plan, one change."
        if has_meetings_to_convene(proposal) and not choices.convene:
            said += (
                " Its meetings are only proposed: no plan prints them before --convene, or the page of each, convenes."
            )
        (self.stderr if is_json else self.stdout).write(said, style_func=str)

    def show(self, proposal: Proposal, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(proposal.to_json(), ensure_ascii=False, indent=1, sort_keys=True))
            return
        self.stdout.write("; ".join(f"{one['number']} {one['words']}" for one in headlines(proposal)))
        for item in proposal.items:
            for line in _lines(proposal, item):
                self.stdout.write(line)
        for anomaly in proposal.brought.anomalies:
            where = words.place(anomaly.place, proposal.brought.kind)
            self.stdout.write(" ".join(filter(None, ["odd:", words.oddity(anomaly), where, anomaly.printed])))

    def tell(self, done: int, of: int) -> None:
        """One line that counts up; where nobody looks, only its last state."""
        if self.stderr.isatty() and done < of:
            self.stderr.write(f"{done} of {of}", style_func=str, ending="\r")
        elif done == of:
            self.stderr.write(f"{done} of {of}", style_func=str)


def _lines(proposal: Proposal, item: Item) -> list[str]:
    if item.state == State.UNCHANGED:
        return []
    where = words.place(item.place, proposal.brought.kind)
    refused = " (not taken)" if item.is_refused else ""
    lines = [f"{item.state}: {words.full_name(item)}{refused}{f' · {where}' if where else ''}"]
    for field in item.fields:
        mine, theirs = (words.value(proposal, field, side) or "–" for side in (field.mine, field.theirs))
        kept = " (both changed; ours stays)" if field.is_conflict else ""
        lines.append(f"  {words.field_name(field)}: {mine} → {theirs}{kept}")
    return lines


def _person(username: str) -> User:
    user: User | None = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no account “{username}”.")
    return user


# A group that is not here yet -------------------------------------------


def _group(options: dict[str, Any], brought: Brought, data: bytes, by: User | None) -> WorkingGroup:
    group: WorkingGroup | None = (
        WorkingGroup.objects.standing().filter(slug=options["group"]).select_related("plan").first()
    )
    if group is None and not options["create"]:
        raise CommandError(f"There is no group “{options['group']}”; --create would enter it.")
    if group is not None and hasattr(group, "plan"):
        return group
    if not options["create"]:
        raise CommandError(f"The group “{options['group']}” has no plan yet; --create would enter it.")
    reason = f"Entered for the plan in {Path(options['file']).name}"
    with changes(by=by, reason=reason, source="import" if by else "command"):
        group = group or _entered(options, brought, data)
        printed = (brought.text.get("plan") or {}).get("title")
        title = Text.from_json(printed) if printed else group.name
        plan = WorkPlan(group=group, title=title, original_language=title.original)
        plan.full_clean()
        plan.save()
    return group


def _entered(options: dict[str, Any], brought: Brought, data: bytes) -> WorkingGroup:
    """A group by what the JSON of a plan says of it, else by its name; hidden until somebody shows it."""
    told = json.loads(data).get("text", {}).get("group", {}) if brought.kind == "json" else {}
    title = (brought.text.get("plan") or {}).get("title")
    name = _text(options["name"] and Text.of(options["name"]), told.get("name"), title) or Text.of(options["group"])
    group = WorkingGroup(
        slug=options["group"],
        name=name,
        short_name=_text(told.get("short_name")) or name,
        place=_text(told.get("place")) or Text.of("Washington"),
        timezone=told.get("timezone") or "America/New_York",
        body=_body([found for one in told.get("bodies", []) if (found := _text(one))]),
    )
    group.full_clean()
    group.save()
    return group


def _text(*values: Any) -> Text | None:
    """The first of these that is a text."""
    for value in values:
        if isinstance(value, Text):
            return value
        if isinstance(value, dict) and value.get("original") and value.get(value["original"]):
            return Text.from_json(value)
    return None


def _body(names: list[Text]) -> Body:
    """The committee above the group: as the file names it, else the one that is here; from the top, entered if new."""
    bodies = list(Body.objects.standing().select_related("parent").order_by("id"))
    if not names and (lowest := [one for one in bodies if not any(other.parent_id == one.pk for other in bodies)]):
        return lowest[0]
    above: Body | None = None
    for name in names or [Text.of("Permanent Council"), Text.of("Committee on Hemispheric Security")]:
        found = next((one for one in bodies if set(dict(one.name).values()) & set(dict(name).values())), None)
        if found is None:
            found = Body(name=name, parent=above)
            found.full_clean()
            found.save()
        above = found
    assert above is not None  # noqa: S101 (there is one name at least)
    return above
