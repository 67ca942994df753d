"""Build the book, the notebooks and the exercises from their sources."""
