"""The rows of the weekly review."""
