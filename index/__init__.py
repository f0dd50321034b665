"""Byline's index side."""
