"""Gives a person a role in a group, making the account where there is none."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from mandates.models import Delegation, Membership, WorkingGroup
from mispa.ground.changes import changes
from mispa.ground.models import User


class Command(BaseCommand):
    help = "Gives a person a role in a group; a new account gets a one-time password, printed here and nowhere else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--group", required=True, metavar="SLUG")
        parser.add_argument("--role", required=True, choices=Membership.Role.values)
        parser.add_argument("--delegation", metavar="NAME", help="for a delegate; as listed, in any of its languages")
        parser.add_argument("--reset-password", action="store_true", help="give an existing account a new password")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        group = WorkingGroup.objects.standing().filter(slug=options["group"]).first()
        if group is None:
            raise CommandError(f"There is no group “{options['group']}”; load or make it first.")
        user = User.objects.filter(username=options["username"]).first() or User(username=options["username"])
        password = None
        try:
            if user._state.adding or options["reset_password"]:
                password = secrets.token_urlsafe(12)
                user.set_password(password)
                user.full_clean()
                user.save()
            given = self.give_role(user, group, options["role"], options["delegation"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        what = f"{user.username} ({options['role']})"
        if password:
            self.stdout.write(f"{what}: password {password}")
        elif given:
            self.stdout.write(f"{what}: role given; the password stays as it is.")
        else:
            self.stdout.write(f"{what}: is there already; --reset-password would give a new password.")

    def give_role(self, user: User, group: WorkingGroup, role: str, delegation_name: str | None) -> bool:
        """Whether anything had to be written."""
        today = timezone.localdate(timezone=group.zone)
        delegation = self.delegation(group, delegation_name) if delegation_name else None
        current = Membership.objects.in_force(today).filter(user=user, group=group).first()
        if current and current.role == role and (delegation is None or current.delegation == delegation):
            return False
        with changes(by=None, reason=f"{user.username} becomes {role} of {group.slug}", source="command"):
            membership = current or Membership(user=user, group=group, since=today)
            membership.role, membership.delegation = role, delegation
            membership.full_clean()
            membership.save()
        return True

    def delegation(self, group: WorkingGroup, name: str) -> Delegation:
        delegation: Delegation
        for delegation in Delegation.objects.in_force_now().filter(group=group):
            if name.casefold() in {wording.casefold() for _, wording in delegation.name}:
                return delegation
        raise CommandError(f"The group has no delegation “{name}”; its list names those that take part.")
