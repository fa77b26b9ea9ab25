from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Documents(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents.searching.indexing import fill, watch  # noqa: PLC0415 (models are there only now)

        watch()
        post_migrate.connect(fill, sender=self)
