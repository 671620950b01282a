"""What the assistant does: search, answer, hand over, take a message. One concern per file."""
