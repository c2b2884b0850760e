"""Run inside an installation: print what stands in it, in the words of `playing`."""

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.cases.models import Case, StepRun

if __name__ == "__main__":
    for pk in Case.objects.values_list("pk", flat=True):
        print(f"nhận {pk}")
    for pk in StepRun.objects.exclude(handed_at=None).values_list("pk", flat=True):
        print(f"giao {pk}")
    for pk in StepRun.objects.exclude(closed_at=None).values_list("pk", flat=True):
        print(f"xong {pk}")
