"""Byline's search side."""
