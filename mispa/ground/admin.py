"""Accounts, which are deactivated, never deleted: history must go on saying who; and the mails of the outbox."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mispa.ground import outbox
from mispa.ground.models import Mail, User

admin.site.site_header = admin.site.site_title = _("mispa administration")
admin.site.unregister(Group)  # roles belong to working groups


@admin.register(User)
class AccountAdmin(UserAdmin):
    list_display = ["username", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "timezone"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InDoubtFilter(admin.SimpleListFilter):
    title = _("decision")
    parameter_name = "doubt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("needs one"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mail]) -> QuerySet[Mail]:
        return queryset.filter(pk__in=outbox.in_doubt().values("pk")) if self.value() else queryset


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """Mails of the outbox, to be looked at; of those that nobody knows to have arrived, she says what is to be done."""

    list_display = ["made_at", "recipient", "subject", "how_far", "attempts", "problem"]
    list_filter = [InDoubtFilter, "kind"]
    search_fields = ["recipient__username", "recipient__email", "subject"]
    actions = ["once_more", "as_sent"]

    @admin.display(description=_("how far"))
    def how_far(self, mail: Mail) -> str:
        return outbox.state(mail)

    @admin.action(description=_("Send once more, for it did not arrive (it may arrive twice)"), permissions=["view"])
    def once_more(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        self.message_user(request, _("Mails to be sent again: %(number)s") % {"number": outbox.send_once_more(mails)})

    @admin.action(description=_("Count as sent, for it arrived"), permissions=["view"])
    def as_sent(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        self.message_user(request, _("Mails counted as sent: %(number)s") % {"number": outbox.count_as_sent(mails)})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
