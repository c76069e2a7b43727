"""Plugs."""
