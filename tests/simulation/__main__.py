"""`python -m tests.simulation --walks N`: simulated customers walk every flow, half of them out of hours."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from desk.demo import BOOKSHOP
from tests.product import Product, make_home
from tests.simulation.run import Ran, restart, run

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def make_product(folder: Path, open_now: bool) -> Product:
    """The bookshop with people at the desk day and night, or not before the day after tomorrow."""
    home = make_home(folder)
    text = BOOKSHOP.read_text(encoding="utf-8")
    before, _, rest = text.partition("[hours]")
    after = rest[rest.index("[holidays]") :].replace('country = "IT"', "")
    later = DAYS[(date.today() + timedelta(days=2)).weekday()]
    hours = "".join(f'{day} = ["00:00-24:00"]\n' for day in DAYS) if open_now else f'{later} = ["09:00-18:00"]\n'
    (home / "brand.toml").write_text(f"{before}[hours]\n{hours}\n{after}", encoding="utf-8")
    (home / "sportello.toml").write_text("demo = true\n", encoding="utf-8")
    return Product(home)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--walks", type=int, default=320)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--at-once", type=int, default=4)
    chosen = parser.parse_args()
    os.environ.update(SPORTELLO_SESSIONS_PER_MINUTE="1000000", SPORTELLO_MESSAGES_PER_MINUTE="1000")
    wrong = 0
    for part, open_now in enumerate((True, False)):
        with tempfile.TemporaryDirectory() as folder:
            product = make_product(Path(folder), open_now)
            try:
                product.wait_until_ready()
                first, many = chosen.first + part * (chosen.walks // 2), chosen.walks // 2
                ran: Ran = run(product, range(first, first + many), chosen.at_once)
                restarted = restart(product, chosen.first + part)
            finally:
                product.stop()
        sys.stdout.write(f"{'open' if open_now else 'closed'}: {ran}; with a restart: {restarted}\n")
        for failure in (*ran.failures, *restarted.failures):
            sys.stdout.write(f"  {failure}\n")
        wrong += len(ran.failures) + len(restarted.failures)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
