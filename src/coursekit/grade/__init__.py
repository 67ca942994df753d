"""Marks exercises: nbgrader does the marking and keeps the record, these modules carry notebooks in and marks out."""
