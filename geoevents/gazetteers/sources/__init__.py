"""Gazetteers that a team adds: files of others, read, checked, and kept beside our own."""
