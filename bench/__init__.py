"""How good, how fast, how large: a package a suite. `make bench`.

A suite has `figures(quick, say) -> str` (Markdown, headings from ### down) and a `method.md` that says how.
"""
