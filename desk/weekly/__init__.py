"""The weekly report: what changed since last Monday, then the evidence, as a file or by e-mail."""
