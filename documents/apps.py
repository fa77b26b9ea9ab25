from django.apps import AppConfig


class Documents(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents.searching.indexing import watch  # noqa: PLC0415 (models are there only now)

        watch()
