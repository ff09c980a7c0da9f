"""Checked columns in the making: what was read, of text or typed, put on a sheet."""
