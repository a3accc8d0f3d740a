import sys

from trackline._cli import main

sys.exit(main())
