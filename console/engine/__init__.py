"""The associative engine behind the Desk."""
