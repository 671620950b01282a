"""Simulated customers on the product that the other tests run on; thousands of them: `python -m tests.simulation`."""

from __future__ import annotations

import pytest

from tests.product import Product
from tests.simulation.run import restart, run
from tests.simulation.scripts import SCRIPTS


@pytest.mark.product
def test_every_script_ends_well_and_its_record_is_true(product: Product) -> None:
    ran = run(product, range(3 * len(SCRIPTS)))
    assert set(ran.walks.values()) == {3}
    assert not ran.failures, "\n".join(ran.failures)


@pytest.mark.product
def test_a_conversation_goes_on_after_the_bot_has_died(product: Product) -> None:
    ran = restart(product, seed=1)
    assert not ran.failures, "\n".join(ran.failures)
