"""Predictions: asked for, made, remembered, kept and found again. Knows no other service."""
