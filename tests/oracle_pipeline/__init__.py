"""The pipeline as it was, once more in plain Python from the glossary's words: nothing of the project's SQL is used."""
