"""What is done with an array. An operation has

    measure(rival, run)    a dictionary of figures, or Cannot; `run` is a bench.serving.Run
"""
