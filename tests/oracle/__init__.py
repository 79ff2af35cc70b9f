"""A second, independent calculation of attribution and the shared metrics, from the glossary alone: plain and slow."""
