"""Runs a learner's notebook where it can reach nothing: no network, no other files, bounded in everything it uses."""
