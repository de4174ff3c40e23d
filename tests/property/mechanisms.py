"""Under which mount options random cases run: half of the batches as they come, the others with ways of reading forced or
forbidden that would otherwise be chosen by what is seen of sources and readers (see fs/files/mechanisms.h).

Whoever adds a way of reading adds a line.
"""

WAYS = [
    "without=maps",
    "without=prefetch",
    "force=maps:prefetch:drop_behind",
    "force=panels,cache=24K",
    "force=panels:maps",
    "cache=0",
    "force=predictor",
]


def mount_options(batch):
    """For ndcat.Mount; the same for the same batch, so that a case can be run again alone."""
    return ["-o", WAYS[batch // 2 % len(WAYS)]] if batch % 2 else []
