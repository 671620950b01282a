"""Simulated customers: scripted people with many seeds who talk to the running product and check what it did."""
