"""Versions of the tables, one linear history for the whole product, applied by `touchpoints.engine.migrate`."""
