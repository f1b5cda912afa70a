"""The screen of one thread: its state, its map, what is written on it and its story."""
