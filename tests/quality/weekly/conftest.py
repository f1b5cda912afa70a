from tests.work.watching import house, in_english

__all__ = ["house", "in_english"]
