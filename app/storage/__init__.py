"""Where rows are kept. Knows SQL, not what an API makes of it."""
