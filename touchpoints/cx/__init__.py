"""What else is known of the experience, beside service: promises, observations from elsewhere, rules for reading both.

A leaf: it asks the record through `touchpoints.report` and computes; it draws nothing and gives no overall mark.
"""
