"""Pictures drawn on the server: each is an SVG with a sentence that says what it shows and the table it is drawn from.

Marks are styled by class (static/dashboard_views.css), so that light, dark, print and forced colours hold, and colour
is never the only sign: what is not observed is hatched, statuses have shapes and words.
"""
