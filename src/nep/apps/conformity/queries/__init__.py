"""What conformity reads."""

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
from nep.apps.conformity.queries._public import (
    PublicDeclaration,
    PublicLine,
    public_declaration,
    public_declarations,
)
from nep.apps.conformity.queries._standing import scope_lines

__all__ = [
    "Decided",
    "DeclarationLine",
    "DeclarationPage",
    "Matrix",
    "MatrixChapter",
    "MatrixLine",
    "MatrixRow",
    "MatrixRules",
    "PublicDeclaration",
    "PublicLine",
    "Register",
    "address_of",
    "change_since",
    "code_of",
    "decided",
    "declaration_page",
    "evidence_rules",
    "facts_of",
    "matrix",
    "matrix_rules_page",
    "public_declaration",
    "public_declarations",
    "register",
    "rows_of",
    "scope_lines",
    "standing_of",
]
