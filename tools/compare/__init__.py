"""What a stack comes to on each platform, side by side: read from what is declared there, after rounding."""
