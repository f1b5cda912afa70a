"""Tables in, tables out: any event log measured, compared, put into sentences. Nothing here knows Django."""

import os

# numpy's OpenBLAS starts a thread for each core when it is loaded, which costs 0.15 s of CPU; nothing here
# multiplies matrices.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
