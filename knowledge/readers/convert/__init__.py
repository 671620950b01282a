"""Turns documents into Markdown. Runs in a process of its own with little memory: documents are hostile until read."""
