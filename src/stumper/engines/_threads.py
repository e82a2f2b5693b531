"""How the threads of torch and llama.cpp wait for each other."""

import os


def wait_briefly() -> None:
    """Let OpenMP's threads spin a little and then sleep. To be called before torch or llama.cpp is imported.

    Threads that only spin made a model up to 100 times slower beside one busy process; threads that sleep at once
    lose time at each of the many small products of a small model. Four steps of training SmolLM2-135M on two cores
    with 0, 5,000 and 30,000 turns took 12.7, 10.6 and 9.9 s; beside a busy process 17, 20 and 35 s.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "5000")
