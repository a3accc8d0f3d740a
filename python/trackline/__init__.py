"""Trackline."""
