"""What leads write down and bring in: promises, owners, touchpoints, frictions, actions, imports."""

from desk.strategy import importing, pages
from desk.strategy.request import blueprint

__all__ = ["blueprint", "importing", "pages"]
