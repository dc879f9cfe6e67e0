"""What each command of `airfield` does. Knows the engine, and how to show what it did."""
