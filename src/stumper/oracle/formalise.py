"""Reads a question's English with models: independent readers, compared clause by clause by the solver."""
