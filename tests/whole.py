"""Whether this run asks for everything, where the suite asks for a telling part.

`NEP_TEST_WHOLE=1 python3 dev.py test tests/security` reads every page as every role.
"""

import os

IS_WHOLE = os.environ.get("NEP_TEST_WHOLE") == "1"
