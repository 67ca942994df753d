"""What facilitators run: build the course, open it, mark it."""
