from django.db import migrations

from mispa.ground.sealing import Seal


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_links")]

    operations = [
        Seal("documents_edition", "documents_editionmention", "documents_release", "documents_editionfile"),
    ]
