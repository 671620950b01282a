"""The interactions as columns: what every metric is computed from, a million at a time.

`layout` says which columns there are, `segments` keeps them packed in the database, `held` keeps them in memory,
`frame` puts together what holds at a moment, `outcomes` and `chains` tell what depends on it, `contacts` is what a
metric reads.
"""
