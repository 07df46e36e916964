"""Runs LKH through elkai on distance matrices, one JSON line each: {"matrix": [[0, 3], [3, 0]]}.

One JSON line out for each: the length of the tour and the processor's seconds that LKH alone took, without reading and writing and
without what other programs did meanwhile.
"""

import json
import sys
import time

import elkai

for line in sys.stdin:
    matrix = json.loads(line)["matrix"]
    cities = elkai.DistanceMatrix(matrix)
    begun = time.process_time()
    tour = cities.solve_tsp()
    seconds = time.process_time() - begun
    length = sum(matrix[a][b] for a, b in zip(tour, tour[1:]))
    print(json.dumps({"length": length, "seconds": seconds}), flush=True)
