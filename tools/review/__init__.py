"""What a change of the project would change in what it deploys, for those who review it."""
