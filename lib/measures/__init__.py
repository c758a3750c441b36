"""Numbers computed from readings; NumPy on one core.

The products of matrices are small here, and NumPy's library for them (OpenBLAS) lets cores wait for each other by
spinning: beside other work, two cores took 100 times as long as one for the plane of sixty vectors. The limit holds
for the process. That of SciPy's own copy, which is loaded later, is read from the environment.
"""

import os

from threadpoolctl import threadpool_limits

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
threadpool_limits(1, user_api="blas")
