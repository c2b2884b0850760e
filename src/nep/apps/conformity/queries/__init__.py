"""What conformity reads."""

from nep.apps.conformity.queries import (
    _matrix_invariants,  # noqa: F401  # registers what must hold
    _readers,  # noqa: F401  # tells the port what is read
    _seen,  # noqa: F401  # tells the port what is read
    _year_invariants,  # noqa: F401  # registers what must hold
)
from nep.apps.conformity.queries._adviser import AdviserPage, adviser_page
from nep.apps.conformity.queries._burden import BurdenPage, burden_page
from nep.apps.conformity.queries._declaration import (
    DeclarationLine,
    DeclarationPage,
    Register,
    change_since,
    code_of,
    declaration_page,
    facts_of,
    register,
    standing_of,
)
from nep.apps.conformity.queries._handover import (
    HandoverPage,
    handover_content,
    handover_page,
    handovers,
    is_new_secretary,
)
from nep.apps.conformity.queries._matrix import (
    Decided,
    Matrix,
    MatrixChapter,
    MatrixLine,
    MatrixRow,
    address_of,
    decided,
    evidence_rules,
    matrix,
    rows_of,
)
from nep.apps.conformity.queries._matrix_rules import MatrixRules, matrix_rules_page
from nep.apps.conformity.queries._pack import (
    PackLine,
    PackList,
    PackPage,
    pack_page,
    pack_points,
    packs,
)
from nep.apps.conformity.queries._province_matrix import SORTS as PROVINCE_SORTS
from nep.apps.conformity.queries._province_matrix import (
    ProvinceMatrix,
    matrix_of_agency,
    province_matrix,
)
from nep.apps.conformity.queries._public import (
    PublicDeclaration,
    PublicLine,
    public_declaration,
    public_declarations,
)
from nep.apps.conformity.queries._standing import scope_lines
from nep.apps.conformity.queries._start_sets import StartLine, start_lines, start_source
from nep.apps.conformity.queries._year import (
    YearPage,
    next_of,
    obligations_of,
    role_name,
    roles_of_year,
    year_page,
)
from nep.apps.conformity.queries._year import lines_of as year_lines
from nep.apps.conformity.rules.year import Line as YearLine

__all__ = [
    "PROVINCE_SORTS",
    "AdviserPage",
    "BurdenPage",
    "Decided",
    "DeclarationLine",
    "DeclarationPage",
    "HandoverPage",
    "Matrix",
    "MatrixChapter",
    "MatrixLine",
    "MatrixRow",
    "MatrixRules",
    "PackLine",
    "PackList",
    "PackPage",
    "ProvinceMatrix",
    "PublicDeclaration",
    "PublicLine",
    "Register",
    "StartLine",
    "YearLine",
    "YearPage",
    "address_of",
    "adviser_page",
    "burden_page",
    "change_since",
    "code_of",
    "decided",
    "declaration_page",
    "evidence_rules",
    "facts_of",
    "handover_content",
    "handover_page",
    "handovers",
    "is_new_secretary",
    "matrix",
    "matrix_of_agency",
    "matrix_rules_page",
    "next_of",
    "obligations_of",
    "pack_page",
    "pack_points",
    "packs",
    "province_matrix",
    "public_declaration",
    "public_declarations",
    "register",
    "role_name",
    "roles_of_year",
    "rows_of",
    "scope_lines",
    "standing_of",
    "start_lines",
    "start_source",
    "year_lines",
    "year_page",
]
