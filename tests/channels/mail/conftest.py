from tests.work.core.conftest import house as house
from tests.work.core.conftest import in_english as in_english
