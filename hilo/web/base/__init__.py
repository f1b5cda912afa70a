"""The frame, the components and the thread line that every screen is built from."""
