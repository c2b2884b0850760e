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
from nep.apps.conformity.queries._public import (
    PublicDeclaration,
    PublicLine,
    public_declaration,
    public_declarations,
)
from nep.apps.conformity.queries._standing import scope_lines

__all__ = [
    "DeclarationLine",
    "DeclarationPage",
    "PublicDeclaration",
    "PublicLine",
    "Register",
    "change_since",
    "code_of",
    "declaration_page",
    "facts_of",
    "public_declaration",
    "public_declarations",
    "register",
    "scope_lines",
    "standing_of",
]
