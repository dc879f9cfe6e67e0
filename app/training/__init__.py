"""Trains the delay model. Not part of the image; knows nothing of the API."""
