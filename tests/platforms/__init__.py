"""The engine on other Pythons, and in a browser's."""
