"""Marks exercises: nbgrader does the marking and keeps the record, these modules carry notebooks in and marks out."""

import sys

# jsonschema would load it for kinds of web address that no notebook's schema names, and that takes most of a second.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
