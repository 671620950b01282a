"""Checks that need Rasa: run under the bot's Python by test_rasa_side.py, with unittest, which that Python has."""
