"""What work is about in words that may leave the system: the procedure's name, nobody's own."""

from collections.abc import Collection

from nep.apps.cases.models import Case, CaseCorrection, JointStep


def case_subjects(case_ids: Collection[int]) -> dict[int, str]:
    """Return the names of the procedures of cases."""
    return dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "tthc_name"))


def joint_subjects(joint_ids: Collection[int]) -> dict[int, str]:
    """Return the names of the procedures of joint steps."""
    rows = JointStep.objects.filter(pk__in=joint_ids)
    return dict(rows.values_list("pk", "case__tthc_name"))


def correction_subjects(correction_ids: Collection[int]) -> dict[int, str]:
    """Return the names of the procedures whose results are put right."""
    rows = CaseCorrection.objects.filter(pk__in=correction_ids)
    return dict(rows.values_list("pk", "case__tthc_name"))
