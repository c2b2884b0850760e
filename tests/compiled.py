"""What a process can make ready before others are forked from it."""

from pathlib import Path

from django.apps import apps
from django.template.loader import get_template


def compile_templates() -> None:
    """Compile every template of the product, which Django's loader keeps."""
    for app in apps.get_app_configs():
        folder = Path(app.path, "templates")
        for path in folder.rglob("*.html") if app.name.startswith("nep.") else ():
            get_template(path.relative_to(folder).as_posix())
