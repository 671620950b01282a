"""`python -m desk` is the `sportello` command."""

from desk.cli import main

main()
