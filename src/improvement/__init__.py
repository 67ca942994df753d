"""What learners import: statistics, models, data and widgets for healthcare improvement."""
