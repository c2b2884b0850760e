"""2,000 random deadlines equal the oracle's; the drill runs 100,000."""

import random

from tests.worktime.cases import all_offices, disagreement, random_case


def test_two_thousand_random_deadlines_equal_the_oracle():
    chance, offices = random.Random(20261121), all_offices()
    faults = [fault for _ in range(2000) if (fault := disagreement(random_case(chance), offices))]
    assert faults == []
