"""Obtains the programs that watch a stack, so that they can be run where no image of them is."""
