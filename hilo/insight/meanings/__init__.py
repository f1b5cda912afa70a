"""What activities mean to a customer: guessed from their names, overruled by a file."""

from hilo.insight.meanings.recognising import Meanings, meanings
from hilo.insight.meanings.sentences import Meaning

__all__ = ["Meaning", "Meanings", "meanings"]
