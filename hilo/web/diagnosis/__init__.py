"""*Diagnóstico*: a log comes by upload, is read apart, and its report is kept."""
