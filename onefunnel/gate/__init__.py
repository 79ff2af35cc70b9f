"""The two boundaries: what has landed, and what is about to be published."""
