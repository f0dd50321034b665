"""Measurements of Byline beside plain scripts that use the same libraries."""
