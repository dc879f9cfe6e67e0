"""In-process stand-ins for the providers' plugins, so that the real engine runs without a cloud."""
