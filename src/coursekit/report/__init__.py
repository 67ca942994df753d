"""Reports on a cohort from nbgrader's gradebook: what to teach again, who waits, and certificates for who passed."""
