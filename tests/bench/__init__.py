"""How fast ndcat is: against what FUSE allows, against a native file, and against what else one could use.

    scripts/bench            installs, builds and runs all of this; README.md says how it is measured

The words used here:
    part        one source file, and where it lies in the array (parts.py)
    recipe      how an array is cut into parts (recipes.py); made on disk it is an array (making.py)
    rival       a way to get at the array: one column of the tables (rivals/); while it serves one, a contender
    operation   what is done with it (operations/), in one of the cache states (cache_states.py)
    case        an operation on an array in a state: one or more rows of the tables (cases.py)
    cell        what one rival did in one row: a figure of every round, or the reason why there is none (figures.py)
"""
