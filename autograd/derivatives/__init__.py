"""Derivatives of plain functions, and the check that they are right."""
