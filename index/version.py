"""Byline's version, also read by the build of the package."""

VERSION = "0.1.0"
