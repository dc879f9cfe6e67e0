"""Components on Docker Swarm, and the pure functions that translate to it."""
