"""``python -m improvement.datasets [DIRECTORY]``: write every dataset's CSV file again from its generator."""

import sys
from pathlib import Path

from improvement.datasets import generate_all
from improvement.files import locate

for path in generate_all(Path(sys.argv[1]) if len(sys.argv) > 1 else locate("datasets")):
    print(path)
