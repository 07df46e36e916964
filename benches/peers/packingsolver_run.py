"""Fills containers with PackingSolver: cases as lines of JSON on standard input, one line with the volume loaded for each.

A thing is worth its volume. A case has "seconds", "container" (three sides) and "items", each [sides, which of them may stand upright, quantity].
"""

import json
import sys

from packingsolver import box

# By the side that stands upright, the last letter.
UPRIGHT = [("ZYX", "YZX"), ("XZY", "ZXY"), ("XYZ", "YXZ")]

for line in sys.stdin:
    case = json.loads(line)
    builder = box.InstanceBuilder()
    builder.set_objective(box.Objective.Knapsack)
    builder.add_bin_type(*case["container"])
    for sides, upright, quantity in case["items"]:
        names = [name for pair, may in zip(UPRIGHT, upright) if may for name in pair]
        rotations = [getattr(box.Rotation, name) for name in names]
        builder.add_item_type(*sides, rotations=rotations, copies=quantity)
    parameters = box.OptimizeParameters()
    parameters.time_limit = case["seconds"]
    parameters.verbosity_level = 0
    print(box.optimize(builder.build(), parameters).solution.item_volume(), flush=True)
